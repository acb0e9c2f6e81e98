import { readFileSync } from 'node:fs';
import type { Scripts } from '../ports/scripts.ts';

/** Says whether a script reads or writes, by the last part of its name; a fragment is neither and is only included. */
const kinds: ReadonlyMap<string, 'read' | 'write'> = new Map([
  ['get', 'read'],
  ['facts', 'read'],
  ['readiness', 'read'],
  ['rights', 'read'],
  ['reboot-evidence', 'read'],
  ['set', 'write'],
  ['reboot-request', 'write'],
]);

const includeLine = /^# include: ([a-z0-9/-]+)\r?\n/gm;

/**
 * The PowerShell scripts of this package, found beside the compiled modules (or the sources) by layer and name:
 * `controls/smb1-server/get`, `survey/facts`, `engine/reboot-request`.
 *
 * A line `# include: control/read-state` is replaced by that file, since a host gets one text and nothing to load from.
 */
export function packagedScripts(root: URL = new URL('../', import.meta.url)): Scripts {
  const load = (name: string, wanted: 'read' | 'write'): string => {
    const kind = kinds.get(name.slice(name.lastIndexOf('/') + 1));
    if (kind !== wanted) throw new TypeError(`${name} is not a ${wanted} script`);
    return readScript(root, name);
  };
  return {
    read: (name) => ({ kind: 'read', name, text: load(name, 'read') }),
    write: (name) => ({ kind: 'write', name, text: load(name, 'write') }),
  };
}

function readScript(root: URL, name: string): string {
  const text = readFileSync(new URL(`${name}.ps1`, root), 'utf8');
  return text.replaceAll(includeLine, (_, fragment: string) => readScript(root, fragment));
}
