import { decodeMessage } from '../../../src/wire/psrp/message.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';
import type { ReassemblyLimits } from '../../../src/wire/psrp/reassembler.ts';
import type { Request } from './request.ts';

const limits: ReassemblyLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxOpenMessages: 64,
  maxFragments: 100_000,
};

/** Puts the fragments that a client sends back together, shell by shell: its object ids count per shell. */
export class ClientMessages {
  readonly #streams = new Map<string, Reassembler>();

  /** The messages that become complete with this request. @returns The reason as a text where they cannot be read. */
  take({ verb, shellId = '', payload, isPsrp }: Request): readonly PsrpMessage[] | string {
    if (!isPsrp || payload === undefined) return [];
    const key = shellId.toLowerCase();
    // A shell that is created or connected to begins to count anew.
    if (verb === 'Create' || verb === 'Connect') this.#streams.delete(key);
    const stream = this.#streams.get(key) ?? new Reassembler(limits);
    this.#streams.set(key, stream);
    const whole = stream.receive(payload.bytes);
    if (!whole.ok) return whole.error.message;
    const messages: PsrpMessage[] = [];
    for (const bytes of whole.value) {
      const message = decodeMessage(bytes);
      if (!message.ok) return message.error.message;
      messages.push(message.value);
    }
    return messages;
  }
}
