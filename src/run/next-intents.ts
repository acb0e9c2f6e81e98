import { formatInstant, minutes, plus, seconds } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import { sha256 } from '../core/sha256.ts';
import type { Intent, SetGuard } from '../model/intent.ts';
import type { Wait } from './decision.ts';
import { nextNeed, wasTouched } from './host-needs.ts';
import { known } from './known.ts';
import {
  currentPhase,
  enteredHostPhases,
  isActive,
  mayStart,
  plannedHost,
  plannedPhase,
  plannedSteps,
  settleTime,
  workOf,
} from './policy.ts';
import type { Policy } from './policy.ts';
import { setVerdict } from './redundancy.ts';
import { retryAt } from './setbacks.ts';
import type { HostPhase } from './state.ts';

/** A probe older than this is made anew before the first write: the host may have changed while it waited. */
const probeKeeps = minutes(15);
/** Longest time between deciding an effect and the host accepting it. */
const intentKeeps = seconds(90);

type Need = 'probe' | 'write' | 'reboot' | 'verify';

/** The nearer to its end, the earlier a host gets one of the places. */
const order: readonly Need[] = ['verify', 'reboot', 'write', 'probe'];

export interface NextIntents {
  readonly intents: readonly Intent[];
  readonly waits: readonly Wait[];
}

/** What can be started now within the window, the sets and the concurrency of each phase, and what the others wait for. */
export function nextIntents(policy: Policy): NextIntents {
  const hosts = enteredHostPhases(policy.state);
  const places = new Map<string, number>();
  for (const own of hosts) {
    const limit = places.get(own.phase) ?? plannedPhase(policy, own.phase).concurrency;
    places.set(own.phase, isActive(own) ? limit - 1 : limit);
  }
  const intents: Intent[] = [];
  const waits: Wait[] = [];
  const goingDown = new Set<string>();
  for (const { own, need } of candidates(policy, hosts)) {
    const next = admit(policy, own, need, goingDown);
    if ('wait' in next) {
      waits.push(next.wait);
      continue;
    }
    const free = known(places.get(own.phase), own.phase);
    if (free <= 0 && !isActive(own)) {
      const reason = `all places of phase ${own.phase} are taken`;
      waits.push({ host: own.host, phase: own.phase, code: 'concurrency', reason });
      continue;
    }
    if (!isActive(own)) places.set(own.phase, free - 1);
    if (next.intent.kind === 'reboot-host') goingDown.add(own.host);
    intents.push(next.intent);
  }
  return { intents, waits };
}

function candidates(policy: Policy, hosts: readonly HostPhase[]): { own: HostPhase; need: Need }[] {
  const current = currentPhase(policy.state);
  const found: { own: HostPhase; need: Need }[] = [];
  for (const own of hosts) {
    const need = needOf(policy, own);
    if (need === undefined) continue;
    const isOpen = own.phase === current?.name && current.waves[own.wave]?.openedAt !== undefined;
    if (own.status === 'pending' && !isOpen) continue;
    found.push({ own, need });
  }
  return order.flatMap((need) => found.filter((candidate) => candidate.need === need));
}

function needOf(policy: Policy, own: HostPhase): Need | undefined {
  switch (own.status) {
    case 'pending':
      return 'probe';
    case 'ready': {
      const need = nextNeed(own, plannedPhase(policy, own.phase).reboot.when);
      const isStale = policy.now > plus(own.since, probeKeeps);
      return need === 'write' && isStale && !wasTouched(own) ? 'probe' : need;
    }
    case 'awaiting-reboot':
      return 'reboot';
    case 'settling':
      return 'verify';
    case 'probing':
    case 'writing':
    case 'rebooting':
    case 'verifying':
    case 'done':
      return undefined;
  }
  own.status satisfies never;
}

type Admission = { readonly intent: Intent } | { readonly wait: Wait };

