import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { formatDifference } from '../difference.ts';
import type { Difference } from '../difference.ts';
import { IdMap } from '../ids.ts';
import { answerFor, isFault } from './answer.ts';
import { sendDiffers, takeInput, takeMessage } from './content.ts';
import { isAct, isContentDone, isDone, isReceive, isSend, nameOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { compareFacts } from './facts.ts';
import type { HostAnswer } from './host-answer.ts';
import { ClientMessages } from './messages.ts';
import { optionalActs } from './optional-acts.ts';
import { readRequest } from './request.ts';
import type { Request } from './request.ts';
import { synthetic } from './synthetic.ts';
import { Transcript } from './transcript.ts';
import { WaitingRoom } from './waiting-room.ts';

/**
 * A Windows host as it was recorded: it knows one conversation, holds every request against it by meaning, and gives
 * the answers that were given then.
 *
 * Order: what the recorded client did but once (Create, Command, Signal, Delete …) must come in the same order; input
 * and messages in order for each pipeline; Receives in order for each shell and command, each answered only when all
 * that was sent before it then has been sent now. Anything unequal is a problem, and ends the conversation.
 */
export class RecordedHost {
  readonly ids = new IdMap();
  readonly transcript = new Transcript();
  /** Differences, the first one first. */
  readonly problems: string[] = [];
  /** Habits of clients that were met, and let pass. */
  readonly habits = new Set<string>();
  readonly #entries: readonly Entry[];
  readonly #assembly = new ClientMessages();
  readonly #waiting: WaitingRoom;
  /** The last request whose connection broke or that was denied; it may be repeated. */
  #broken: Entry | undefined;

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    this.#waiting = new WaitingRoom((request) => this.#fail(this.#whyNotYet(request)));
  }

  /** Answers one envelope, perhaps only when its turn has come. */
  async answer(envelope: Uint8Array, signal: AbortSignal): Promise<HostAnswer> {
    if (this.problems.length > 0) return { kind: 'break' };
    const ours = readRequest(envelope);
    if (typeof ours === 'string') return this.#fail(`a request that is no WS-Man: ${ours}`);
    for (;;) {
      const answer = this.#consider(ours);
      if (answer === 'not yet' || answer === 'never') {
        const woken = await this.#waiting.wait(ours, answer, signal);
        if (woken !== undefined) return woken;
        if (this.problems.length > 0) return { kind: 'break' };
        continue;
      }
      this.#waiting.wakeAll();
      return answer instanceof Promise ? await answer : answer;
    }
  }

  /** What the recorded client sent and ours did not. */
  unfinished(): readonly string[] {
    return this.#entries
      .filter(
        (entry) => !isDone(entry) && !optionalActs.some(({ isOptional }) => isOptional(entry, this.#entries)),
      )
      .map((entry) => `${nameOf(entry)} never came`);
  }

  /** Lets go of every request that still waits. */
  close(): void {
    this.#waiting.closeAll();
  }

  #consider(ours: Request): HostAnswer | Promise<HostAnswer> | 'not yet' | 'never' {
    if (this.#broken !== undefined && isRepeated(this.#broken, ours)) return this.#reply(this.#broken, ours);
    switch (ours.verb) {
      case 'Receive':
        return this.#receive(ours);
      case 'Send':
        return this.#send(ours);
      default:
        if (ours.facts.get('Signal/Code') === signalCodes.terminate) return this.#terminate(ours);
        return this.#act(ours);
    }
  }

  #receive(ours: Request): HostAnswer | Promise<HostAnswer> | 'not yet' | 'never' {
    const entry = this.#entries.find(
      (candidate) => isReceive(candidate) && !isDone(candidate) && this.#isSameTarget(candidate, ours),
    );
    if (entry === undefined) return 'never';
    const before = this.#before(entry).filter((earlier) => !isReceive(earlier));
    if (!before.every((earlier) => isDone(earlier) || this.#isOptional(earlier))) return 'not yet';
    return this.#check(entry, ours) ?? this.#reply(entry, ours);
  }

  #send(ours: Request): HostAnswer | Promise<HostAnswer> {
    const ofTarget = this.#entries.filter(
      (entry) =>
        !isContentDone(entry) && this.ids.isSame(entry.request.shellId, ours.shellId) && !entry.isSkipped,
    );
    const touched = ours.isPsrp ? this.#takeMessages(ours) : this.#takeInput(ofTarget, ours);
    if (typeof touched === 'string') return this.#fail(touched);
    const entry = touched.find((candidate) => isSend(candidate) && !candidate.isAnswered);
    if (entry === undefined) return synthetic.sent(ours);
    const differences = sendDiffers(entry.request, ours, this.ids);
    return this.#failOn(entry, differences) ?? this.#reply(entry, ours);
  }

  #takeInput(entries: readonly Entry[], ours: Request): readonly Entry[] | string {
    const sends = entries.filter((entry) => isSend(entry) && this.#isSameTarget(entry, ours));
    if (ours.payload === undefined || sends.length === 0)
      return 'a Send where the recorded client sent no more';
    const matched = takeInput(sends, ours.payload);
    for (const { entry, differences } of matched) {
      const [first] = differences;
      if (first !== undefined) return `${nameOf(entry)}: ${formatDifference(first)}`;
    }
    return matched.map(({ entry }) => entry);
  }

  /** Takes the messages that are complete now; what they are instead of the recorded ones is a problem. */
  #takeMessages(ours: Request): readonly Entry[] | string {
    const messages = this.#assembly.take(ours);
    if (typeof messages === 'string') return `${ours.verb}: its fragments are unreadable: ${messages}`;
    const touched: Entry[] = [];
    const ofShell = this.#entries.filter(({ request }) => this.ids.isSame(request.shellId, ours.shellId));
    for (const message of messages) {
      const matched = takeMessage(ofShell, message, this.ids);
      if (matched === undefined)
        return `${ours.verb}: message ${message.type} where the recorded client sent no more`;
      const [first] = matched.differences;
      if (first !== undefined) return `${nameOf(matched.entry)}: ${formatDifference(first)}`;
      touched.push(matched.entry);
    }
    return touched;
  }

  /** Terminate frees what has ended, and a client may say so when it likes; it may be in the recording. */
  #terminate(ours: Request): HostAnswer | Promise<HostAnswer> {
    this.#waiting.release((request) => isSameCommand(request, ours), synthetic.done);
    const entry = this.#entries.find(
      (candidate) => !isDone(candidate) && this.#isOptional(candidate) && this.#isSignalTo(candidate, ours),
    );
    return entry === undefined ? synthetic.signalled(ours) : this.#reply(entry, ours);
  }

  #isSignalTo({ request }: Entry, ours: Request): boolean {
    if (request.verb !== 'Signal' || !this.ids.isSame(request.shellId, ours.shellId)) return false;
    // The id of a run may have gone to a later one by then.
    return this.ids.isSame(request.commandId, ours.commandId) || !this.ids.isUsed(ours.commandId ?? '');
  }

  #act(ours: Request): HostAnswer | Promise<HostAnswer> | 'not yet' {
    const open = this.#entries.filter((entry) => isAct(entry) && !isDone(entry) && !entry.isAnswered);
    const entry = open.find((candidate) => this.#isSameAct(candidate, ours) || !this.#isOptional(candidate));
    if (entry === undefined) return this.#fail(`${ours.verb} where the recorded client did no more`);
    if (entry.request.verb !== ours.verb) {
      return this.#fail(`${nameOf(entry)}: expected ${describe(entry.request)}, got ${describe(ours)}`);
    }
    if (!this.#isReady(entry)) return 'not yet';
    this.#skipBefore(entry);
    const checked = this.#check(entry, ours);
    if (checked !== undefined) return checked;
    this.#learn(entry, ours);
    const content = ours.isPsrp ? this.#takeMessages(ours) : [];
    if (typeof content === 'string') return this.#fail(content);
    this.#release(ours);
    return this.#reply(entry, ours);
  }

  #isSameAct({ request }: Entry, ours: Request): boolean {
    return request.verb === ours.verb && this.#sameOrNew(request.shellId, ours.shellId);
  }

  #sameOrNew(recorded: string | undefined, ours: string | undefined): boolean {
    return (
      recorded === undefined || this.ids.oursOf(recorded) === undefined || this.ids.isSame(recorded, ours)
    );
  }

  /** Whether all has happened that the recorded client had sent and read before. */
  #isReady(entry: Entry): boolean {
    return this.#before(entry).every((earlier) => {
      if (isDone(earlier) || this.#isOptional(earlier)) return true;
      // What the pool says may stay unread, and what a deleted shell says must.
      return isReceive(earlier) && earlier.request.commandId === undefined;
    });
  }

  #skipBefore(entry: Entry): void {
    for (const earlier of this.#before(entry)) {
      if (isDone(earlier) || !isReceive(earlier)) continue;
      earlier.isSkipped = true;
      this.habits.add('what the pool says stays unread');
    }
  }

  #check(entry: Entry, ours: Request): HostAnswer | undefined {
    const compared = compareFacts(entry.request, ours, this.ids);
    for (const habit of compared.habits) this.habits.add(habit);
    const { request } = entry;
    const differences = [...compared.differences];
    const isCreate = request.verb === 'Create' || request.verb === 'Command';
    if (!isCreate && !this.ids.isSame(request.commandId, ours.commandId)) {
      const expected = request.commandId ?? 'none';
      differences.push({ path: `${request.verb}.(command id)`, expected, got: ours.commandId ?? 'none' });
    }
    if (request.verb !== 'Create' && !this.ids.isSame(request.shellId, ours.shellId)) {
      const expected = request.shellId ?? 'none';
      differences.push({ path: `${request.verb}.(shell id)`, expected, got: ours.shellId ?? 'none' });
    }
    if (!this.ids.learn(request.sessionId, ours.sessionId)) {
      const expected = this.ids.oursOf(request.sessionId) ?? request.sessionId;
      differences.push({ path: `${request.verb}.(session id)`, expected, got: ours.sessionId });
    }
    return this.#failOn(entry, differences);
  }

  /** Ids that a client chooses, or that an override puts in the place of the server's. */
  #learn({ request, exchange }: Entry, ours: Request): void {
    if (request.verb === 'Create' && request.shellId !== undefined && ours.shellId !== undefined) {
      this.ids.learn(request.shellId, ours.shellId);
    }
    if (request.verb !== 'Command') return;
    const given = /CommandId>([^<]+)</.exec(exchange.response ?? '')?.[1];
    if (given === undefined) return;
    const literal = this.#entries.find(
      (later) =>
        later.exchange.index > exchange.index &&
        later.exchange.overrides.length > 0 &&
        this.#overridesCommand(later),
    );
    if (literal?.request.commandId !== undefined) this.ids.relearn(given, literal.request.commandId);
    else if (ours.commandId !== undefined) this.ids.relearn(request.commandId ?? given, ours.commandId);
  }

  #overridesCommand({ exchange }: Entry): boolean {
    return exchange.overrides.some(({ attributes }) => attributes.has('CommandId'));
  }

  /** What held Receives hear when their shell or command comes to an end. */
  #release(ours: Request): void {
    const { verb } = ours;
    const ofShell = (request: Request): boolean => sameText(request.shellId, ours.shellId);
    if (verb === 'Delete') {
      this.#waiting.release(ofShell, synthetic.shellGone);
      for (const entry of this.#entries) {
        if (isReceive(entry) && this.ids.isSame(entry.request.shellId, ours.shellId))
          entry.isSkipped ||= !isDone(entry);
      }
    }
    if (verb === 'Disconnect') this.#waiting.release(ofShell, synthetic.disconnected);
    if (verb === 'Signal') {
      const hasMore = this.#entries.some(
        (entry) => isReceive(entry) && !isDone(entry) && this.#isSameTarget(entry, ours),
      );
      if (!hasMore) this.#waiting.release((request) => isSameCommand(request, ours), synthetic.done);
    }
  }

  #reply(entry: Entry, ours: Request): HostAnswer | Promise<HostAnswer> {
    if (!entry.isAnswered && isReceive(entry)) this.transcript.add(entry);
    entry.isAnswered = true;
    const { exchange } = entry;
    const answer = this.#recorded(entry, ours);
    this.#broken = answer.kind === 'answer' ? undefined : entry;
    return exchange.delaySeconds === 0 ? answer : this.#waiting.later(exchange.delaySeconds, answer);
  }

  #recorded(entry: Entry, ours: Request): HostAnswer {
    const { exchange } = entry;
    if (exchange.isDenied) return { kind: 'denied' };
    if (exchange.breaks || exchange.response === undefined) return { kind: 'break' };
    const status = exchange.status ?? (isFault(exchange.response) ? 500 : 200);
    return { kind: 'answer', status, body: answerFor(exchange, ours, this.ids) };
  }

  #isSameTarget({ request }: Entry, ours: Request): boolean {
    return (
      this.ids.isSame(request.shellId, ours.shellId) && this.ids.isSame(request.commandId, ours.commandId)
    );
  }

  #isOptional(entry: Entry): boolean {
    return optionalActs.some(({ isOptional }) => isOptional(entry, this.#entries));
  }

  #before(entry: Entry): readonly Entry[] {
    return this.#entries.slice(0, entry.exchange.index);
  }

  #failOn(entry: Entry, differences: readonly Difference[]): HostAnswer | undefined {
    const [first] = differences;
    if (first === undefined) return undefined;
    for (const difference of differences.slice(1))
      this.problems.push(`${nameOf(entry)}: ${formatDifference(difference)}`);
    return this.#fail(`${nameOf(entry)}: ${formatDifference(first)}`);
  }

  #fail(problem: string): HostAnswer {
    this.problems.unshift(problem);
    this.#waiting.closeAll();
    return { kind: 'break' };
  }

  #whyNotYet(ours: Request): string {
    const missing = this.#entries.find((entry) => !isDone(entry) && !this.#isOptional(entry));
    const awaited = missing === undefined ? 'nothing more' : describe(missing.request);
    const name = missing === undefined ? '' : `${nameOf(missing)}: `;
    return `${name}expected ${awaited}, but the client waits for ${describe(ours)}`;
  }
}

function isRepeated({ request }: Entry, ours: Request): boolean {
  return request.verb === ours.verb && request.verb !== 'Receive';
}

function isSameCommand(request: Request, ours: Request): boolean {
  return sameText(request.shellId, ours.shellId) && sameText(request.commandId, ours.commandId);
}

function sameText(left: string | undefined, right: string | undefined): boolean {
  return left?.toLowerCase() === right?.toLowerCase();
}

function describe({ verb, resourceUri, commandId, facts }: Request): string {
  const resource = resourceUri.slice(resourceUri.lastIndexOf('/') + 1);
  const code = facts.get('Signal/Code');
  const parts = [verb, resource, commandId === undefined ? '' : `of command ${commandId}`, code ?? ''];
  return parts.filter((part) => part !== '').join(' ');
}
