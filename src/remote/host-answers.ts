import type { Result } from '../core/result.ts';
import type { HostCallEvent } from '../wire/psrp/client-event.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import type { HostAnswer, HostCall } from '../wire/psrp/host-call.ts';
import { refuse } from '../wire/psrp/host.ts';

/** Answers calls of a host in its own time, such as by asking a person. */
export type HostAnswers = (call: HostCall) => HostAnswer | Promise<HostAnswer>;

/**
 * Lets `answers` answer a host call.
 *
 * @returns Fragments for the stream `pr`; empty where no answer is wanted.
 */
export async function answerHostCall(
  psrp: PsrpClient,
  event: HostCallEvent,
  answers: HostAnswers,
): Promise<Result<readonly Uint8Array[]>> {
  // A call that wants no answer is told all the same: it is what the script writes.
  const answer = await answered(event.call, answers);
  return psrp.answerHostCall(event, answer);
}

/** A host that throws has no answer, and the script must hear that rather than wait. */
async function answered(call: HostCall, answers: HostAnswers): Promise<HostAnswer> {
  try {
    return await answers(call);
  } catch {
    return refuse(call);
  }
}
