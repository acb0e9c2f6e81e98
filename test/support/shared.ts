import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Path of a file in the folder of recorded and published data, which is not part of the project. */
export function sharedPath(relative: string): string {
  return resolve(process.env['COUNTERSIGN_SHARED'] ?? '../shared', relative);
}

/** Whether tests on a shared file must be skipped: it is missing, and nobody demands the oracles. */
export function isMissing(relative: string): boolean {
  return !existsSync(sharedPath(relative)) && process.env['COUNTERSIGN_ORACLES'] !== 'required';
}
