import type { Control, ControlCatalog } from '../control/declaration.ts';
import { byCodeUnit } from '../core/json.ts';
import type { Facts } from '../model/facts.ts';
import type { FoundStep } from '../model/intent-outcome.ts';
import type { ControlState, Observation } from '../model/observation.ts';
import type { PlannedHold, StepAction } from '../model/plan.ts';

/** One control of one host, judged by what was observed. */
export interface JudgedStep extends FoundStep {
  readonly action: StepAction;
  /** Whether the change adds or removes a Windows feature. */
  readonly changesFeature: boolean;
  readonly managedBy?: string;
  readonly blocker?: string;
}

/** What a phase asks of a host. */
export interface Wish {
  readonly phase: string;
  /** Control id → parameters. */
  readonly controls: Readonly<Record<string, ControlState>>;
  readonly mayReboot: boolean;
  /** Controls whose state an earlier phase changes, so that the observation tells nothing, with the reason. */
  readonly preempted?: ReadonlyMap<string, string>;
}

export interface Judgement {
  /** One a control of the phase, by control id. */
  readonly steps: readonly JudgedStep[];
  /** Why the host must not be touched in this phase; undefined when it may. */
  readonly hold: PlannedHold | undefined;
  /** Pending reboots that are no reason to hold, but that our reboot would finish too. */
  readonly toleratedPending: readonly string[];
}

/**
 * Judges one host against one phase, by its observation alone: what each control needs, and whether the host may be
 * touched. Planning and the check before applying use the same judgement, so that they cannot disagree.
 */
export function judgeHost(
  observation: Observation | undefined,
  wish: Wish,
  catalog: ControlCatalog,
): Judgement {
  const wanted = Object.entries(wish.controls).sort(([a], [b]) => byCodeUnit(a, b));
  const steps = wanted.map(([id, params]) => {
    const preempted = wish.preempted?.get(id);
    if (preempted !== undefined) return unknownStep(id, preempted);
    const control = catalog.get(id);
    if (control === undefined) return unknownStep(id, `there is no control ${id}`);
    const reading = readingOf(observation, id);
    return 'unread' in reading ? unknownStep(id, reading.unread) : judgeControl(control, params, reading);
  });
  const facts = observation?.facts;
  const foreign = facts === undefined ? [] : foreignPendingReboots(facts, steps);
  return {
    steps,
    hold: holdFor({ observation, wish, steps, foreign }),
    toleratedPending: foreign.filter((source) => source === noisySource),
  };
}

interface Reading {
  readonly state: ControlState;
  readonly facts: Facts;
}

function readingOf(observation: Observation | undefined, id: string): Reading | { readonly unread: string } {
  if (observation === undefined) return { unread: 'the host was not observed' };
  const { facts, failure, reach } = observation;
  // Codes, not messages: the reason lies in the plan's digest, and a message may name a port or a time.
  const code = failure?.code ?? 'no reason given';
  if (reach === 'unreachable') return { unread: `the host was unreachable (${code})` };
  if (reach === 'denied') return { unread: `the host denied the logon (${code})` };
  if (facts === undefined) return { unread: `its facts could not be read (${code})` };
  const reading = observation.controls[id];
  if (reading === undefined) return { unread: 'its state was not read' };
  if ('failure' in reading) return { unread: `its state could not be read (${reading.failure.code})` };
  return { state: reading.state, facts };
}

function judgeControl(control: Control, wanted: ControlState, { facts, state }: Reading): JudgedStep {
  const { id } = control;
  const { blocker, managedBy, ...assessment } = control.assess(state, wanted, facts);
  const { change, compliance, found, reason, reboot } = assessment;
  if (compliance === 'unknown') return { ...unknownStep(id, reason), found };
  const changed = control.fields.filter(({ name }) => name in change);
  const action = Object.keys(change).length > 0 ? 'write' : reboot ? 'reboot' : 'none';
  const isStuck = compliance === 'drifted' && action === 'none' && blocker === undefined;
  return {
    ...assessment,
    control: id,
    action,
    changesFeature: changed.some(({ source }) => source.kind.endsWith('feature')),
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(blocker === undefined ? {} : { blocker }),
    // Drifted with nothing to do must never pass for done.
    ...(isStuck ? { blocker: `${reason}, and the control knows no change for it` } : {}),
  };
}

function unknownStep(control: string, reason: string): JudgedStep {
  const nothing = { found: {}, change: {}, reboot: false, changesFeature: false };
  return { control, action: 'unknown', compliance: 'unknown', reason, ...nothing };
}

/** Refilled by browsers and updaters all day, so it proves no pending reboot by itself. */
const noisySource = 'file-rename';
/** What removing a feature sets; ours when one of our own controls is pending. */
const featureSources: readonly string[] = ['component-based-servicing', 'server-manager'];

/** Reboots that wait for somebody else's change; ours would finish it too, and take longer than expected. */
function foreignPendingReboots(facts: Facts, steps: readonly JudgedStep[]): readonly string[] {
  const ours = steps.some((step) => step.compliance === 'pending-reboot') ? featureSources : [];
  return facts.pendingReboot.filter((source) => !ours.includes(source));
}

function holdFor(o: {
  observation: Observation | undefined;
  wish: Wish;
  steps: readonly JudgedStep[];
  foreign: readonly string[];
}): PlannedHold | undefined {
  const hold = (code: string, reason: string): PlannedHold => ({ phase: o.wish.phase, code, reason });
  const tooOld = powershellTooOld(o.observation);
  if (tooOld !== undefined) return hold('powershell-too-old', tooOld);
  const [blocked] = o.steps.flatMap(({ blocker, control }) =>
    blocker === undefined ? [] : [`${control}: ${blocker}`],
  );
  if (blocked !== undefined) return hold('blocked', blocked);
  if (o.steps.every((step) => step.action === 'none')) return undefined;
  if (o.observation?.facts?.servicing === 'working')
    return hold(
      'servicing',
      'Windows is installing or removing components right now; it must not be touched',
    );
  if (!o.steps.some((step) => step.reboot)) return undefined;
  if (!o.wish.mayReboot) return hold('reboot-forbidden', 'reboot needed but the phase forbids it');
  const foreign = o.foreign.filter((source) => source !== noisySource);
  if (foreign.length === 0) return undefined;
  return hold(
    'pending-reboot',
    `a reboot was already pending before our change (${foreign.join(', ')}); reboot the host by hand, then plan again`,
  );
}

function powershellTooOld(observation: Observation | undefined): string | undefined {
  const { failure, facts } = observation ?? {};
  if (failure?.code === 'session.powershell-too-old') return failure.message;
  if (facts === undefined || Number.parseInt(facts.powershell, 10) >= 3) return undefined;
  return `PowerShell ${facts.powershell} is too old; our scripts need 3.0 or later`;
}
