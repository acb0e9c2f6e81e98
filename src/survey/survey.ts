import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatInstant, minutes, parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Control } from '../control/declaration.ts';
import { Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';
import type { Scripts } from '../ports/scripts.ts';
import type { HostSession } from '../ports/session.ts';
import { clockOffset, likelyOffset } from './clock-offset.ts';
import { failureRecord } from './failure-record.ts';
import { readObject } from './read-object.ts';
import { stateSchema } from './state-schema.ts';

export interface SurveyOptions {
  readonly controls: Iterable<Control>;
  readonly scripts: Scripts;
  readonly now: () => Instant;
  readonly signal: AbortSignal;
}

/** Reading a feature's state takes Windows up to a minute. */
const timeout = minutes(3);

/**
 * Asks one host what it is and in which state each control finds it; changes nothing.
 *
 * A control that cannot be read is an entry with its failure and does not cost the others. Failures of the whole:
 * `session.powershell-too-old` (before anything is sent), and whatever kept the facts from being read.
 */
export async function survey(session: HostSession, options: SurveyOptions): Promise<Result<Observation>> {
  const tooOld = powershellTooOld(session);
  if (tooOld !== undefined) return err(tooOld);
  const { scripts, now, signal } = options;
  const asked = now();
  const facts = await readObject(session, scripts.read('survey/facts'), {
    schema: Facts,
    args: {},
    timeout,
    signal,
  });
  if (!facts.ok) return facts;
  const answered = now();
  return ok({
    host: session.host,
    at: formatInstant(answered),
    reach: 'ok',
    facts: facts.value,
    ...offsetOf(facts.value.hostTime, asked, answered),
    controls: await readControls(session, options),
  });
}

/** PSRP 2.1 is PowerShell 2.0; what a server says of its version is more exact where it says it. */
function powershellTooOld(session: HostSession): Failure | undefined {
  const { protocol, powershell } = session.server;
  const version = powershell ?? (protocol === '2.1' ? '2.0' : undefined);
  if (version === undefined || Number.parseInt(version, 10) >= 3) return undefined;
  return failure('session.powershell-too-old', { host: session.host, version });
}

function offsetOf(hostTime: string, asked: Instant, answered: Instant): { clockOffsetMs?: number } {
  const theirs = parseInstant(hostTime);
  return theirs === undefined ? {} : { clockOffsetMs: likelyOffset(clockOffset(theirs, asked, answered)) };
}

async function readControls(session: HostSession, options: SurveyOptions): Promise<Observation['controls']> {
  const controls: Observation['controls'] = {};
  let lost: Failure | undefined;
  for (const control of options.controls) {
    const script = options.scripts.read(`controls/${control.id}/get`);
    const { signal } = options;
    const state =
      lost === undefined
        ? await readObject(session, script, { schema: stateSchema(control), args: {}, timeout, signal })
        : err(lost);
    controls[control.id] = state.ok ? { state: state.value } : { failure: failureRecord(state.error) };
    // Without its connection a session answers nothing more; asking on would only wait for timeouts.
    if (!state.ok && state.error.code.startsWith('net.')) lost = state.error;
  }
  return controls;
}