function admit(policy: Policy, own: HostPhase, need: Need, goingDown: ReadonlySet<string>): Admission {
  const at = { host: own.host, phase: own.phase };
  if (need === 'verify') return admitVerify(policy, own);
  if (!mayStart(policy)) {
    const reason = `nothing new starts: ${policy.state.stanceReason ?? 'the run is being stopped'}`;
    return { wait: { ...at, code: 'paused', reason } };
  }
  const retry = retryAt(own, settleTime(policy, own));
  if (own.setback !== undefined && policy.now < retry)
    return { wait: { ...at, code: 'retry', reason: own.setback.reason, until: retry } };
  const latest = windowFor(policy, own, need);
  if (typeof latest === 'object') return { wait: latest };
  if (need === 'probe') return { intent: { ...intentBase(own, 'probe-host'), kind: 'probe-host' } };
  const validUntil = formatInstant(Math.min(latest, plus(policy.now, intentKeeps)) as Instant);
  if (need === 'write') return writeNext(own, validUntil);
  const verdict = setVerdict(policy.state, own.host, goingDown);
  if (!verdict.allowed) return { wait: { ...at, code: 'redundancy', reason: verdict.reason } };
  return rebootNext(policy, own, { validUntil, guards: verdict.guards });
}

/** Verifying reads only, so neither windows nor a stopped run keep it from what is already under way. */
function admitVerify(policy: Policy, own: HostPhase): Admission {
  const settle = settleTime(policy, own);
  const settled = own.status === 'settling' ? plus(own.since, settle) : own.since;
  const earliest = own.setback === undefined ? settled : retryAt(own, settle);
  if (policy.now >= earliest) {
    const boot = own.rebooted ? known(own.boot, `boot of ${own.host}`) : null;
    return { intent: { ...intentBase(own, 'verify-host'), kind: 'verify-host', boot } };
  }
  const reason = `settles until ${formatInstant(earliest)}`;
  return { wait: { host: own.host, phase: own.phase, code: 'settle', reason, until: earliest } };
}

/** The last instant at which the work may start in the window that is open, or what to wait for. */
function windowFor(policy: Policy, own: HostPhase, need: Need): Instant | Wait {
  const changesNothing =
    need === 'probe' && plannedSteps(policy, own).every(({ action }) => action === 'none');
  if (changesNothing) return policy.now;
  const window = plannedHost(policy, own.host).windows[own.phase] ?? null;
  const work = workOf(policy, own);
  const needed = need === 'reboot' ? work.afterRebootStarts : work.total;
  const opening = policy.openings.opening(window, needed, policy.now);
  if (opening.open) return opening.latest;
  const at = { host: own.host, phase: own.phase };
  const name = window === null ? 'a freeze' : `window ${window}`;
  const what = window === null ? ('freeze' as const) : ('window' as const);
  if (opening.next === undefined)
    return { ...at, code: what, reason: `${name} never leaves time enough for the work` };
  const reason =
    window === null
      ? `a freeze ends ${formatInstant(opening.next)}`
      : `${name} opens ${formatInstant(opening.next)}`;
  return { ...at, code: what, reason, until: opening.next };
}

function writeNext(own: HostPhase, validUntil: string): Admission {
  const due = own.steps.find(({ status }) => status === 'due');
  const { control, found, change } = known(due, `step to write on ${own.host}`);
  const base = intentBase(own, 'write-control', control);
  return { intent: { ...base, kind: 'write-control', control, found, change, validUntil } };
}

function rebootNext(
  policy: Policy,
  own: HostPhase,
  { validUntil, guards }: { validUntil: string; guards: readonly SetGuard[] },
): Admission {
  const base = intentBase(own, 'reboot-host');
  const { timeout } = plannedPhase(policy, own.phase).reboot;
  // Taken from the intent's name, so that the same journal gives the same nonce on any machine.
  const nonce = sha256(`${policy.state.run}/${base.id}`).slice(0, 32);
  const bootBefore = known(own.boot, `boot of ${own.host} before its reboot`);
  return {
    intent: { ...base, kind: 'reboot-host', nonce, validUntil, bootBefore, timeout, guards: [...guards] },
  };
}

function intentBase(own: HostPhase, kind: Intent['kind'], control?: string) {
  const { host, phase } = own;
  const what = control === undefined ? kind : `${kind}:${control}`;
  return { id: `${phase}/${host}/${what}#${own.attempts[kind] + 1}`, host, phase };
}
