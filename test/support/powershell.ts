import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a real PowerShell: `COUNTERSIGN_PWSH`, else `pwsh` on PATH; undefined where there is none. */
export function findPowerShell(): string | undefined {
  const named = process.env['COUNTERSIGN_PWSH'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'pwsh')).find((path) => existsSync(path));
}

/** Whether tests on a real PowerShell must be skipped: there is none, and nobody demands the oracles. */
export const isPowerShellMissing =
  findPowerShell() === undefined && process.env['COUNTERSIGN_ORACLES'] !== 'required';
