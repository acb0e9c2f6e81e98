import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { issueWritePermit } from '../core/issue-write-permit.ts';
import { err } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { instant, minutes, parseInstant } from '../core/time.ts';
import type { WriteControl } from '../model/intent.ts';
import type { WriteOutcome } from '../model/intent-outcome.ts';
import type { ControlState } from '../model/observation.ts';
import { WriteResult } from '../model/script-results.ts';
import type { HostSession, ScriptOutput } from '../ports/session.ts';
import { bootOf } from '../run/judge.ts';
import { reachOf } from '../survey/survey-host.ts';
import { look, withSession } from './host-access.ts';
import type { Look } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';
import { failureRecord } from './outcome-of.ts';
import { effectOf, readControl } from './read-control.ts';

/** Removing a feature takes Windows minutes on a slow disk. */
const writeTimeout = minutes(15);

/**
 * Writes one control and reads it back: the outcome is what the host then says, not what the script said.
 *
 * A write that failed and left the state as it was is `failed` when the script refused, `not-done` when it never
 * started; one whose effect cannot be read is `unknown`.
 */
export async function performWrite(
  ports: HostPorts,
  intent: WriteControl,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const attempt: { seen?: Look; wrote?: Result<ScriptOutput> } = {};
  const after = await withSession(ports, intent.host, signal, async (session) => {
    const seen = await look(ports, session, signal);
    if (!seen.ok) return seen;
    const obstacle = whyNotNow(ports, intent, seen.value);
    if (obstacle !== undefined) return err(obstacle);
    attempt.seen = seen.value;
    attempt.wrote = await write(ports, session, { intent, seen: seen.value }, signal);
    return readControl(ports, session, intent.control, signal);
  });
  const { wrote, seen } = attempt;
  if (wrote === undefined || seen === undefined)
    return after.ok ? outcome('not-done', 'nothing was sent') : notSent(after.error);
  const read = after.ok ? after : await readAgain(ports, intent, signal);
  return { ...judge(ports, intent, wrote, read), boot: bootOf(seen.readiness) };
}

/** What keeps a change from being made at all, although it was decided a moment ago. */
export function whyNotNow(
  { clock }: HostPorts,
  intent: { id: string; host: string; validUntil: string },
  seen: Look,
): Failure | undefined {
  const { id, host, validUntil } = intent;
  if (clock.now() > (parseInstant(validUntil) ?? 0))
    return failure('run.intent-late', { intent: id, validUntil });
  return seen.readiness.servicing === 'working' ? failure('run.servicing', { host }) : undefined;
}

function write(
  ports: HostPorts,
  session: HostSession,
  { intent, seen }: { intent: WriteControl; seen: Look },
  signal: AbortSignal,
): Promise<Result<ScriptOutput>> {
  const { host, id, control, change, validUntil } = intent;
  const script = ports.scripts.write(`controls/${control}/set`);
  const permit = issueWritePermit(host, id);
  const limit = seen.toHostTime(parseInstant(validUntil) ?? instant(0));
  return session.write(script, change, permit, { timeout: writeTimeout, validUntil: limit }, signal);
}

/** The session may have broken with the write; another one tells what became of it. */
function readAgain(
  ports: HostPorts,
  intent: WriteControl,
  signal: AbortSignal,
): Promise<Result<ControlState>> {
  return withSession(ports, intent.host, signal, (session) =>
    readControl(ports, session, intent.control, signal),
  );
}

function notSent(error: Failure): WriteOutcome {
  const isObstacle = error.code === 'run.intent-late' || error.code === 'run.servicing';
  const reach = reachOf(error);
  const result = isObstacle ? 'not-done' : reach === 'unreachable' ? 'unreachable' : 'failed';
  return outcome(result, error.message, { error });
}

function judge(
  ports: HostPorts,
  intent: WriteControl,
  wrote: Result<ScriptOutput>,
  read: Result<ControlState>,
): WriteOutcome {
  const { control, host } = intent;
  if (!wrote.ok && wrote.error.code === 'session.refused-late')
    return outcome('not-done', wrote.error.message, { error: wrote.error });
  if (!read.ok) {
    const error = wrote.ok ? read.error : wrote.error;
    const reason = `${control} was sent to ${host}, and its state could not be read afterwards: ${error.message}`;
    return outcome('unknown', reason, { error });
  }
  const after = read.value;
  const effect = effectOf(ports, intent, after);
  if (effect === 'as-written') {
    const said = wrote.ok ? resultOf(wrote.value) : undefined;
    const changed = said?.changed ?? Object.keys(intent.change);
    const reason = wrote.ok
      ? `${control} written`
      : `${control} is as wanted, although: ${wrote.error.message}`;
    return { ...outcome('done', reason, { after }), changed, restartNeeded: said?.restartNeeded ?? false };
  }
  if (!wrote.ok) {
    // Nothing was sent, or it was sent and demonstrably did not take effect: a write may be made anew.
    const mayRepeat = effect === 'unchanged' && wrote.error.code !== 'script.failed';
    return outcome(mayRepeat ? 'not-done' : 'failed', wrote.error.message, { error: wrote.error, after });
  }
  const error = failure('run.not-as-written', { control, host, reason: JSON.stringify(after) });
  return outcome('failed', error.message, { error, after });
}

/** What the script said of itself; undefined where it said something else, in which case the state alone counts. */
function resultOf({ output }: ScriptOutput): WriteResult | undefined {
  const parsed = WriteResult.safeParse(output.at(-1));
  return parsed.success ? parsed.data : undefined;
}

function outcome(
  result: WriteOutcome['result'],
  reason: string,
  { error, after }: { error?: Failure; after?: ControlState } = {},
): WriteOutcome {
  return {
    ...{ kind: 'write-control', result, reason, changed: [], restartNeeded: false },
    ...(error === undefined ? {} : { failure: failureRecord(error) }),
    ...(after === undefined ? {} : { after }),
  };
}

/** For `reconcile`: an outcome of a write that was told from the state alone. */
export function reconciledWrite(
  ports: HostPorts,
  intent: WriteControl,
  found: { after: ControlState; seen: Look },
): WriteOutcome {
  const { after, seen } = found;
  const boot = bootOf(seen.readiness);
  const base = { reconciled: true, boot };
  switch (effectOf(ports, intent, after)) {
    case 'as-written':
      return {
        ...outcome('done', `${intent.control} had been written before the controller died`, { after }),
        ...base,
        changed: Object.keys(intent.change),
      };
    case 'unchanged':
      return { ...outcome('not-done', `${intent.control} had not been written`, { after }), ...base };
    case 'otherwise': {
      const reason = `${intent.control} is neither as it was nor as wanted: ${JSON.stringify(after)}`;
      return { ...outcome('unknown', reason, { after }), ...base };
    }
  }
}
