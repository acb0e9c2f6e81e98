import { integerOf, propertyOf } from '../../../src/core/ps-value.ts';
import { decodeErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import type { HostAnswer, HostCall } from '../../../src/wire/psrp/host-call.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import type { PlayedHostCall } from '../expect/host-calls.ts';
import { valueOf } from '../values/notation.ts';
import { asMapping } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { fromNowhere } from './statements.ts';

/** A host whose user answers from a script: what `hostCalls` of a step says, else what was answered then. */
export class ScriptHost {
  /** Every call so far, in order. */
  readonly calls: PlayedHostCall[] = [];
  readonly #answers: Mapping[] = [];
  readonly #recorded: readonly PsrpMessage[];

  /** @param recorded - Answers that the recorded client sent. */
  constructor(recorded: readonly PsrpMessage[]) {
    this.#recorded = recorded;
  }

  /** Learns the answers of the next step. */
  expect(hostCalls: readonly unknown[]): void {
    for (const call of hostCalls) this.#answers.push(asMapping(call) ?? {});
  }

  answer(call: HostCall): HostAnswer {
    const callId = call.callId === undefined ? -100 : Number(call.callId);
    const { method, methodId, parameters } = call;
    this.calls.push({ callId, method, methodId, parameters });
    if (call.callId === undefined) return { kind: 'done' };
    return this.#described(callId, methodId) ?? this.#answeredThen(callId, methodId) ?? { kind: 'done' };
  }

  #described(callId: number, methodId: number): HostAnswer | undefined {
    const at = this.#answers.findIndex(
      (answer) => answer['callId'] === callId && answer['methodId'] === methodId && 'response' in answer,
    );
    const [answer] = at < 0 ? [] : this.#answers.splice(at, 1);
    return answer === undefined
      ? undefined
      : { kind: 'value', value: valueOf(answer['response'], fromNowhere) };
  }

  #answeredThen(callId: number, methodId: number): HostAnswer | undefined {
    const message = this.#recorded.find(
      ({ body }) =>
        integerOf(propertyOf(body, 'ci')) === callId && integerOf(propertyOf(body, 'mi')) === methodId,
    );
    if (message === undefined) return undefined;
    const error = propertyOf(message.body, 'me');
    if (error !== undefined) return { kind: 'refused', error: decodeErrorRecord(error) };
    const value = propertyOf(message.body, 'mr');
    return value === undefined ? { kind: 'done' } : { kind: 'value', value };
  }
}
