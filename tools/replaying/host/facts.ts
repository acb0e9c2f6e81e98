import type { Difference } from '../difference.ts';
import type { IdMap } from '../ids.ts';
import { isGuid } from '../ids.ts';
import { shorten } from '../values/describe.ts';
import { habits } from './habits.ts';
import type { Request } from './request.ts';

/** What differs in two requests, beyond the habits of clients; ids of shell and command are compared by their place. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** Names of the habits that were met. */
  readonly habits: readonly string[];
}

export function compareFacts(recorded: Request, ours: Request, ids: IdMap): Compared {
  const differences: Difference[] = [];
  const met: string[] = [];
  const note = (name: string, left: string | undefined, right: string | undefined): void => {
    if (left === right || (left !== undefined && right !== undefined && sameIds(left, right, ids))) return;
    const pair = { name, recorded: left, ours: right, request: recorded };
    const habit = habits.find(({ allows }) => allows(pair));
    if (habit !== undefined) met.push(habit.name);
    else differences.push({ path: `${recorded.verb}.${name}`, expected: show(left), got: show(right) });
  };
  note('resource', recorded.resourceUri, ours.resourceUri);
  for (const name of new Set([...recorded.facts.keys(), ...ours.facts.keys()])) {
    note(name, recorded.facts.get(name), ours.facts.get(name));
  }
  return { differences, habits: met };
}

function sameIds(recorded: string, ours: string, ids: IdMap): boolean {
  return isGuid(recorded) && isGuid(ours) && ids.isSame(recorded, ours);
}

function show(value: string | undefined): string {
  return value === undefined ? 'nothing' : shorten(JSON.stringify(value));
}
