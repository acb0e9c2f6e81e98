import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { formatDifference } from '../difference.ts';
import type { Difference } from '../difference.ts';
import { IdMap } from '../ids.ts';
import { answerFor, isFault } from './answer.ts';
import { sendDiffers, takeInput, takeMessage } from './content.ts';
import { isReceive, isSend, nameOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { compareEnvelopes } from './facts.ts';
import type { HostAnswer } from './host-answer.ts';
import { ClientMessages } from './messages.ts';
import { describeRequest, isSameCommand, isSameShell, readRequest } from './request.ts';
import type { Request } from './request.ts';
import { Script } from './script.ts';
import { synthetic } from './synthetic.ts';
import { Transcript } from './transcript.ts';
import { WaitingRoom } from './waiting-room.ts';

type Considered = HostAnswer | Promise<HostAnswer> | 'not yet' | 'never';

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
  readonly #habits = new Set<string>();
  readonly #script: Script;
  readonly #assembly = new ClientMessages();
  readonly #waiting: WaitingRoom;
  /** The last request whose connection broke or that was denied; it may be repeated. */
  #broken: Entry | undefined;
  #isClosed = false;
  #lastAllowed = -1;
  readonly #trouble = Promise.withResolvers<undefined>();

  constructor(entries: readonly Entry[]) {
    this.#script = new Script(entries, this.ids);
    this.#waiting = new WaitingRoom((request) => this.#fail(this.#script.whyNotYet(request)));
  }

  /** Answers one envelope, perhaps only when its turn has come. */
  async answer(envelope: Uint8Array, signal: AbortSignal): Promise<HostAnswer> {
    const ours = readRequest(envelope);
    if (typeof ours === 'string') return this.#fail(`a request that is no WS-Man: ${ours}`);
    while (this.problems.length === 0 && !this.#isClosed) {
      const considered = this.#consider(ours);
      if (considered !== 'not yet' && considered !== 'never') {
        this.#waiting.tellAll();
        return considered;
      }
      const given = await this.#waiting.wait(ours, considered, signal);
      if (given !== undefined) return given;
    }
    return { kind: 'break' };
  }

  /**
   * Waits until our client has sent and read all that the recorded one did from the first to the last of these
   * requests, or something was not as recorded.
   */
  async covered(range: readonly [number, number]): Promise<void> {
    while (this.problems.length === 0 && !this.#script.isCovered(range)) {
      await this.#waiting.somethingHappens();
    }
  }

  /**
   * Lets answers to Receives go as far as this request: what the recorded client read in a later step must not reach
   * ours before.
   */
  allow(last: number): void {
    this.#lastAllowed = Math.max(last, this.#lastAllowed);
    this.#waiting.tellAll();
  }

  /** Resolves with the first problem. */
  get trouble(): Promise<unknown> {
    return this.#trouble.promise;
  }

  /** What the recorded client sent and ours did not. */
  unfinished(): readonly string[] {
    return this.#script.unfinished();
  }

  /** By which rules something was let pass: habits of ours, and what we need not do. */
  letPass(): readonly string[] {
    return [...this.#habits, ...this.#script.leftOut()];
  }

  /** Ends the conversation: whatever waits, or comes later, finds the connection broken. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.closeAll();
  }

  #consider(ours: Request): Considered {
    if (this.#broken !== undefined && isRepeated(this.#broken, ours)) return this.#reply(this.#broken, ours);
    if (ours.verb === 'Receive') return this.#receive(ours);
    if (ours.verb === 'Send') return this.#send(ours);
    return ours.facts.get('Signal/Code') === signalCodes.terminate ? this.#terminate(ours) : this.#act(ours);
  }

  #receive(ours: Request): Considered {
    if (this.#script.isDisconnected(ours)) return synthetic.disconnected(ours);
    const entry = this.#script.receiveFor(ours);
    if (entry === undefined && this.#broken !== undefined && isReceive(this.#broken)) {
      return this.#reply(this.#broken, ours);
    }
    if (entry === undefined || entry.exchange.index > this.#lastAllowed) return 'never';
    if (!this.#script.isReceiveDue(entry)) return 'not yet';
    return this.#check(entry, ours) ?? this.#reply(entry, ours);
  }

  #send(ours: Request): Considered {
    const touched = ours.isPsrp
      ? this.#takeMessages(ours, this.#script.ofShell(ours))
      : this.#takeInput(ours);
    if (typeof touched === 'string') return this.#fail(touched);
    const entry = touched.find((candidate) => isSend(candidate) && !candidate.isAnswered);
    if (entry === undefined) return synthetic.sent(ours);
    return this.#failOn(entry, sendDiffers(entry.request, ours, this.ids)) ?? this.#reply(entry, ours);
  }

  #takeInput(ours: Request): readonly Entry[] | string {
    const unfinished = this.#script.inputOf(ours);
    if (ours.payload === undefined || unfinished.length === 0) {
      return `${describeRequest(ours)} where the recorded client sent no more`;
    }
    const touched: Entry[] = [];
    for (const { entry, differences } of takeInput(unfinished, ours.payload)) {
      const [first] = differences;
      if (first !== undefined) return `${nameOf(entry)}: ${formatDifference(first)}`;
      touched.push(entry);
    }
    return touched;
  }

  /** Takes the messages that are complete now; what they are instead of the recorded ones is a problem. */
  #takeMessages(ours: Request, places: readonly Entry[]): readonly Entry[] | string {
    const messages = this.#assembly.take(ours);
    if (typeof messages === 'string') return `${ours.verb}: its fragments are unreadable: ${messages}`;
    const touched: Entry[] = [];
    for (const message of messages) {
      const matched = takeMessage(places, message, this.ids);
      if (matched === undefined) {
        return `${ours.verb}: message ${message.type} where the recorded client sent no more`;
      }
      const [first] = matched.differences;
      if (first !== undefined) return `${nameOf(matched.entry)}: ${formatDifference(first)}`;
      touched.push(matched.entry);
    }
    return touched;
  }

  /** Terminate frees what has ended, and a client may say so when it likes; it may be in the recording. */
  #terminate(ours: Request): Considered {
    this.#waiting.release((request) => isSameCommand(request, ours), synthetic.done);
    const entry = this.#script.signalFor(ours);
    return entry === undefined ? synthetic.signalled(ours) : this.#reply(entry, ours);
  }

  #act(ours: Request): Considered {
    const extra = this.#unasked(ours);
    if (extra !== undefined) return extra;
    const entry = this.#script.actFor(ours);
    if (entry === undefined)
      return this.#fail(`${describeRequest(ours)} where the recorded client did no more`);
    if (entry.request.verb !== ours.verb) {
      const expected = describeRequest(entry.request);
      return this.#fail(`${nameOf(entry)}: expected ${expected}, got ${describeRequest(ours)}`);
    }
    if (!this.#script.isActDue(entry)) return 'not yet';
    if (this.#script.passOver(entry)) this.#habits.add('what the pool says stays unread');
    const failed = this.#check(entry, ours);
    if (failed !== undefined) return failed;
    this.#learn(entry, ours);
    // A new shell may get another id than the client sent, so that its messages are found by their place.
    const places = ours.verb === 'Create' ? [entry] : this.#script.ofShell(ours);
    const content = ours.isPsrp ? this.#takeMessages(ours, places) : [];
    if (typeof content === 'string') return this.#fail(content);
    this.#letGo(ours);
    return this.#reply(entry, ours);
  }

  /** What the recorded client did not do, and what does no harm (INDEX.md §3.5). */
  #unasked(ours: Request): HostAnswer | undefined {
    if (this.#script.isTidyingUp(ours)) {
      this.#habits.add('a shell that is of no use any more is deleted');
      this.#letGo(ours);
      return synthetic.deleted(ours);
    }
    if (!this.#script.isGentler(ours)) return undefined;
    this.#habits.add('a command is asked to stop before it is terminated');
    return synthetic.signalled(ours);
  }

  #check(entry: Entry, ours: Request): HostAnswer | undefined {
    const { differences, habits } = compareEnvelopes(entry.request, ours, this.ids);
    for (const habit of habits) this.#habits.add(habit);
    return this.#failOn(entry, differences);
  }

  /** Ids that a client chooses, or that an override puts in the place of the server's. */
  #learn(entry: Entry, ours: Request): void {
    const { request, exchange } = entry;
    if (request.verb === 'Create' && request.shellId !== undefined && ours.shellId !== undefined) {
      this.ids.learn(request.shellId, ours.shellId);
    }
    const given =
      request.verb === 'Command' ? /CommandId>([^<]+)</.exec(exchange.response ?? '')?.[1] : undefined;
    if (given === undefined) return;
    const literal = this.#script.literalCommandAfter(entry);
    if (literal !== undefined) this.ids.relearn(given, literal);
    else if (ours.commandId !== undefined) this.ids.relearn(request.commandId ?? given, ours.commandId);
  }

  /** What held Receives hear when their shell or command comes to an end. */
  #letGo(ours: Request): void {
    const ofShell = (request: Request): boolean => isSameShell(request, ours);
    if (ours.verb === 'Disconnect') this.#waiting.release(ofShell, synthetic.disconnected);
    if (ours.verb === 'Delete') {
      this.#waiting.release(ofShell, synthetic.shellGone);
      this.#script.endShell(ours);
    }
    if (ours.verb === 'Signal' && this.#script.receiveFor(ours) === undefined) {
      this.#waiting.release((request) => isSameCommand(request, ours), synthetic.done);
    }
  }

  #reply(entry: Entry, ours: Request): HostAnswer | Promise<HostAnswer> {
    if (!entry.isAnswered && isReceive(entry)) this.transcript.add(entry);
    entry.isAnswered = true;
    const answer = this.#recorded(entry, ours);
    this.#broken = answer.kind === 'answer' ? undefined : entry;
    const { delaySeconds } = entry.exchange;
    return delaySeconds === 0 ? answer : this.#waiting.later(delaySeconds, answer);
  }

  #recorded({ exchange }: Entry, ours: Request): HostAnswer {
    if (exchange.isDenied) return { kind: 'denied' };
    if (exchange.breaks || exchange.response === undefined) return { kind: 'break' };
    const status = exchange.status ?? (isFault(exchange.response) ? 500 : 200);
    return { kind: 'answer', status, body: answerFor(exchange, ours, this.ids) };
  }

  #failOn(entry: Entry, differences: readonly Difference[]): HostAnswer | undefined {
    const [first, ...others] = differences.map((found) => `${nameOf(entry)}: ${formatDifference(found)}`);
    if (first === undefined) return undefined;
    this.problems.push(...others);
    return this.#fail(first);
  }

  #fail(problem: string): HostAnswer {
    this.problems.unshift(problem);
    this.#trouble.resolve(undefined);
    this.#waiting.closeAll();
    return { kind: 'break' };
  }
}

/** A Receive is asked again as a matter of course; other requests only where an answer never came. */
function isRepeated({ request }: Entry, ours: Request): boolean {
  return request.verb === ours.verb && request.verb !== 'Receive';
}
