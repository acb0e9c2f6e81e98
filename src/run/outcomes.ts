import type { Outcome } from '../model/report.ts';
import { wasTouched } from './host-needs.ts';
import type { HostPhase, HostState, RunState } from './state.ts';

/** From the one that needs a person most to the one that needs nobody: a host's outcome is the first among its phases. */
const byUrgency = ['unknown', 'failed', 'unreachable', 'held', 'not-started', 'changed', 'ok'] as const;

/** How a host stands in a phase, as an outcome: one that is not done is `held` when it was touched, else `not-started`. */
export function phaseOutcome(own: HostPhase): Outcome {
  return own.outcome ?? (wasTouched(own) ? 'held' : 'not-started');
}

/** A host's outcome over all its phases; a host that no phase touches is `ok`. */
export function hostOutcome(host: HostState): Outcome {
  const outcomes = Object.values(host.phases).map(phaseOutcome);
  return byUrgency.find((outcome) => outcomes.includes(outcome)) ?? 'ok';
}

export type Counts = Readonly<Record<Outcome, number>>;

export function countOutcomes(outcomes: Iterable<Outcome>): Counts {
  const counts = { ok: 0, changed: 0, held: 0, failed: 0, unreachable: 0, unknown: 0, 'not-started': 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return counts;
}

/** Hosts by outcome over the whole run. */
export function runCounts(state: RunState): Counts {
  return countOutcomes([...state.hosts.values()].map(hostOutcome));
}

/**
 * The exit code of the command that ran or read the run (contract.md §1, in its order of precedence).
 *
 * An `unknown` host counts as failed: a person must look at it.
 */
export function exitCodeOf(state: RunState): 0 | 1 | 3 | 4 | 5 | 130 {
  const counts = runCounts(state);
  if (state.stance === 'stopped' || state.stance === 'aborted') return 5;
  if (counts.failed + counts.unknown > 0) return 1;
  if (counts.unreachable > 0) return 4;
  if (state.interrupted) return 130;
  return counts.held + counts['not-started'] > 0 || state.ended === undefined ? 3 : 0;
}
