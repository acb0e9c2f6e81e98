import { nearMatch } from '../core/near-match.ts';
import { SteeringCommand } from '../model/command.ts';
import type { EventDraft } from '../model/event.ts';
import { currentPhase } from './policy.ts';
import type { RunState } from './state.ts';

/**
 * What a message from the inbox leads to: the event that carries it out, or one that says why it was refused.
 *
 * @param body - As another process left it; anything.
 * @param inbox - The message's number, so that no message is taken up twice.
 */
export function steer(state: RunState, body: unknown, inbox: number): EventDraft {
  const parsed = SteeringCommand.safeParse(body);
  if (!parsed.success) {
    const because = 'the message is not a command of this version';
    return {
      type: 'command.refused',
      data: { command: '?', by: '?', reason: '?', because, inbox },
    };
  }
  const command = parsed.data;
  const answer = answerTo(state, command, { by: command.by, reason: command.reason, inbox });
  if (typeof answer !== 'string') return answer;
  const { by, reason } = command;
  const data = { command: command.command, by, reason, because: answer, inbox };
  return { type: 'command.refused', ...('host' in command ? { host: command.host } : {}), data };
}

type Steered = { by: string; reason: string; inbox: number };

/** The event, or in words why there is none. */
function answerTo(state: RunState, command: SteeringCommand, data: Steered): EventDraft | string {
  switch (command.command) {
    case 'pause':
      return state.stance === 'running' && state.ended === undefined
        ? { type: 'run.paused', data }
        : `the run is ${describe(state)}`;
    case 'continue':
      return mayContinue(state) ? { type: 'run.continued', data } : `the run is ${describe(state)}`;
    case 'promote':
      return promote(state, data);
    case 'abort':
      return state.ended === undefined && state.stance !== 'aborted'
        ? { type: 'run.aborted', data }
        : `the run is ${describe(state)}`;
    case 'hold':
    case 'release':
      return holdOrRelease(state, command, data);
  }
  command satisfies never;
}

function describe(state: RunState): string {
  return state.ended?.state ?? state.stance;
}

/** An abort is final; a run that ended otherwise has nothing to go on with. */
function mayContinue(state: RunState): boolean {
  return state.stance === 'paused' || state.stance === 'stopped';
}

function promote(state: RunState, data: Steered): EventDraft | string {
  const phase = currentPhase(state);
  if (phase === undefined || state.ended !== undefined) return `the run is ${describe(state)}`;
  const gate = phase.gates.findIndex(({ status }) => status === 'waiting');
  if (gate >= 0) return { type: 'gate.passed', phase: phase.name, data: { gate, ...data } };
  const wave = phase.waves.findIndex(({ soak }) => soak !== undefined && !soak.over);
  if (wave >= 0) return { type: 'soak.ended', phase: phase.name, data: { wave, promoted: data } };
  if (phase.soak !== undefined && !phase.soak.over)
    return { type: 'soak.ended', phase: phase.name, data: { wave: null, promoted: data } };
  return 'no gate and no soak is open';
}

function holdOrRelease(
  state: RunState,
  { command, host }: SteeringCommand & { command: 'hold' | 'release' },
  data: Steered,
): EventDraft | string {
  const known = state.hosts.get(host);
  if (known === undefined) {
    const near = nearMatch(host, state.hosts.keys());
    return `the run has no host ${host}${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  if (command === 'hold') {
    if (known.hold !== undefined) return `${host} is held already`;
    return { type: 'host.held', host, data };
  }
  const isStuck = Object.values(known.phases).some(
    ({ outcome }) => outcome !== undefined && outcome !== 'ok' && outcome !== 'changed',
  );
  if (known.hold === undefined && !isStuck) return `${host} is not held`;
  return { type: 'host.released', host, data };
}
