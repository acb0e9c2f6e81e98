import type { LabCount } from './lab-process.ts';
import { thinkMs } from './work.ts';

/** What one script cost on the wire. */
export interface RoundTrips {
  /** HTTP requests, all of them. */
  readonly requests: number;
  /** Those that the result waited for, TCP connections included. */
  readonly onPath: number;
}

export interface CountedJob {
  readonly scripts: number;
  /** Whether the result comes before the pipeline is terminated and the shell deleted. */
  readonly cleansUpLater: boolean;
  /** Whether the client was connected before; what it connects later is for what it does behind the results. */
  readonly isWarm: boolean;
}

/** Round trips of one script of a job. */
export function roundTripsOf(
  { actions, connections }: LabCount,
  { scripts, cleansUpLater, isWarm }: CountedJob,
): RoundTrips {
  const sum = (names: readonly string[]): number =>
    names.reduce((total, name) => total + (actions[name] ?? 0), 0);
  const requests = sum(Object.keys(actions));
  const behind = [...(cleansUpLater ? ['Signal', 'Delete'] : []), ...(isWarm ? ['logon'] : [])];
  const onPath = requests - sum(behind) + (isWarm ? 0 : connections);
  return { requests: requests / scripts, onPath: onPath / scripts };
}

/** The least time that round trips and the host's own work take. */
export function limitMs({ onPath }: RoundTrips, roundTripMs: number): number {
  return onPath * roundTripMs + thinkMs;
}

/** What one job cost more than another. */
export function difference(one: LabCount, other: LabCount): LabCount {
  const actions = Object.entries(one.actions).map(
    ([action, count]) => [action, count - (other.actions[action] ?? 0)] as const,
  );
  return { connections: one.connections - other.connections, actions: Object.fromEntries(actions) };
}
