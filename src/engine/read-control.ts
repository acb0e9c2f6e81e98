import { canonicalJson } from '../core/json.ts';
import { failure } from '../core/failure.ts';
import { err } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { minutes } from '../core/time.ts';
import type { WriteControl } from '../model/intent.ts';
import { ControlState } from '../model/observation.ts';
import type { HostSession } from '../ports/session.ts';
import { readObject } from '../survey/read-object.ts';
import { stateSchema } from '../survey/state-schema.ts';
import type { HostPorts } from './host-ports.ts';

const timeout = minutes(3);

/** Reads one control's state again. */
export async function readControl(
  ports: HostPorts,
  session: HostSession,
  id: string,
  signal: AbortSignal,
): Promise<Result<ControlState>> {
  const control = ports.catalog.get(id);
  const script = `controls/${id}/get`;
  if (control === undefined)
    return err(failure('script.bad-output', { script, host: session.host, reason: `no control ${id}` }));
  return readObject(session, ports.scripts.read(script), {
    schema: stateSchema(control),
    args: {},
    timeout,
    signal,
  });
}

/** What a state read back says about a write: it took effect, nothing happened, or something else did. */
export type Effect = 'as-written' | 'unchanged' | 'otherwise';

/** A change that waits for the reboot counts as written: features go through a pending state. */
export function effectOf(ports: HostPorts, intent: WriteControl, after: ControlState): Effect {
  const facts = ports.plan.hosts.find(({ host }) => host === intent.host)?.facts;
  const wanted = ports.plan.phases.find(({ name }) => name === intent.phase)?.controls[intent.control];
  const control = ports.catalog.get(intent.control);
  const isUnchanged = Object.entries(intent.found).every(
    ([field, value]) => canonicalJson(after[field] ?? null) === canonicalJson(value),
  );
  if (control === undefined || wanted === undefined || facts === undefined) {
    const isWritten = Object.entries(intent.change).every(([field, value]) => after[field] === value);
    return isWritten ? 'as-written' : isUnchanged ? 'unchanged' : 'otherwise';
  }
  const { change, compliance } = control.assess(after, wanted, facts);
  const nothingLeft = Object.keys(change).length === 0;
  if (nothingLeft && (compliance === 'compliant' || compliance === 'pending-reboot')) return 'as-written';
  return isUnchanged ? 'unchanged' : 'otherwise';
}
