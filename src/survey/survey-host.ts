import type { Failure } from '../core/failure.ts';
import type { Target } from '../core/target.ts';
import { formatInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Observation, Reach } from '../model/observation.ts';
import type { SessionFactory } from '../ports/session.ts';
import { failureRecord } from './failure-record.ts';
import { survey } from './survey.ts';
import type { SurveyOptions } from './survey.ts';

/** Opens a session, surveys the host and closes the session; whatever fails becomes part of the observation. */
export async function surveyHost(
  factory: SessionFactory,
  target: Target,
  options: SurveyOptions,
): Promise<Observation> {
  const opened = await factory.open(target, options.signal);
  if (!opened.ok) return failedObservation(target.host, options.now(), opened.error);
  const session = opened.value;
  const observed = await survey(session, options);
  await session.close();
  return observed.ok ? observed.value : failedObservation(target.host, options.now(), observed.error);
}

/** The observation of a host that gave no facts. */
export function failedObservation(host: string, at: Instant, failure: Failure): Observation {
  return {
    host,
    at: formatInstant(at),
    reach: reachOf(failure),
    failure: failureRecord(failure),
    controls: {},
  };
}

/** These of the area tell of the way, not of the logon. */
const unanswered: ReadonlySet<string> = new Set([
  'auth.bad-seal',
  'auth.unsealed',
  'auth.malformed-sealing',
  'auth.malformed-token',
  'auth.kerberos-no-kdc',
]);

/**
 * Whether a failure means that the host cannot be reached, that it turned us away, or that it was there and something
 * else went wrong. Something that is not WinRM, or a service that breaks off, counts as unreachable.
 */
export function reachOf({ code }: Failure): Reach {
  if (code === 'wsman.access-denied') return 'denied';
  if (code.startsWith('auth.')) return unanswered.has(code) ? 'unreachable' : 'denied';
  return code.startsWith('script.') || code.startsWith('session.') ? 'ok' : 'unreachable';
}
