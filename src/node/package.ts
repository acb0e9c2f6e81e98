import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Root folder of this package, in a checkout and installed alike. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

/** Who and where this process is, for the record of a run. */
export function processIdentity(): {
  readonly operator: string;
  readonly machine: string;
  readonly pid: number;
} {
  return { operator: operatorName(), machine: hostname(), pid: process.pid };
}

function operatorName(): string {
  const sudo = process.env['SUDO_USER'];
  if (sudo) return sudo;
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return `uid ${String(process.getuid?.() ?? '?')}`;
  }
}
