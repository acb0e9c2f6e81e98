import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { SteeringCommand } from '../model/command.ts';
import type { Runtime } from './runtime.ts';
import { findRun } from './stored-run.ts';
import { unknownHost } from './unknown-host.ts';

/** What a person asks of a run; who asks is filled in. */
export type Steering =
  | { readonly command: 'pause' | 'continue' | 'promote' | 'abort'; readonly reason: string }
  | { readonly command: 'hold' | 'release'; readonly host: string; readonly reason: string };

/** Whether the command was left for a controller that is at work, or for the next one. */
export interface Steered {
  readonly run: string;
  /** False when no controller is at work: the command takes effect with `resume`. */
  readonly controlled: boolean;
}

/**
 * Leaves a command in the inbox of a run.
 *
 * @returns Failures `run.not-found`, `run.ended` (except for commands that may wake an ended run),
 *   `host.not-in-plan`, `journal.*`.
 */
export function steerRun(runtime: Runtime, wanted: string | undefined, steering: Steering): Result<Steered> {
  const found = findRun(runtime, wanted);
  if (!found.ok) return found;
  const { run, ended, controlled, hosts } = found.value.state;
  const wakes = steering.command === 'release' || steering.command === 'continue';
  if (ended && !wakes) return err(failure('run.ended', { run, state: ended.state }));
  if ('host' in steering && !hosts.has(steering.host)) return unknownHost(steering.host, [...hosts.keys()]);
  const inbox = runtime.state.inbox();
  if (!inbox.ok) return inbox;
  const command: SteeringCommand = { ...steering, by: `${runtime.operator}@${runtime.machine}` };
  const posted = inbox.value.post(run, command);
  inbox.value.close();
  return posted.ok ? ok({ run, controlled: controlled && !ended }) : posted;
}
