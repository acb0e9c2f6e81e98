import type { LabCount } from './lab-process.ts';
import { thinkMs } from './work.ts';

/** What one script cost on the wire. */
export interface RoundTrips {
  /** HTTP requests, all of them. */
  readonly requests: number;
  /** Those that the result waited for, TCP connections included. */
  readonly onPath: number;
}

/**
 * Round trips of one of `scripts` scripts.
 *
 * @param cleansUpLater - Whether the result comes before the pipeline is terminated and the shell deleted.
 */
export function roundTripsOf(
  { actions, connections }: LabCount,
  scripts: number,
  cleansUpLater: boolean,
): RoundTrips {
  const requests = Object.values(actions).reduce((sum, count) => sum + count, 0);
  const later = cleansUpLater ? (actions['Signal'] ?? 0) + (actions['Delete'] ?? 0) : 0;
  return { requests: requests / scripts, onPath: (requests - later + connections) / scripts };
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
