import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import type { IdMap } from '../ids.ts';
import { isAct, isContentDone, isDone, isReceive, isSend, nameOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { optionalActs } from './optional-acts.ts';
import { describeRequest } from './request.ts';
import type { Request } from './request.ts';

/** The recorded conversation, and whose turn it is. */
export class Script {
  readonly #entries: readonly Entry[];
  readonly #ids: IdMap;

  constructor(entries: readonly Entry[], ids: IdMap) {
    this.#entries = entries;
    this.#ids = ids;
  }

  /** Whether everything from the first to the last of these requests has come, or may be left out. */
  isCovered([first, last]: readonly [number, number]): boolean {
    return this.#entries.slice(first, last + 1).every((entry) => this.#isSettled(entry));
  }

  /** What the recorded client sent and ours did not. */
  unfinished(): readonly string[] {
    return this.#entries
      .filter((entry) => !this.#isSettled(entry))
      .map((entry) => `${nameOf(entry)} never came`);
  }

  /** Names of the rules by which something that the recorded client did was left out. */
  leftOut(): readonly string[] {
    const open = this.#entries.filter((entry) => !isDone(entry));
    return optionalActs
      .filter(({ isOptional }) => open.some((entry) => isOptional(entry, this.#entries)))
      .map(({ name }) => `left out: ${name}`);
  }

  /** The Receive that this one stands for; undefined where the recorded client asked no more. */
  receiveFor(ours: Request): Entry | undefined {
    return this.#entries.find(
      (entry) => isReceive(entry) && !isDone(entry) && this.#isSameTarget(entry, ours),
    );
  }

  /** Whether the shell was disconnected, and nobody has connected to it since. */
  isDisconnected(ours: Request): boolean {
    const last = this.ofShell(ours).findLast(
      ({ request, isAnswered }) =>
        isAnswered && connecting.has(request.verb) && request.commandId === undefined,
    );
    return last?.request.verb === 'Disconnect';
  }

  /** A Receive is answered when all that had been sent before it then has been sent now. */
  isReceiveDue(receive: Entry): boolean {
    return this.#before(receive).every((entry) => isReceive(entry) || this.#isSettled(entry));
  }

  /** Sends of input for the same process that have not come in full. */
  inputOf(ours: Request): readonly Entry[] {
    return this.#entries.filter(
      (entry) => isSend(entry) && !isContentDone(entry) && this.#isSameTarget(entry, ours),
    );
  }

  /** All that the recorded client sent to the same shell. */
  ofShell(ours: Request): readonly Entry[] {
    return this.#entries.filter(({ request }) => this.#ids.isSame(request.shellId, ours.shellId));
  }

  /** The recorded signal to something that has ended, in whose place Terminate comes. */
  signalFor(ours: Request): Entry | undefined {
    return this.#entries.find((entry) => {
      const { request } = entry;
      if (isDone(entry) || request.verb !== 'Signal') return false;
      if (!isTerminate(request) && !this.#isOptional(entry)) return false;
      if (!this.#ids.isSame(request.shellId, ours.shellId)) return false;
      // The id of a run may have gone to a later one by then.
      return this.#ids.isSame(request.commandId, ours.commandId) || !this.#ids.isUsed(ours.commandId ?? '');
    });
  }

  /** What the recorded client did next that is neither Send nor Receive; what may be left out is, where ours does. */
  actFor(ours: Request): Entry | undefined {
    return this.#entries.find(
      (entry) =>
        isAct(entry) && !entry.isAnswered && (this.#isSameAct(entry, ours) || !this.#isOptional(entry)),
    );
  }

  /** Whether ours asks a command to stop that the recorded client terminates next, without asking. */
  isGentler(ours: Request): boolean {
    const next = this.actFor(ours);
    if (next === undefined || ours.verb !== 'Signal' || isTerminate(ours)) return false;
    return isTerminate(next.request) && this.#isSameTarget(next, ours);
  }

  /** Whether the recorded client had no more to do with the shell, so that ours merely tidies up. */
  isTidyingUp(ours: Request): boolean {
    return ours.verb === 'Delete' && this.ofShell(ours).every((entry) => this.#isSettled(entry));
  }

  /** Whether all has happened that the recorded client had sent and read before. */
  isActDue(act: Entry): boolean {
    return this.#before(act).every((entry) => this.#isSettled(entry) || isOfPool(entry));
  }

  /** Passes over what the pool had said and nobody read. @returns Whether there was any. */
  passOver(act: Entry): boolean {
    const unread = this.#before(act).filter((entry) => isReceive(entry) && !isDone(entry));
    for (const entry of unread) entry.isSkipped = true;
    return unread.length > 0;
  }

  /** After its Delete nothing can be read from a shell; what was read of commands then is missed. */
  endShell(ours: Request): void {
    for (const entry of this.ofShell(ours)) {
      if (isReceive(entry) && !isDone(entry) && isOfPool(entry)) entry.isSkipped = true;
    }
  }

  /** The command id that an override demands later in the place of the one that the server gives. */
  literalCommandAfter({ exchange }: Entry): string | undefined {
    return this.#entries.find(
      ({ exchange: later }) =>
        later.index > exchange.index && later.overrides.some(({ attributes }) => attributes.has('CommandId')),
    )?.request.commandId;
  }

  /** What is awaited while ours waits for something else. */
  whyNotYet(ours: Request): string {
    const missing = this.#entries.find((entry) => !this.#isSettled(entry));
    const waits = `the client waits for ${describeRequest(ours)}`;
    if (missing === undefined) return waits;
    return `${nameOf(missing)}: expected ${describeRequest(missing.request)}, but ${waits}`;
  }

  #isSettled(entry: Entry): boolean {
    return isDone(entry) || this.#isOptional(entry);
  }

  #isOptional(entry: Entry): boolean {
    return optionalActs.some(({ isOptional }) => isOptional(entry, this.#entries));
  }

  #isSameAct({ request }: Entry, ours: Request): boolean {
    if (request.verb !== ours.verb) return false;
    const { shellId } = request;
    return (
      shellId === undefined ||
      this.#ids.oursOf(shellId) === undefined ||
      this.#ids.isSame(shellId, ours.shellId)
    );
  }

  #isSameTarget({ request }: Entry, ours: Request): boolean {
    return (
      this.#ids.isSame(request.shellId, ours.shellId) && this.#ids.isSame(request.commandId, ours.commandId)
    );
  }

  #before(entry: Entry): readonly Entry[] {
    return this.#entries.slice(0, entry.exchange.index);
  }
}

const isTerminate = ({ facts }: Request): boolean => facts.get('Signal/Code') === signalCodes.terminate;

const connecting: ReadonlySet<string> = new Set(['Create', 'Connect', 'Reconnect', 'Disconnect']);

/** What the pool itself says may stay unread: what matters to a client it must ask for. */
function isOfPool(entry: Entry): boolean {
  return isReceive(entry) && entry.request.commandId === undefined;
}
