import { quantity } from '../core/quantity.ts';
import type { Instant } from '../core/time.ts';
import type { EventOf } from '../model/event.ts';
import { changePhase } from './draft.ts';
import type { Draft } from './draft.ts';
import { note } from './fold-stages.ts';
import { untouched } from './initial-state.ts';
import { recordedTime } from './recorded-time.ts';
import type { HostPhase } from './state.ts';

export function controllerStarted(draft: Draft): void {
  draft.controlled = true;
  draft.interrupted = false;
  draft.waiting = undefined;
}

export function controllerStopped(draft: Draft): void {
  draft.controlled = false;
}

export function runWaiting(draft: Draft, event: EventOf<'run.waiting'>): void {
  const { until, reasons } = event.data;
  draft.waiting = { until: until === null ? undefined : recordedTime(until), reasons };
}

export function runPaused(draft: Draft, event: EventOf<'run.paused'>, at: Instant): void {
  draft.stance = 'paused';
  draft.stanceReason = event.data.reason;
  note(draft, at, `Paused: ${event.data.reason}`, event.data.by);
}

export function runContinued(draft: Draft, event: EventOf<'run.continued'>, at: Instant): void {
  draft.stance = 'running';
  draft.stanceReason = undefined;
  draft.interrupted = false;
  draft.ended = undefined;
  const counted = [...draft.hosts.values()].flatMap((host) => Object.values(host.phases).filter(wentWrong));
  draft.forgiven = new Set([...draft.forgiven, ...counted.map(({ host, phase }) => `${host} ${phase}`)]);
  note(draft, at, `Continued: ${event.data.reason}`, event.data.by);
}

function wentWrong({ outcome }: HostPhase): boolean {
  return outcome === 'failed' || outcome === 'unreachable' || outcome === 'unknown';
}

export function runAborted(draft: Draft, event: EventOf<'run.aborted'>, at: Instant): void {
  draft.stance = 'aborted';
  draft.stanceReason = event.data.reason;
  note(draft, at, `Aborted: ${event.data.reason}`, event.data.by);
}

export function runInterrupted(draft: Draft, event: EventOf<'run.interrupted'>, at: Instant): void {
  draft.interrupted = true;
  note(draft, at, `Interrupted (${event.data.signal}): in-flight hosts are finished, nothing new starts`);
}

export function runEnded(draft: Draft, event: EventOf<'run.ended'>, at: Instant): void {
  draft.ended = { at, state: event.data.state, exitCode: event.data.exitCode };
  draft.waiting = undefined;
}

export function budgetTripped(draft: Draft, event: EventOf<'budget.tripped'>, at: Instant): void {
  const { scope, outcome, tolerated, hosts } = event.data;
  draft.trips.push({ at, scope, phase: event.phase, outcome, tolerated, hosts });
  // Also where it was paused: `continue` must be said with the budget in view.
  draft.stance = 'stopped';
  const reason = `${quantity(hosts.length, 'host')} ${outcome}, ${tolerated} tolerated in the ${scope}: ${hosts.join(', ')}`;
  draft.stanceReason = `budget: ${reason}`;
  note(draft, at, `Budget tripped: ${reason}`);
}

export function hostHeld(draft: Draft, event: EventOf<'host.held'>, at: Instant): void {
  const { by, reason } = event.data;
  const host = draft.hosts.get(event.host ?? '');
  if (host !== undefined) draft.hosts.set(host.host, { ...host, hold: { at, by, reason } });
  note(draft, at, `${event.host ?? '?'} held: ${reason}`, by);
}

/** A released host starts anew wherever it has not come to a good end, and reopens the phases it is in. */
export function hostReleased(draft: Draft, event: EventOf<'host.released'>, at: Instant): void {
  const { by, reason } = event.data;
  note(draft, at, `${event.host ?? '?'} released: ${reason}`, by);
  const host = draft.hosts.get(event.host ?? '');
  if (host === undefined) return;
  const phases = { ...host.phases };
  for (const own of Object.values(host.phases)) {
    if (own.status !== 'done' || own.outcome === 'ok' || own.outcome === 'changed') continue;
    phases[own.phase] = untouched({ ...own, at });
    reopen(draft, own);
  }
  draft.hosts.set(host.host, { ...host, hold: undefined, phases });
  draft.ended = undefined;
}

function reopen(draft: Draft, own: HostPhase): void {
  changePhase(draft, own.phase, (phase) => ({
    endedAt: undefined,
    waves: phase.waves.map((wave, index) => (index === own.wave ? { ...wave, endedAt: undefined } : wave)),
  }));
}
