import { decodeMessage } from '../../../src/wire/psrp/message.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import { isTimedOut } from '../../../src/wire/wsman/fault-failure.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceived } from '../../../src/wire/wsman/receive.ts';
import type { Entry } from './entry.ts';

/** What one Receive brought, as INDEX.md names it. */
export interface Delivered {
  /** Recorded ids. */
  readonly shellId: string;
  readonly commandId: string | undefined;
  /** Place in the recording. */
  readonly index: number;
  /** `Running`, `Pending`, `Done`, `TimedOut`; `Fault` for others, empty where the answer names no state. */
  readonly state: string;
  readonly exitCode: number | undefined;
  /** PSRP messages that became complete, by their names in MS-PSRP: `PIPELINE_OUTPUT`. */
  readonly messages: readonly string[];
}

/** Keeps what the recorded host has delivered: whether a client asked until the end can be seen only here. */
export class Transcript {
  readonly delivered: Delivered[] = [];
  readonly #streams = new Map<string, Reassembler>();

  add({ exchange, request }: Entry): void {
    const { shellId = '', commandId } = request;
    const common = { shellId, commandId, index: exchange.index };
    const envelope = parseEnvelope(new TextEncoder().encode(exchange.response ?? ''), 'Receive');
    const fault = envelope.ok ? parseFault(envelope.value) : undefined;
    if (!envelope.ok || fault !== undefined) {
      const state = fault !== undefined && isTimedOut(fault) ? 'TimedOut' : 'Fault';
      this.delivered.push({ ...common, state, exitCode: undefined, messages: [] });
      return;
    }
    const answer = parseReceived(envelope.value);
    if (!answer.ok) return;
    const key = `${shellId} ${commandId ?? ''}`;
    const messages = request.isPsrp ? answer.value.streams.flatMap(({ data }) => this.#read(key, data)) : [];
    const state = stateNames[answer.value.state ?? ''] ?? '';
    this.delivered.push({ ...common, state, exitCode: answer.value.exitCode, messages });
  }

  #read(key: string, data: Uint8Array): readonly string[] {
    const stream = this.#streams.get(key) ?? new Reassembler();
    this.#streams.set(key, stream);
    const whole = stream.receive(data);
    if (!whole.ok) return [];
    return whole.value.flatMap((bytes) => {
      const message = decodeMessage(bytes);
      return message.ok ? [message.value.type.toUpperCase().replaceAll('-', '_')] : [];
    });
  }
}

const stateNames: Readonly<Record<string, string>> = {
  running: 'Running',
  pending: 'Pending',
  done: 'Done',
};
