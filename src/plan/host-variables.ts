import { failure } from '../core/failure.ts';
import { nearMatch } from '../core/near-match.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { HostRole } from '../model/facts.ts';
import type { Host, Origin, PlainValue } from '../model/inventory.ts';
import type { Observation } from '../model/observation.ts';
import type { Playbook, PlaybookPhase } from '../model/playbook.ts';

const windowTemplate = /^\{\{\s*countersign_window\s*\}\}$/;

/** The name of the window that binds `phase` on `host`; null for a phase without one. */
export function windowOf(
  host: Host,
  phase: PlaybookPhase,
  windows: Playbook['windows'],
): Result<string | null> {
  if (phase.window === undefined) return ok(null);
  const known = Object.keys(windows);
  const variable = windowTemplate.test(phase.window) ? host.vars.get('countersign_window') : undefined;
  if (windowTemplate.test(phase.window) && variable === undefined)
    return err(
      failure('plan.no-window-variable', {
        phase: phase.name,
        host: host.name,
        groups: host.groups.join(', '),
        known: known.join(', '),
      }),
    );
  const name = variable === undefined ? phase.window : textOf(variable.value);
  if (known.includes(name)) return ok(name);
  return err(
    failure('plan.unknown-window', {
      phase: phase.name,
      host: host.name,
      window: name,
      from: variable === undefined ? 'the playbook' : formatOrigin(variable.from),
      known: known.join(', '),
      near: nearMatch(name, known),
    }),
  );
}

/** The role that counts for a host: what the inventory says, else what was detected; null while nobody knows. */
export function roleOf(host: Host, observation: Observation | undefined): Result<HostRole | null> {
  const override = host.vars.get('countersign_role');
  if (override === undefined) return ok(observation?.facts?.os.role ?? null);
  const role = HostRole.safeParse(override.value);
  if (role.success) return ok(role.data);
  return err(
    failure('plan.unknown-role', {
      host: host.name,
      role: textOf(override.value),
      from: formatOrigin(override.from),
    }),
  );
}

/** `inventory/hosts.yml:12, group file_servers`. */
function formatOrigin(from: Origin): string {
  const line = from.line === undefined ? '' : `:${from.line}`;
  return `${from.file}${line}${from.group === undefined ? '' : `, group ${from.group}`}`;
}

function textOf(value: PlainValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
