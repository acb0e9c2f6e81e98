import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { concatBytes } from '../bytes/concat.ts';
import { fragmentHeaderBytes, readFragmentHeader } from './fragment.ts';
import type { FragmentHeader } from './fragment.ts';

/** Bounds on what may wait for its end; exceeding one is failure `psrp.too-large` or `psrp.malformed`. */
export interface ReassemblyLimits {
  /** Bytes of one message, and of all unfinished messages of a stream together. */
  readonly maxMessageBytes: number;
  readonly maxOpenMessages: number;
  readonly maxFragments: number;
}

export const defaultReassemblyLimits: ReassemblyLimits = {
  maxMessageBytes: 50 * 1024 * 1024,
  maxOpenMessages: 8,
  maxFragments: 100_000,
};

/**
 * Puts the fragments of one stream back together; the bytes may arrive cut anywhere.
 *
 * After a failure the stream is unusable, and every further call repeats it.
 */
export class Reassembler {
  readonly #limits: ReassemblyLimits;
  readonly #open = new Map<bigint, Uint8Array[]>();
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #neededBytes = fragmentHeaderBytes;
  #openBytes = 0;
  #failure: Failure | undefined;

  constructor(limits = defaultReassemblyLimits) {
    this.#limits = limits;
  }

  /** Whether a message or fragment has begun and not ended. */
  get isUnfinished(): boolean {
    return this.#open.size > 0 || this.#waitingBytes > 0;
  }

  /** Takes bytes and gives the messages that became complete, in the order of their ends. */
  receive(bytes: Uint8Array): Result<readonly Uint8Array[]> {
    if (this.#failure !== undefined) return err(this.#failure);
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes < this.#neededBytes) return ok([]);

    const messages: Uint8Array[] = [];
    let rest = this.#waiting.length === 1 ? bytes : concatBytes(...this.#waiting);
    for (;;) {
      const header = readFragmentHeader(rest);
      const whole = fragmentHeaderBytes + (header?.blobBytes ?? 0);
      if (header !== undefined) this.#failure = this.#problemOf(header);
      if (this.#failure !== undefined) return err(this.#failure);
      this.#neededBytes = whole;
      if (header === undefined || rest.length < whole) break;
      const message = this.#add(header, rest.subarray(fragmentHeaderBytes, whole));
      if (message !== undefined) messages.push(message);
      rest = rest.subarray(whole);
    }
    // A copy: what was handed in may be reused by its owner.
    this.#waiting = rest.length === 0 ? [] : [rest.slice()];
    this.#waitingBytes = rest.length;
    return ok(messages);
  }

  #problemOf(header: FragmentHeader): Failure | undefined {
    const { maxMessageBytes, maxOpenMessages, maxFragments } = this.#limits;
    const parts = this.#open.get(header.objectId);
    const expected = parts?.length ?? 0;
    if (this.#openBytes + header.blobBytes > maxMessageBytes) {
      return failure('psrp.too-large', { maxBytes: maxMessageBytes });
    }
    if (header.fragmentId !== BigInt(expected) || header.start !== (expected === 0)) {
      const reason = `fragment ${header.fragmentId} of object ${header.objectId} is out of order`;
      return failure('psrp.malformed', { reason });
    }
    if (parts === undefined && this.#open.size >= maxOpenMessages) {
      return failure('psrp.malformed', { reason: `more than ${maxOpenMessages} messages are interleaved` });
    }
    if (expected >= maxFragments) {
      return failure('psrp.malformed', { reason: `a message has more than ${maxFragments} fragments` });
    }
    return undefined;
  }

  #add(header: FragmentHeader, blob: Uint8Array): Uint8Array | undefined {
    const parts = this.#open.get(header.objectId) ?? [];
    if (!header.end) {
      parts.push(blob.slice());
      this.#open.set(header.objectId, parts);
      this.#openBytes += blob.length;
      return undefined;
    }
    this.#open.delete(header.objectId);
    const message = concatBytes(...parts, blob);
    this.#openBytes -= message.length - blob.length;
    return message;
  }
}
