import { failure } from '../core/failure.ts';
import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { formatInstant, minus, minutes, parseDuration, parseInstant, plus, seconds } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Readiness } from '../model/facts.ts';
import type { RebootHost } from '../model/intent.ts';
import type { RebootOutcome } from '../model/intent-outcome.ts';
import { RebootEvidence } from '../model/script-results.ts';
import { isSameBoot } from '../run/boot.ts';
import { readObject } from '../survey/read-object.ts';
import { lookOnce } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';
import { rebootFailed, rebootWatched } from './reboot-outcome.ts';
import { nextPause, watchReboot } from './watch-reboot.ts';

/** Between the host's accepting the request and its log entry; whole seconds of host time count in as well. */
const grace = seconds(5);
/** How much older than the intent an event log must reach for its silence to mean anything. */
const margin = seconds(60);

/** What the host knows of the request. */
interface Evidence {
  readonly readiness: Readiness;
  readonly requested: 'yes' | 'no' | 'unknown';
  /** As logged, in policy time. */
  readonly requestedAt: Instant | undefined;
  /** The host would refuse the request by now, so silence is final. */
  readonly isOver: boolean;
}

/**
 * Finds out what became of a reboot request that may or may not have arrived, without ever sending another.
 *
 * Another boot: it happened. The nonce in the log: it arrived, and is waited for. The same boot, a log that reaches back
 * and knows nothing, and a host time at which the request would be refused: it did not happen. Anything else is unknown.
 */
export async function reconcileReboot(
  ports: HostPorts,
  open: { readonly intent: RebootHost; readonly at: Instant },
  signal: AbortSignal,
): Promise<RebootOutcome> {
  const { intent } = open;
  const deadline = ports.timers.monotonic() + (parseDuration(intent.timeout) ?? minutes(20));
  let silence = 'it was not asked';
  for (let pause = nextPause(undefined); ; pause = nextPause(pause)) {
    const evidence = await askHost(ports, open, signal);
    if (evidence.ok) {
      const settled = await judge(ports, intent, evidence.value, signal);
      if (settled !== undefined) return { ...settled, reconciled: true };
      silence = 'it neither rebooted nor logged the request, and would still accept it';
    } else silence = evidence.error.message;
    if (signal.aborted || ports.timers.monotonic() >= deadline) break;
    await ports.timers.sleep(pause, signal);
  }
  const error = failure('reboot.unproven', { host: intent.host, reason: silence });
  return { ...rebootFailed(intent, 'unknown', error), reconciled: true };
}

function askHost(
  ports: HostPorts,
  { intent, at }: { intent: RebootHost; at: Instant },
  signal: AbortSignal,
): Promise<Result<Evidence>> {
  return lookOnce(ports, intent.host, signal, async (seen, session, bounded) => {
    const { readiness, toHostTime, toLatestHostTime, fromHostTime } = seen;
    const since = formatInstant(toHostTime(minus(at, margin)));
    const read = await readObject(session, ports.scripts.read('engine/reboot-evidence'), {
      schema: RebootEvidence,
      args: { Nonce: intent.nonce, Since: since },
      timeout: minutes(1),
      signal: bounded,
    });
    if (!read.ok) return read;
    const { requested, requestedAt, hostTime } = read.value;
    const refusesFrom = plus(toLatestHostTime(parseInstant(intent.validUntil) ?? at), grace);
    const isOver = (parseInstant(hostTime) ?? 0) > refusesFrom;
    const logged = requestedAt === null ? undefined : parseInstant(requestedAt);
    return ok({ readiness, requested, requestedAt: logged && fromHostTime(logged), isOver });
  });
}

/** The outcome as far as the evidence gives one; undefined while it does not. */
async function judge(
  ports: HostPorts,
  intent: RebootHost,
  evidence: Evidence,
  signal: AbortSignal,
): Promise<RebootOutcome | undefined> {
  const { requested, readiness, isOver } = evidence;
  const isSame = isSameBoot(intent.bootBefore, readiness);
  if (isSame && requested !== 'yes') {
    if (!isOver) return undefined;
    const reason =
      requested === 'no'
        ? 'its log knows of no request, and it would refuse one by now'
        : 'its event log does not reach back to the request';
    const error = failure('reboot.unproven', { host: intent.host, reason });
    if (requested === 'unknown') return rebootFailed(intent, 'unknown', error);
    const reasonNotDone = `the reboot was not requested: ${reason}`;
    return { kind: 'reboot-host', result: 'not-done', reason: reasonNotDone, bootBefore: intent.bootBefore };
  }
  const by = requested === 'yes' ? ('countersign' as const) : ('elsewhere' as const);
  const at = evidence.requestedAt === undefined ? {} : { at: formatInstant(evidence.requestedAt) };
  const { host, bootBefore: before, timeout } = intent;
  const watched = await watchReboot(ports, { host, before, timeout }, signal);
  return rebootWatched(ports, intent, { by, ...at }, watched);
}
