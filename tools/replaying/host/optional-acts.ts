import { faultCodes } from '../../../src/wire/wsman/fault-codes.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { isFault } from './answer.ts';
import type { Entry } from './entry.ts';

/** A request of the recorded client that another client may leave out, or send later, and why. */
export interface OptionalAct {
  readonly name: string;
  readonly reason: string;
  readonly isOptional: (entry: Entry, all: readonly Entry[]) => boolean;
}

export const optionalActs: readonly OptionalAct[] = [
  {
    name: 'Terminate of what has ended',
    reason: 'it frees a command that counts against a quota; the order against other requests means nothing',
    isOptional: (entry, all) => codeOf(entry) === signalCodes.terminate && hasEnded(entry, all),
  },
  {
    name: 'ctrl_c to what has ended',
    reason: 'the recorded client sends it to every finished process, where Terminate is what frees it',
    isOptional: (entry, all) => (codeOf(entry) ?? '').endsWith('/ctrl_c') && hasEnded(entry, all),
  },
  {
    name: 'Reconnect of a connected shell',
    reason: 'the recorded client held a pool it had joined for disconnected (INDEX.md, drivers.yaml)',
    isOptional: (entry, all) => entry.request.verb === 'Reconnect' && isConnected(entry, all),
  },
];

function codeOf({ request }: Entry): string | undefined {
  return request.facts.get('Signal/Code');
}

/** Whether the client has read that the command is done, or that there is no such command. */
function hasEnded({ request, exchange }: Entry, all: readonly Entry[]): boolean {
  return all.slice(0, exchange.index).some((earlier) => {
    if (earlier.request.verb !== 'Receive' || !earlier.isAnswered) return false;
    const { response = '', overrides } = earlier.exchange;
    const isSame =
      earlier.request.shellId === request.shellId && earlier.request.commandId === request.commandId;
    if (isSame && response.includes('/CommandState/Done"')) return true;
    return (
      (isSame || overrides.length > 0) && isFault(response) && !response.includes(String(faultCodes.timedOut))
    );
  });
}

/** Whether the last thing that happened to the connection of the shell is that it was made. */
function isConnected({ request, exchange }: Entry, all: readonly Entry[]): boolean {
  const last = all
    .slice(0, exchange.index)
    .findLast(
      ({ request: earlier }) =>
        earlier.shellId === request.shellId &&
        ['Create', 'Connect', 'Reconnect', 'Disconnect'].includes(earlier.verb) &&
        earlier.commandId === undefined,
    );
  return last !== undefined && last.request.verb !== 'Disconnect';
}
