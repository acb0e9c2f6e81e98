import { errorRecord } from './error-record.ts';
import type { HostAnswer, HostCall } from './host-call.ts';
import type { HostInfo } from './host-info.ts';

/** The client's host: what the server is told of it, and how it answers. */
export interface PsrpHost {
  readonly info: Exclude<HostInfo, 'pool'>;
  /** `later` when the answer takes time: `PsrpClient.answerHostCall` then gives it, and the pipeline waits for it. */
  answer(call: HostCall): HostAnswer | 'later';
}

/** A host whose user answers every call that wants an answer, in their own time, by `PsrpClient.answerHostCall`. */
export function askingHost(info: PsrpHost['info']): PsrpHost {
  return { info, answer: () => 'later' };
}

/** No host: the server makes no calls and lets prompts fail by itself. A call that comes all the same is refused. */
export const noHost: PsrpHost = { info: 'none', answer: refuse };

const minimalAnswers: ReadonlyMap<string, HostAnswer> = new Map([
  ['GetName', { kind: 'value', value: 'Countersign' }],
  ['GetVersion', { kind: 'value', value: { kind: 'version', text: '1.0' } }],
  ['GetCurrentCulture', { kind: 'value', value: 'en-US' }],
  ['GetCurrentUICulture', { kind: 'value', value: 'en-US' }],
  ['SetShouldExit', { kind: 'done' }],
  ['NotifyBeginApplication', { kind: 'done' }],
  ['NotifyEndApplication', { kind: 'done' }],
]);

/**
 * A host that nobody sits at: it takes what is written (the calls are events too, among them `SetShouldExit`, which
 * carries the code of `exit`), says who it is, and refuses to be asked anything.
 */
export const minimalHost: PsrpHost = {
  info: 'minimal',
  answer(call) {
    const answer = minimalAnswers.get(call.method);
    if (answer !== undefined) return answer;
    return call.method.startsWith('Write') ? { kind: 'done' } : refuse(call);
  },
};

/** The answer that nobody can give one. */
export function refuse(call: HostCall): HostAnswer {
  const message = `Nobody can answer ${call.method} here: the session is not interactive.`;
  return {
    kind: 'refused',
    error: errorRecord({
      message,
      fullyQualifiedErrorId: 'NotInteractive',
      category: 'InvalidOperation',
      exceptionType: 'System.Management.Automation.Host.HostException',
    }),
  };
}
