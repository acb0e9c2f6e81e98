import type { Difference } from '../difference.ts';
import type { IdMap } from '../ids.ts';
import { isGuid } from '../ids.ts';
import { shorten } from '../values/describe.ts';
import { habits } from './habits.ts';
import type { Request } from './request.ts';

/** What differs in two requests, beyond the habits of clients. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** Names of the habits that were met. */
  readonly habits: readonly string[];
}

/** Holds a request against the recorded one: its ids, its resource, and everything that its headers and body say. */
export function compareEnvelopes(recorded: Request, ours: Request, ids: IdMap): Compared {
  const { differences, habits: met } = compareFacts(recorded, ours, ids);
  return { differences: [...differences, ...compareIds(recorded, ours, ids)], habits: met };
}

function compareIds(recorded: Request, ours: Request, ids: IdMap): readonly Difference[] {
  const { verb } = recorded;
  const unlike = (
    what: string,
    expected: string | undefined,
    got: string | undefined,
  ): readonly Difference[] => [
    { path: `${verb}.(${what} id)`, expected: translated(expected, ids), got: got ?? 'none' },
  ];
  // A shell's id is chosen with Create, a command's with Command, by the client or by the server.
  const hasShell = verb === 'Create' || ids.isSame(recorded.shellId, ours.shellId);
  const hasCommand = verb === 'Command' || ids.isSame(recorded.commandId, ours.commandId);
  const hasSession = ids.learn(recorded.sessionId, ours.sessionId);
  return [
    ...(hasShell ? [] : unlike('shell', recorded.shellId, ours.shellId)),
    ...(hasCommand ? [] : unlike('command', recorded.commandId, ours.commandId)),
    ...(hasSession ? [] : unlike('session', recorded.sessionId, ours.sessionId)),
  ];
}

function translated(recorded: string | undefined, ids: IdMap): string {
  if (recorded === undefined) return 'none';
  return ids.oursOf(recorded) ?? recorded;
}

function compareFacts(recorded: Request, ours: Request, ids: IdMap): Compared {
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
