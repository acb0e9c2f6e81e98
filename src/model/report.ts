import { z } from 'zod';
import { BootIdentity } from './facts.ts';
import { ControlState } from './observation.ts';
import { Risk } from './plan.ts';
import { Span } from './schedule.ts';

export const reportSchemaName = 'countersign/report@1';

export const Outcome = z.enum(['ok', 'changed', 'held', 'failed', 'unreachable', 'unknown', 'not-started']);
export type Outcome = z.infer<typeof Outcome>;

/** One control of one host in one phase, before and after. */
export const ReportedStep = z.object({
  phase: z.string(),
  control: z.string(),
  /** `none | write | reboot | unknown`, as the run found it, else as planned. */
  action: z.string(),
  /** As the run first found it, else as the plan's survey did; null when nobody could read it. */
  before: ControlState.nullable(),
  /** Fields that were to be written; empty where none had to be. */
  wanted: ControlState,
  /** As read last, after a change or where nothing was to be changed; null when the step was not done. */
  after: ControlState.nullable(),
  /** Reboots that this step took part in. */
  reboots: z.number().int(),
  /** True when a survey after all changes found the wanted state. */
  verified: z.boolean(),
  reason: z.string(),
});
export type ReportedStep = z.infer<typeof ReportedStep>;

/** A stretch of one host's night, for the timeline. */
export const TimelineEntry = z.object({
  host: z.string(),
  phase: z.string(),
  kind: z.enum(['probe', 'write', 'reboot', 'settle', 'verify']),
  start: z.string(),
  /** Null while it goes on. */
  end: z.string().nullable(),
  outcome: z.string(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const ReportedHost = z.object({
  host: z.string(),
  groups: z.array(z.string()),
  os: z.string(),
  role: z.string(),
  outcome: Outcome,
  /** Outcome by phase name. */
  phases: z.record(z.string(), Outcome),
  steps: z.array(ReportedStep),
  reboots: z.array(
    z.object({
      phase: z.string(),
      requestedAt: z.string(),
      backAt: z.string().nullable(),
      bootBefore: BootIdentity,
      bootAfter: BootIdentity.nullable(),
      /** Travelled in the shutdown comment: event 1074 of the host names it. */
      nonce: z.string(),
      /** `elsewhere`: somebody else rebooted the host before our request. */
      by: z.enum(['countersign', 'elsewhere']),
      /** The opening of its maintenance window in which it was requested; null where the phase has none. */
      window: Span.extend({ name: z.string() }).nullable(),
    }),
  ),
  /** Stable word for programs (event `host.finished`); absent where the host has not ended. */
  code: z.string().exactOptional(),
  /** Why it is not finished; absent for `ok` and `changed`. */
  reason: z.string().exactOptional(),
  /** What a person should do next. */
  next: z.string().exactOptional(),
  /** Commands to type for it, in order; `TEXT` is to be filled in. */
  commands: z.array(z.string()).exactOptional(),
});
export type ReportedHost = z.infer<typeof ReportedHost>;

/** The outcome of a run (contract.md §4). */
export const Report = z.object({
  schema: z.literal(reportSchemaName),
  run: z.string(),
  name: z.string(),
  /** Digest of the plan. */
  plan: z.string(),
  tool: z.object({ name: z.string(), version: z.string() }),
  state: z.enum(['running', 'paused', 'waiting', 'interrupted', 'stopped', 'aborted', 'finished']),
  /** IANA zone in which the operators of this run think; the instants here are UTC all the same. */
  zone: z.string(),
  started: z.string(),
  ended: z.string().nullable(),
  /** When the last event was recorded: how far this report goes. */
  asOf: z.string(),
  /** What an unfinished run waits for; null when it is at work or has ended. */
  waiting: z.object({ until: z.string().nullable(), reasons: z.array(z.string()) }).nullable(),
  counts: z.record(Outcome, z.number().int()),
  phases: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['not-entered', 'gate', 'running', 'soaking', 'ended']),
      /** Control id → parameters wanted. */
      controls: z.record(z.string(), ControlState),
      started: z.string().nullable(),
      ended: z.string().nullable(),
      counts: z.record(Outcome, z.number().int()),
    }),
  ),
  hosts: z.array(ReportedHost),
  timeline: z.array(TimelineEntry),
  /** What people and the calendar did: gates, pauses, windows, budgets; in order. */
  notes: z.array(z.object({ at: z.string(), text: z.string(), by: z.string().exactOptional() })),
  risks: z.array(Risk),
  /** Last record of the journal, so that a cut tail shows. */
  head: z.object({ seq: z.number().int(), hash: z.string() }),
});
export type Report = z.infer<typeof Report>;
