import { formatInstant } from '../core/time.ts';
import type { Outcome } from '../model/report.ts';
import type { HostPhase, HostState, PhaseState, RunState } from '../run/state.ts';

/** An unfinished host, and the phase that its outcome comes from. */
export interface Unfinished {
  readonly state: RunState;
  readonly host: HostState;
  readonly own: HostPhase;
  readonly outcome: Exclude<Outcome, 'ok' | 'changed'>;
  /** What the last failure advises. */
  readonly hint: string | undefined;
}

/** Why the host is not finished, in one sentence that names the phase. */
export function whyUnfinished({ state, host, own, outcome }: Unfinished): string {
  if (own.outcome !== undefined) return `${own.phase}: ${own.reason}`;
  if (host.hold !== undefined) return `${own.phase}: held by ${host.hold.by}: ${host.hold.reason}`;
  const standstill = whyRunStands(state, own.phase);
  if (outcome === 'not-started' && own.status === 'pending' && own.setback === undefined)
    return standstill === undefined
      ? `${own.phase} has not begun`
      : `${own.phase} has not begun: ${standstill}`;
  return `${own.phase}: ${standingWords[own.status]}${standstill === undefined ? '' : `; ${standstill}`}`;
}

const standingWords: Record<HostPhase['status'], string> = {
  pending: 'not surveyed yet',
  probing: 'being surveyed',
  ready: 'surveyed, its changes are due',
  writing: 'being written',
  'awaiting-reboot': 'written, its reboot is outstanding',
  rebooting: 'rebooting',
  settling: 'rebooted, its proof is outstanding',
  verifying: 'being verified',
  done: 'ended',
};

/** Why nothing new starts, where a person or the calendar forbids it. */
function whyRunStands(state: RunState, phase: string): string | undefined {
  if (state.stance !== 'running')
    return `the run is ${state.stance} (${state.stanceReason ?? 'no reason given'})`;
  const current = currentPhase(state);
  if (openGate(state) !== undefined && current !== undefined)
    return `the gate of ${current.name} is not answered`;
  if (state.waiting?.until !== undefined)
    return `the run waits until ${formatInstant(state.waiting.until)} (${state.waiting.reasons.join('; ')})`;
  return current !== undefined && current.name !== phase ? `${current.name} comes first` : undefined;
}

function currentPhase(state: RunState): PhaseState | undefined {
  return state.phases.find(({ endedAt }) => endedAt === undefined);
}

function openGate(state: RunState): string | undefined {
  return currentPhase(state)?.gates.find(({ status }) => status === 'waiting')?.ask;
}

/** What a person should do so that the host can be finished: a command to type, or what to change first. */
export function nextStep(unfinished: Unfinished): string {
  const { state, host, own, outcome, hint } = unfinished;
  if (state.stance === 'aborted') return `The run was given up. Plan again: countersign plan ${host.host}`;
  if (own.outcome === undefined) return nextForRun(unfinished);
  if (hint !== undefined) return `${hint.replaceAll(/\bHOST\b/g, host.host)}${thenResume(state)}`;
  const byCode = nextByCode[own.code ?? ''];
  return byCode === undefined ? nextByOutcome[outcome](unfinished) : byCode(unfinished);
}

type Advice = (unfinished: Unfinished) => string;

const planAgain: Advice = ({ host }) => `plan again: countersign plan ${host.host}`;

const release: Advice = ({ host, state }) =>
  `countersign release ${host.host} ${state.run} --reason TEXT${thenResume(state)}`;

function thenResume({ run, ended, controlled }: RunState): string {
  return ended === undefined && controlled ? '' : `; then: countersign resume ${run}`;
}

const nextByCode: Readonly<Record<string, Advice>> = {
  blocked: (it) => `Change what the reason names (group policy or playbook), then ${planAgain(it)}`,
  'powershell-too-old': (it) =>
    `Install Windows Management Framework 5.1 on the host (or change it by hand), then ${planAgain(it)}`,
  servicing: (it) => `Wait until Windows Update or DISM has finished on the host, then ${planAgain(it)}`,
  'reboot-forbidden': (it) =>
    `Allow the reboot in the playbook (reboot: { when: needed }) or change the host by hand, then ${planAgain(it)}`,
  'pending-reboot': (it) => `Reboot the host by hand, then ${planAgain(it)}`,
  'set-below-minimum': (it) => `Bring the other members of its set back, then ${planAgain(it)}`,
  needs: (it) => `Finish the phase that it needs first, then ${planAgain(it)}`,
  differs: (it) =>
    `The host is not as it was planned. Look at it (countersign explain ${it.host.host}), then ${planAgain(it)}`,
  person: (it) => `When nothing speaks against it any more: ${release(it)}`,
  redundancy: (it) => `Bring the other members of its set back, then: ${release(it)}`,
  'reboot-pending': (it) => `Let the host finish its servicing, reboot it by hand, then: ${release(it)}`,
  'not-as-wanted': (it) => `Look for what sets it back (a group policy or an agent), then: ${release(it)}`,
};

const nextByOutcome: Readonly<Record<Unfinished['outcome'], Advice>> = {
  held: (it) => `Clear what the reason names, then: ${release(it)}`,
  failed: (it) => `Look at the host and the reason, then: ${release(it)}`,
  unreachable: (it) => `countersign ping ${it.host.host}; once it answers: ${release(it)}`,
  unknown: (it) =>
    `Look at the host itself (event 1074, boot time, the setting) before anything is repeated; when you know: ${release(it)}`,
  'not-started': (it) => `Finish what comes before, then: ${release(it)}`,
};

/** The host waits for its run, not for anything of its own. */
function nextForRun(unfinished: Unfinished): string {
  const { state, host } = unfinished;
  const { run } = state;
  if (host.hold !== undefined) return `When nothing speaks against it any more: ${release(unfinished)}`;
  if (state.stance === 'stopped')
    return `Look at the hosts that stopped the run; then: countersign resume ${run} --reason TEXT`;
  if (state.stance === 'paused') return `countersign resume ${run} --reason TEXT`;
  const ask = openGate(state);
  if (ask !== undefined)
    return `Answer “${ask}”; if so: countersign promote ${run} --reason TEXT${thenResume(state)}`;
  if (!state.controlled || state.interrupted) return `countersign resume ${run}`;
  return 'Nothing: the run goes on by itself';
}
