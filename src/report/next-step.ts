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

/** What a person should do so that the host can be finished. */
export interface NextStep {
  readonly advice: string;
  /** To be typed, in order. */
  readonly commands: readonly string[];
}

export function nextStep(unfinished: Unfinished): NextStep {
  const { state, own, host, outcome, hint } = unfinished;
  if (state.stance === 'aborted')
    return { advice: 'The run was given up: plan again.', commands: planAgain(unfinished) };
  if (own.outcome === undefined) return nextForRun(unfinished);
  const known = nextByCode[own.code ?? ''] ?? nextByOutcome[outcome];
  const advice = hint === undefined ? known.advice : adviceOf(hint, host.host);
  return { advice, commands: known.commands(unfinished) };
}

/** A failure's hint names a command without its run; the commands that follow name it. */
function adviceOf(hint: string, host: string): string {
  return hint
    .replace('countersign release HOST --reason TEXT', 'release the host')
    .replaceAll(/\bHOST\b/g, () => host);
}

type Commands = (unfinished: Unfinished) => readonly string[];

const planAgain: Commands = ({ host }) => [`countersign plan ${host.host}`];

const release: Commands = ({ host, state }) => [
  `countersign release ${host.host} ${state.run} --reason TEXT`,
  ...resumeUnlessAtWork(state),
];

const pingAndRelease: Commands = (it) => [`countersign ping ${it.host.host}`, ...release(it)];

const explainAndPlan: Commands = (it) => [`countersign explain ${it.host.host}`, ...planAgain(it)];

/** A controller at work takes a command up by itself. */
function resumeUnlessAtWork({ run, ended, controlled }: RunState): readonly string[] {
  return ended === undefined && controlled ? [] : [`countersign resume ${run}`];
}

interface Advice {
  readonly advice: string;
  readonly commands: Commands;
}

const nextByCode: Readonly<Record<string, Advice>> = {
  blocked: {
    advice: 'Change what the reason names (the group policy, or the playbook), then plan again.',
    commands: planAgain,
  },
  'powershell-too-old': {
    advice: 'Install Windows Management Framework 5.1 on the host and plan again, or change it by hand.',
    commands: planAgain,
  },
  servicing: {
    advice: 'Wait until Windows Update or DISM has finished on the host, then plan again.',
    commands: planAgain,
  },
  'reboot-forbidden': {
    advice: 'Allow the reboot in the playbook (reboot: { when: needed }), then plan again.',
    commands: planAgain,
  },
  'pending-reboot': { advice: 'Reboot the host by hand, then plan again.', commands: planAgain },
  'set-below-minimum': {
    advice: 'Bring the other members of its redundancy set back, then plan again.',
    commands: planAgain,
  },
  needs: { advice: 'Finish the phase that this one needs, then plan again.', commands: planAgain },
  differs: {
    advice: 'The host is not as it was planned: look at what changed, then plan again.',
    commands: explainAndPlan,
  },
  person: { advice: 'When nothing speaks against it any more: release the host.', commands: release },
  redundancy: {
    advice: 'Bring the other members of its redundancy set back, then release the host.',
    commands: release,
  },
  'reboot-pending': {
    advice: 'Let the host finish its servicing, reboot it by hand, then release it.',
    commands: release,
  },
  'not-as-wanted': {
    advice: 'Something sets it back: look for a group policy or an agent, then release the host.',
    commands: release,
  },
};

const nextByOutcome: Readonly<Record<Unfinished['outcome'], Advice>> = {
  held: { advice: 'Clear what the reason names, then release the host.', commands: release },
  failed: { advice: 'Look at the host and at the reason, then release the host.', commands: release },
  unreachable: {
    advice: 'Find out why it does not answer; once it does: release the host.',
    commands: pingAndRelease,
  },
  unknown: {
    advice:
      'Look at the host itself (event 1074, boot time, the setting) before anything is repeated. When you know: release the host.',
    commands: release,
  },
  'not-started': { advice: 'Finish what comes before it, then release the host.', commands: release },
};

/** The host waits for its run, not for anything of its own. */
function nextForRun(unfinished: Unfinished): NextStep {
  const { state, host } = unfinished;
  const { run, stance } = state;
  if (host.hold !== undefined)
    return {
      advice: 'When nothing speaks against it any more: release the host.',
      commands: release(unfinished),
    };
  const goOn = [`countersign resume ${run} --reason TEXT`];
  if (stance === 'stopped')
    return { advice: 'Look at the hosts that stopped the run; then let it go on.', commands: goOn };
  if (stance === 'paused') return { advice: 'Let the run go on.', commands: goOn };
  const ask = openGate(state);
  if (ask !== undefined)
    return {
      advice: `Answer the gate: “${ask}”`,
      commands: [`countersign promote ${run} --reason TEXT`, ...resumeUnlessAtWork(state)],
    };
  if (state.controlled && !state.interrupted)
    return { advice: 'Nothing: the run goes on by itself.', commands: [] };
  return { advice: 'Let the run go on.', commands: [`countersign resume ${run}`] };
}
