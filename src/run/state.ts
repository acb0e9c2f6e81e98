import type { Instant } from '../core/time.ts';
import type { BootIdentity, PendingRebootSource } from '../model/facts.ts';
import type { Intent } from '../model/intent.ts';
import type { FoundStep, ProbeVerdict, VerifyVerdict } from '../model/intent-outcome.ts';
import type { ControlState } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Outcome } from '../model/report.ts';

/** Where one host stands in one phase. */
export type HostStatus =
  | 'pending'
  | 'probing'
  /** Probed and as planned; a write is next. */
  | 'ready'
  | 'writing'
  | 'awaiting-reboot'
  | 'rebooting'
  | 'settling'
  | 'verifying'
  | 'done';

/** A steering person's words. */
export interface Steering {
  readonly at: Instant;
  readonly by: string;
  readonly reason: string;
}

export interface StepState {
  readonly control: string;
  /** As the probe found it. */
  readonly found: ControlState;
  readonly change: ControlState;
  readonly reboot: boolean;
  readonly reason: string;
  readonly status: 'due' | 'nothing-to-write' | 'written' | 'finished';
  /** State after the write or, when finished, as verified. */
  readonly after: ControlState | undefined;
  readonly restartNeeded: boolean;
  readonly verified: boolean;
}

export interface RebootState {
  readonly nonce: string;
  readonly requestedAt: Instant;
  readonly backAt: Instant | undefined;
  readonly bootBefore: BootIdentity;
  readonly bootAfter: BootIdentity | undefined;
  readonly by: 'countersign' | 'elsewhere';
}

/** Intents recorded so far by kind; they number the intents, so they only grow. */
export interface Attempts {
  readonly 'probe-host': number;
  readonly 'write-control': number;
  readonly 'reboot-host': number;
  readonly 'verify-host': number;
}

export interface HostPhase {
  readonly host: string;
  readonly phase: string;
  readonly wave: number;
  readonly status: HostStatus;
  /** When it came to this status. */
  readonly since: Instant;
  /** Set when `done`. */
  readonly outcome: Outcome | undefined;
  readonly code: string | undefined;
  /** Why it stands where it stands, or ended so; one sentence. */
  readonly reason: string;
  readonly verdict: ProbeVerdict | undefined;
  readonly steps: readonly StepState[];
  /** The latest boot we have seen in this phase. */
  readonly boot: BootIdentity | undefined;
  /** Pending reboots that were there before we changed anything. */
  readonly pendingBefore: readonly PendingRebootSource[];
  /** All reboots of this phase, also those before a person released the host. */
  readonly reboots: readonly RebootState[];
  /** Rebooted since it started (anew). */
  readonly rebooted: boolean;
  /** What the last verification said, while it is not over. */
  readonly verification: Verification | undefined;
  /** The last intent that went wrong, until the policy has answered it. */
  readonly setback: Setback | undefined;
  readonly attempts: Attempts;
}

export interface Verification {
  readonly verdict: VerifyVerdict;
  readonly steps: readonly FoundStep[];
  /** How often it was looked at since the reboot. */
  readonly looks: number;
}

export interface Setback {
  readonly kind: Intent['kind'];
  readonly control: string | undefined;
  readonly result: 'not-done' | 'failed' | 'unreachable' | 'unknown';
  /** How often in a row. */
  readonly times: number;
  readonly at: Instant;
  readonly reason: string;
  /** The request had left for the host. */
  readonly wasSent: boolean;
  /** Failure code, where there is one. */
  readonly code: string | undefined;
  /** Members of redundancy sets that did not answer. */
  readonly unhealthy: readonly string[];
}

export interface GateState {
  readonly ask: string;
  readonly status: 'shut' | 'waiting' | 'passed' | 'failed';
  readonly answer: Steering | undefined;
}

export interface SoakState {
  readonly until: Instant;
  readonly over: boolean;
}

export interface WaveState {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly openedAt: Instant | undefined;
  readonly soak: SoakState | undefined;
  readonly endedAt: Instant | undefined;
}

export interface PhaseState {
  readonly name: string;
  readonly enteredAt: Instant | undefined;
  readonly gates: readonly GateState[];
  readonly waves: readonly WaveState[];
  /** The soak after the last wave. */
  readonly soak: SoakState | undefined;
  readonly endedAt: Instant | undefined;
}

/** A host over all its phases. */
export interface HostState {
  readonly host: string;
  /** Set while a person holds it. */
  readonly hold: Steering | undefined;
  /** By phase name, for the phases it is part of. */
  readonly phases: Readonly<Record<string, HostPhase>>;
}

export interface BudgetTrip {
  readonly at: Instant;
  readonly scope: 'phase' | 'run';
  readonly phase: string | undefined;
  readonly outcome: 'failed' | 'unreachable' | 'unknown';
  readonly tolerated: number;
  readonly hosts: readonly string[];
}

export interface Note {
  readonly at: Instant;
  readonly text: string;
  readonly by?: string;
}

/** Whether anything new may start, and if not, who or what forbids it. */
export type Stance = 'running' | 'paused' | 'stopped' | 'aborted';

/** What a journal says about its run: the fold of its events, and all that the policy looks at. */
export interface RunState {
  readonly run: string;
  readonly plan: Plan;
  readonly startedAt: Instant;
  /** When the last event happened. */
  readonly at: Instant;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly stance: Stance;
  /** Why the stance is not `running`. */
  readonly stanceReason: string | undefined;
  /** A controller is at work (or crashed without saying so). */
  readonly controlled: boolean;
  /** The controller was told to let go. */
  readonly interrupted: boolean;
  readonly waiting: { readonly until: Instant | undefined; readonly reasons: readonly string[] } | undefined;
  readonly ended:
    | {
        readonly at: Instant;
        readonly state: 'finished' | 'stopped' | 'aborted';
        readonly exitCode: number;
      }
    | undefined;
  readonly phases: readonly PhaseState[];
  readonly hosts: ReadonlyMap<string, HostState>;
  /** Recorded and not settled, by intent id, with the time of recording. */
  readonly inFlight: ReadonlyMap<string, { readonly intent: Intent; readonly at: Instant }>;
  readonly trips: readonly BudgetTrip[];
  /** `host phase` pairs that a person's `continue` took out of the budgets. */
  readonly forgiven: ReadonlySet<string>;
  /** Highest inbox message that was taken up. */
  readonly inboxSeen: number;
  readonly notes: readonly Note[];
}
