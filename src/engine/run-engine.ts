import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { EventDraft, RunEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { RunState } from '../run/state.ts';
import { steer } from '../run/steer.ts';
import type { EngineOptions, EnginePorts } from './engine-ports.ts';
import { begin, commit, prepare, readRun } from './run-journal.ts';
import { RunLoop } from './run-loop.ts';

/** What to carry out: a plan as a new run, or a run that is in the journal. */
export type EngineTask =
  | { readonly kind: 'start'; readonly run: string; readonly plan: Plan; readonly by: string }
  | { readonly kind: 'resume'; readonly run: string };

interface Beginning {
  readonly state: RunState;
  readonly uncommitted: readonly RunEvent[];
}

/**
 * Controls a run until it ends, is interrupted, or (with `once`) nothing can be done now.
 *
 * @returns The state at which this controller let go; `exitCodeOf` tells the exit code. Failures: `lock.held`;
 *   `journal.write` (the run stops cleanly, nothing was sent that is not on record); `journal.read`, `journal.broken`;
 *   `run.not-found` when there is nothing to resume.
 */
export async function runEngine(
  task: EngineTask,
  ports: EnginePorts,
  options: EngineOptions,
): Promise<Result<RunState>> {
  const locked = ports.lock.acquire();
  if (!locked.ok) return locked;
  try {
    const beginning = task.kind === 'start' ? start(task, ports) : resume(task, ports);
    if (!beginning.ok) return beginning;
    const { uncommitted, state } = beginning.value;
    if (state.ended !== undefined) {
      const kept = commit(ports.journal, task.run, uncommitted);
      return kept.ok ? ok(state) : kept;
    }
    const next = prepare(state, [controllerStarted(options)], ports.clock.now());
    const loop = new RunLoop(next.state, [...uncommitted, ...next.events], ports, options);
    return await loop.run();
  } finally {
    ports.lock.release();
  }
}

function start(task: EngineTask & { kind: 'start' }, ports: EnginePorts): Result<Beginning> {
  const draft = { type: 'run.started', data: { plan: task.plan, by: task.by } } as const;
  const { events, state } = begin(draft, task.run, ports.clock.now());
  return ok({ state, uncommitted: events });
}

/** A run that has ended goes on only if somebody has said so since: released a host, or let a stopped run continue. */
function resume(task: EngineTask & { kind: 'resume' }, ports: EnginePorts): Result<Beginning> {
  const stored = readRun(ports.journal, task.run);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return err(failure('run.not-found', { run: task.run }));
  let { state } = stored.value;
  const messages = ports.inbox.read(task.run, state.inboxSeen);
  if (!messages.ok) return messages;
  const uncommitted: RunEvent[] = [];
  for (const { body, id } of messages.value) {
    const prepared = prepare(state, [steer(state, body, id)], ports.clock.now());
    uncommitted.push(...prepared.events);
    ({ state } = prepared);
  }
  return ok({ state, uncommitted });
}

function controllerStarted({ controller }: EngineOptions): EventDraft {
  return { type: 'controller.started', data: controller };
}
