import { formatInstant, instant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { EventOf } from '../model/event.ts';
import { changeHostPhase, changePhase, changeWave } from './draft.ts';
import type { Draft } from './draft.ts';
import { recordedTime } from './recorded-time.ts';
import type { GateState } from './state.ts';

export function phaseEntered(draft: Draft, event: EventOf<'phase.entered'>, at: Instant): void {
  changePhase(draft, event.phase, () => ({ enteredAt: at }));
}

export function phaseEnded(draft: Draft, event: EventOf<'phase.ended'>, at: Instant): void {
  changePhase(draft, event.phase, () => ({ endedAt: at }));
}

export function waveOpened(draft: Draft, event: EventOf<'wave.opened'>, at: Instant): void {
  changeWave(draft, { phase: event.phase, wave: event.data.wave }, { openedAt: at });
}

export function waveEnded(draft: Draft, event: EventOf<'wave.ended'>, at: Instant): void {
  changeWave(draft, { phase: event.phase, wave: event.data.wave }, { endedAt: at });
}

export function gateWaiting(draft: Draft, event: EventOf<'gate.waiting'>, at: Instant): void {
  setGate(draft, event, { status: 'waiting' });
  note(draft, at, `Gate of ${title(event.phase)} asks: ${event.data.ask}`);
}

export function gatePassed(draft: Draft, event: EventOf<'gate.passed'>, at: Instant): void {
  const { by, reason } = event.data;
  setGate(draft, event, { status: 'passed', answer: { at, by, reason } });
  note(draft, at, `Gate of ${title(event.phase)} passed: ${reason}`, by);
}

export function gateFailed(draft: Draft, event: EventOf<'gate.failed'>, at: Instant): void {
  setGate(draft, event, { status: 'failed' });
  draft.stance = 'stopped';
  draft.stanceReason = `gate of ${title(event.phase)} failed: ${event.data.reason}`;
  note(draft, at, `Gate of ${title(event.phase)} failed: ${event.data.reason}`);
}

function setGate(
  draft: Draft,
  event: { phase?: string; data: { gate: number } },
  change: Partial<GateState>,
): void {
  changePhase(draft, event.phase, (phase) => ({
    gates: phase.gates.map((gate, index) => (index === event.data.gate ? { ...gate, ...change } : gate)),
  }));
}

export function soakStarted(draft: Draft, event: EventOf<'soak.started'>, at: Instant): void {
  const until = recordedTime(event.data.until);
  setSoak(draft, event, { until, over: false });
  note(draft, at, `Soak of ${title(event.phase)} until ${formatInstant(until)}`);
}

export function soakEnded(draft: Draft, event: EventOf<'soak.ended'>, at: Instant): void {
  const { promoted } = event.data;
  setSoak(draft, event, { until: instant(at), over: true });
  if (promoted !== undefined)
    note(draft, at, `Soak of ${title(event.phase)} cut short: ${promoted.reason}`, promoted.by);
}

function setSoak(
  draft: Draft,
  event: { phase?: string; data: { wave: number | null } },
  soak: { until: Instant; over: boolean },
): void {
  const { wave } = event.data;
  if (wave === null) changePhase(draft, event.phase, () => ({ soak }));
  else changeWave(draft, { phase: event.phase, wave }, { soak });
}

export function stepFinished(draft: Draft, event: EventOf<'step.finished'>): void {
  const { control, after, verified, reason } = event.data;
  changeHostPhase(draft, pair(event), (own) => ({
    steps: own.steps.map((step) =>
      step.control === control ? { ...step, status: 'finished', after, verified, reason } : step,
    ),
  }));
}

export function hostFinished(draft: Draft, event: EventOf<'host.finished'>, at: Instant): void {
  const { outcome, code, reason } = event.data;
  changeHostPhase(draft, pair(event), () => ({ status: 'done', since: at, outcome, code, reason }));
}

const title = (phase: string | undefined): string => phase ?? 'the run';

function pair(event: { host?: string; phase?: string }) {
  return { host: event.host, phase: event.phase };
}

/** Adds to the list of what people and the calendar did. */
export function note(draft: Draft, at: Instant, text: string, by?: string): void {
  draft.notes.push(by === undefined ? { at, text } : { at, text, by });
}
