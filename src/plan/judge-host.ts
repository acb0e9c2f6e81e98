import type { Control, ControlCatalog } from '../control/declaration.ts';
import { byCodeUnit } from '../core/json.ts';
import type { Facts } from '../model/facts.ts';
import type { FoundStep } from '../model/intent-outcome.ts';
import type { ControlState, Observation } from '../model/observation.ts';
import type { PlannedHold, StepAction } from '../model/plan.ts';

/** One control of one host, judged by what was observed. */
export interface JudgedStep extends FoundStep {
  readonly action: StepAction;
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
  const ids = Object.keys(wish.controls).sort(byCodeUnit);
  const steps = ids.map((id) => {
    const preempted = wish.preempted?.get(id);
    if (preempted !== undefined) return unknownStep(id, preempted);
    return judgeControl(observation, id, wish.controls[id] ?? {}, catalog);
  });
  const facts = observation?.facts;
  const foreign = facts === undefined ? [] : foreignPendingReboots(facts, steps);
  return {
    steps,
    hold: holdFor({ observation, wish, steps, foreign }),
    toleratedPending: foreign.filter((source) => source === noisySource),
  };
}

function judgeControl(
  observation: Observation | undefined,
  id: string,
  wanted: ControlState,
  catalog: ControlCatalog,
): JudgedStep {
  const control = catalog.get(id);
  const unread = whyUnread(observation, id, control);
  if (unread !== undefined || control === undefined || observation?.facts === undefined)
    return unknownStep(id, unread ?? 'its state was not read');
  const reading = observation.controls[id];
  if (reading === undefined || !('state' in reading)) return unknownStep(id, 'its state was not read');
  const { compliance, found, change, reboot, reason, managedBy, blocker } = control.assess(
    reading.state,
    wanted,
    observation.facts,
  );
  if (compliance === 'unknown') return { ...unknownStep(id, reason), found };
  const writes = Object.keys(change).length > 0;
  return {
    control: id,
    action: writes ? 'write' : reboot ? 'reboot' : 'none',
    compliance,
    found,
    change,
    reboot,
    reason,
    ...(managedBy === undefined ? {} : { managedBy }),
    ...(blocker === undefined ? {} : { blocker }),
  };
}

function whyUnread(
  observation: Observation | undefined,
  id: string,
  control: Control | undefined,
): string | undefined {
  if (control === undefined) return `there is no control ${id}`;
  if (observation === undefined) return 'the host was not observed';
  // Codes, not messages: the reason lies in the plan's digest, and a message may name a port or a time.
  const code = observation.failure?.code ?? 'no reason given';
  if (observation.reach === 'unreachable') return `the host was unreachable (${code})`;
  if (observation.reach === 'denied') return `the host denied the logon (${code})`;
  if (observation.facts === undefined) return `its facts could not be read (${code})`;
  const reading = observation.controls[id];
  if (reading === undefined) return 'its state was not read';
  return 'failure' in reading ? `its state could not be read (${reading.failure.code})` : undefined;
}

function unknownStep(control: string, reason: string): JudgedStep {
  return { control, action: 'unknown', compliance: 'unknown', found: {}, change: {}, reboot: false, reason };
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
  const blocked = o.steps.find((step) => step.blocker !== undefined);
  if (blocked !== undefined) return hold('blocked', `${blocked.control}: ${blocked.blocker ?? ''}`);
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
