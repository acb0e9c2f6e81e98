import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Failure } from '../core/failure.ts';
import type { Lease } from './host-link.ts';
import type { PipelineInput } from './pipeline-input.ts';
import type { PipelineLink } from './pipeline-link.ts';

export interface PipelineStart {
  /** GUID by which PSRP knows it. */
  readonly id: string;
  /** Of the message that creates it. */
  readonly fragments: readonly Uint8Array[];
  readonly input: PipelineInput;
  /** Hears the id by which the server knows it. */
  readonly begun: (commandId: string) => void;
  readonly signal: AbortSignal;
}

/** Where it stopped: at the Command itself, or at what had to follow it. */
export interface StartFailure {
  readonly at: 'command' | 'send';
  readonly failure: Failure;
}

/** Sends Command with the first fragment, then the others and the input that is known already. */
export async function startPipeline(
  { shell, host }: PipelineLink,
  { wsman }: Lease,
  { id, fragments, input, begun, signal }: PipelineStart,
): Promise<Result<void, StartFailure>> {
  const [first = new Uint8Array(0), ...rest] = fragments;
  const started = await wsman.command(shell, { commandId: id, fragments: first }, signal);
  if (!started.ok) return err({ at: 'command', failure: started.error });
  const commandId = started.value;
  begun(commandId);
  for (const data of rest) {
    const sent = await wsman.send(shell, { stream: 'stdin', commandId, data }, signal);
    if (!sent.ok) return err({ at: 'send', failure: sent.error });
  }
  const sent = await input.use({ wsman, shell, commandId, signal });
  if (!sent.ok) return err({ at: 'send', failure: sent.error });
  // From now on this connection waits for output, and what must be said goes over another.
  await input.use({ wsman: host.control, shell, commandId, signal });
  return ok(undefined);
}
