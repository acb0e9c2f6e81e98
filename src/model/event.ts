import { z } from 'zod';
import { Intent } from './intent.ts';
import { IntentOutcome } from './intent-outcome.ts';
import { ControlState } from './observation.ts';
import { Plan } from './plan.ts';
import { Outcome } from './report.ts';

export const eventSchemaName = 'countersign/event@1';

/** `prev` of a run's first event. */
export const genesisHash = '0'.repeat(64);

/** Who steered, why, and the inbox message that said so. */
const steering = { by: z.string(), reason: z.string(), inbox: z.number().int().exactOptional() };
const counts = z.partialRecord(Outcome, z.number().int());

const eventOf = <T extends string, D extends z.ZodRawShape>(type: T, data: D) =>
  z.object({
    schema: z.literal(eventSchemaName),
    /** From 1, without gaps. */
    seq: z.number().int(),
    at: z.string(),
    run: z.string(),
    type: z.literal(type),
    host: z.string().exactOptional(),
    phase: z.string().exactOptional(),
    data: z.object(data),
    /** Hash of the event before. */
    prev: z.string(),
    /** SHA-256 over `prev` and the canonical JSON of the event without `prev` and `hash`. */
    hash: z.string(),
  });

/** Everything that can happen in a run, in the past tense; `docs/events.md` is generated from here. */
export const eventTypes = {
  'run.started': eventOf('run.started', { plan: Plan, by: z.string() }).describe(
    'A run began; carries the whole plan, so that the journal needs nothing else.',
  ),
  'controller.started': eventOf('controller.started', {
    pid: z.number().int(),
    machine: z.string(),
    version: z.string(),
  }).describe('A process took control of the run: the first time, or to resume it.'),
  'controller.stopped': eventOf('controller.stopped', {
    reason: z.enum(['ended', 'interrupted', 'once', 'paused']),
    next: z.string().nullable(),
  }).describe('The controller let go of the run in good order; a crash leaves no such event.'),
  'run.waiting': eventOf('run.waiting', {
    until: z.string().nullable(),
    reasons: z.array(z.string()),
  }).describe('Nothing can be done before `until` (null: before a person acts), and why.'),
  'run.paused': eventOf('run.paused', steering).describe(
    'A person paused the run: what is in flight is finished, nothing new starts.',
  ),
  'run.continued': eventOf('run.continued', steering).describe(
    'A person let a paused or stopped run go on; the hosts that had used up the budget no longer count.',
  ),
  'run.aborted': eventOf('run.aborted', steering).describe(
    'A person gave the run up: what is in flight is finished, then it ends.',
  ),
  'run.interrupted': eventOf('run.interrupted', { signal: z.string() }).describe(
    'The controller was told to stop (Ctrl-C): what is in flight is finished, then it lets go.',
  ),
  'run.ended': eventOf('run.ended', {
    state: z.enum(['finished', 'stopped', 'aborted']),
    counts,
    exitCode: z.number().int(),
  }).describe('Nothing is left to do in this run.'),
  'phase.entered': eventOf('phase.entered', {}).describe('A phase began; its gates are asked first.'),
  'phase.ended': eventOf('phase.ended', { counts }).describe('Every host of the phase has an outcome.'),
  'wave.opened': eventOf('wave.opened', { wave: z.number().int(), name: z.string() }).describe(
    'The hosts of a wave may start.',
  ),
  'wave.ended': eventOf('wave.ended', { wave: z.number().int(), counts }).describe(
    'Every host of the wave has an outcome, and its soak is over.',
  ),
  'gate.waiting': eventOf('gate.waiting', { gate: z.number().int(), ask: z.string() }).describe(
    'A gate asks a person: countersign promote.',
  ),
  'gate.passed': eventOf('gate.passed', { gate: z.number().int(), ...steering }).describe(
    'A person answered for a gate, with a reason on record.',
  ),
  'gate.failed': eventOf('gate.failed', { gate: z.number().int(), reason: z.string() }).describe(
    'The evidence that a gate asks for speaks against going on; the run stops.',
  ),
  'soak.started': eventOf('soak.started', {
    wave: z.number().int().nullable(),
    until: z.string(),
  }).describe('A wave (null: the whole phase) is watched before the next one opens.'),
  'soak.ended': eventOf('soak.ended', {
    wave: z.number().int().nullable(),
    promoted: z.object(steering).exactOptional(),
  }).describe('The soak is over, or a person cut it short.'),
  'host.held': eventOf('host.held', steering).describe('A person took a host out of the run for now.'),
  'host.released': eventOf('host.released', steering).describe(
    'A person gave a held, quarantined or failed host back: its unfinished phases start anew with a probe.',
  ),
  'intent.recorded': eventOf('intent.recorded', { intent: Intent }).describe(
    'About to be done; durable before anything is sent.',
  ),
  'intent.settled': eventOf('intent.settled', { intent: z.string(), outcome: IntentOutcome }).describe(
    'How an intent ended; exactly one for each.',
  ),
  'step.finished': eventOf('step.finished', {
    control: z.string(),
    before: ControlState,
    after: ControlState,
    changed: z.boolean(),
    /** A second survey found the wanted state. */
    verified: z.boolean(),
    reboots: z.number().int(),
    reason: z.string(),
  }).describe('One control of one host reached its end in a phase, with evidence.'),
  'host.finished': eventOf('host.finished', {
    outcome: Outcome,
    /** Stable word for programs, such as `verified`, `satisfied-elsewhere`, `plan-hold`, `differs`, `redundancy`. */
    code: z.string(),
    reason: z.string(),
  }).describe('A host has its outcome in a phase.'),
  'budget.tripped': eventOf('budget.tripped', {
    scope: z.enum(['phase', 'run']),
    outcome: z.enum(['failed', 'unreachable', 'unknown']),
    tolerated: z.number().int(),
    hosts: z.array(z.string()),
  }).describe('More hosts went wrong than tolerated: what is in flight is finished, nothing new starts.'),
  'command.refused': eventOf('command.refused', {
    command: z.string(),
    ...steering,
    because: z.string(),
  }).describe('A steering command made no sense at that moment.'),
} as const;

export type EventType = keyof typeof eventTypes;
export type EventOf<T extends EventType> = z.infer<(typeof eventTypes)[T]>;
export type RunEvent = { [T in EventType]: EventOf<T> }[EventType];

/** An event before it has its place in the chain. */
export type EventDraft = {
  [T in EventType]: Omit<EventOf<T>, 'schema' | 'seq' | 'at' | 'run' | 'prev' | 'hash'>;
}[EventType];
