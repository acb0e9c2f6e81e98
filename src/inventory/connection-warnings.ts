import { nearMatch } from '../core/near-match.ts';
import { problem } from '../model/document.ts';
import type { Problem } from '../model/document.ts';
import type { Host, HostVariable } from '../model/inventory.ts';
import { connectionNames, connectionPlugin, usedConnectionVariables } from './connection-names.ts';
import { positionOf } from './position-of.ts';

/** Connection variables that have no effect here, or not the one that they ask for; each place once. */
export function connectionWarnings(hosts: readonly Host[]): readonly Problem[] {
  const found = new Map<string, Problem>();
  for (const host of hosts) {
    if (connectionPlugin(host.vars.get('ansible_connection')?.value) === undefined) continue;
    for (const [name, variable] of host.vars) {
      const key = JSON.stringify([name, variable.from]);
      const doubt = found.has(key) ? undefined : doubtAbout(host.name, name, variable);
      if (doubt !== undefined) found.set(key, doubt);
    }
  }
  return [...found.values()];
}

const certificateChecks: readonly string[] = Object.values(connectionNames).flatMap(
  (it) => it.certificateCheck,
);

function doubtAbout(host: string, name: string, { value, from }: HostVariable): Problem | undefined {
  if (certificateChecks.includes(name)) {
    const isOff = value === 'ignore' || value === false;
    return isOff
      ? problem(positionOf(from), 'inventory.verification-stays-on', { variable: name, host })
      : undefined;
  }
  if (!/^ansible_(?:winrm|psrp)_/.test(name) || usedConnectionVariables.has(name)) return undefined;
  const near = nearMatch(name, usedConnectionVariables);
  return problem(positionOf(from), 'inventory.ignored-variable', { variable: name, host, near });
}
