import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { issueWritePermit } from '../core/issue-write-permit.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { instant, minutes, parseInstant } from '../core/time.ts';
import type { RebootHost } from '../model/intent.ts';
import type { RebootOutcome } from '../model/intent-outcome.ts';
import { RebootAnswer } from '../model/script-results.ts';
import type { HostSession } from '../ports/session.ts';
import { isSameBoot } from '../run/boot.ts';
import { reachOf } from '../survey/survey-host.ts';
import { checkPartners } from './check-partners.ts';
import { look, withSession } from './host-access.ts';
import type { Look } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';
import { whyNotNow } from './perform-write.ts';
import { nowText } from './perform-survey.ts';
import { rebootFailed, rebootWatched } from './reboot-outcome.ts';
import { reconcileReboot } from './reconcile-reboot.ts';
import { watchReboot } from './watch-reboot.ts';

const requestTimeout = minutes(1);
/** Gives the session time to answer before the host goes down. */
const delaySeconds = 2;

/** What the request led to, when the host answered. */
interface Answered {
  readonly seen: Look;
  /** Undefined when the boot had changed already, so that nothing was sent. */
  readonly answer: RebootAnswer | undefined;
}

/**
 * Reboots a host at most once and waits for the proof that it is back: another boot, services running, servicing idle.
 *
 * Right before the request the members of its redundancy sets are asked whether they are up. A boot that has changed
 * since the intent was made counts as the reboot, attributed to somebody else; nothing is sent then.
 */
export async function performReboot(
  ports: HostPorts,
  intent: RebootHost,
  signal: AbortSignal,
): Promise<RebootOutcome> {
  const unhealthy = await checkPartners(ports, intent, signal);
  if (unhealthy !== undefined)
    return { ...rebootFailed(intent, 'not-done', unhealthy.error), unhealthy: [...unhealthy.hosts] };
  const attempt = { sent: false };
  const at = nowText(ports);
  const asked = await withSession(ports, intent.host, signal, (session) =>
    ask(ports, session, { intent, attempt }, signal),
  );
  if (!asked.ok) return notAnswered(ports, intent, { error: asked.error, ...attempt, at }, signal);
  const { answer, seen } = asked.value;
  if (answer !== undefined && !answer.accepted && answer.reason !== 'already-rebooted') {
    // A shutdown that is under way was somebody else's doing; it is waited for like our own.
    if (answer.reason !== 'shutdown-in-progress') return refused(intent, answer);
  }
  const requested =
    answer?.accepted === true ? { by: 'countersign' as const, at } : { by: 'elsewhere' as const };
  const { services } = seen.readiness;
  const { host, bootBefore: before, timeout } = intent;
  return rebootWatched(
    ports,
    intent,
    requested,
    await watchReboot(ports, { host, before, services, timeout }, signal),
  );
}

async function ask(
  ports: HostPorts,
  session: HostSession,
  { intent, attempt }: { intent: RebootHost; attempt: { sent: boolean } },
  signal: AbortSignal,
): Promise<Result<Answered>> {
  const seen = await look(ports, session, signal);
  if (!seen.ok) return seen;
  if (!isSameBoot(intent.bootBefore, seen.value.readiness))
    return ok({ seen: seen.value, answer: undefined });
  const obstacle = whyNotNow(ports, intent, seen.value);
  if (obstacle !== undefined) return err(obstacle);
  attempt.sent = true;
  const { host, id, bootBefore, nonce, validUntil } = intent;
  const args = {
    Nonce: nonce,
    Comment: `Countersign, phase ${intent.phase},`,
    DelaySeconds: delaySeconds,
    BootTime: bootBefore.bootTime,
    ...(bootBefore.bootId === null ? {} : { BootId: bootBefore.bootId }),
  };
  const limit = seen.value.toHostTime(parseInstant(validUntil) ?? instant(0));
  const script = ports.scripts.write('engine/reboot-request');
  const options = { timeout: requestTimeout, validUntil: limit };
  const wrote = await session.write(script, args, issueWritePermit(host, id), options, signal);
  if (!wrote.ok) return wrote;
  const answer = RebootAnswer.safeParse(wrote.value.output.at(-1));
  if (answer.success) return ok({ seen: seen.value, answer: answer.data });
  const reason = 'no answer that can be read';
  return err(failure('session.outcome-unknown', { host, script: script.name, reason }));
}

/** Nothing was sent, or the host refused; or it was sent, and the host itself must tell what became of it. */
async function notAnswered(
  ports: HostPorts,
  intent: RebootHost,
  { error, sent, at }: { error: Failure; sent: boolean; at: string },
  signal: AbortSignal,
): Promise<RebootOutcome> {
  const notStarted = ['run.intent-late', 'run.servicing', 'session.refused-late'];
  if (notStarted.includes(error.code)) return rebootFailed(intent, 'not-done', error);
  if (sent && error.code !== 'script.failed') {
    const open = { intent, at: parseInstant(at) ?? ports.clock.now() };
    const { reconciled: _, ...outcome } = await reconcileReboot(ports, open, signal);
    return outcome;
  }
  return rebootFailed(intent, reachOf(error) === 'unreachable' ? 'unreachable' : 'failed', error);
}

function refused(intent: RebootHost, { reason, exitCode }: RebootAnswer): RebootOutcome {
  const { host } = intent;
  const codes = {
    'shutdown-already-scheduled': 'reboot.already-scheduled',
    'users-logged-on': 'reboot.users-logged-on',
  } as const;
  const code = Object.hasOwn(codes, reason) ? codes[reason as keyof typeof codes] : 'reboot.refused';
  return rebootFailed(intent, 'failed', failure(code, { host, reason, exitCode }));
}
