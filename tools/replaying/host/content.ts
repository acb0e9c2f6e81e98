import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import type { Difference } from '../difference.ts';
import { shorten } from '../values/describe.ts';
import type { IdMap } from '../ids.ts';
import type { Entry } from './entry.ts';
import { matchMessage } from './message-match.ts';
import type { Payload, Request } from './request.ts';

/** An entry of which something came with a request of ours, and what differs in it. */
export interface Matched {
  readonly entry: Entry;
  readonly differences: readonly Difference[];
}

const beginsPipeline: ReadonlySet<PsrpMessage['type']> = new Set(['create-pipeline', 'get-command-metadata']);

/**
 * Finds what the recorded client sent in the place of a message of ours: the first one in the recording that has not
 * come yet, of the same pipeline or of the pool.
 *
 * @returns undefined where the recorded client sent no more to it.
 */
export function takeMessage(entries: readonly Entry[], ours: PsrpMessage, ids: IdMap): Matched | undefined {
  const entry = entries.find((candidate) => {
    const next = candidate.messages[candidate.matchedMessages];
    return next !== undefined && isSameQueue(next, ours, ids);
  });
  const recorded = entry?.messages[entry.matchedMessages];
  if (entry === undefined || recorded === undefined) return undefined;
  entry.matchedMessages += 1;
  // The recorded client may run one pipeline object twice under one id; a run of ours has an id of its own.
  if (beginsPipeline.has(ours.type)) ids.relearn(recorded.pipelineId, ours.pipelineId);
  return { entry, differences: matchMessage(recorded, ours, ids) };
}

function isSameQueue(recorded: PsrpMessage, ours: PsrpMessage, ids: IdMap): boolean {
  if (ours.pipelineId === emptyGuid || recorded.pipelineId === emptyGuid) {
    return ours.pipelineId === recorded.pipelineId;
  }
  if (beginsPipeline.has(ours.type)) return beginsPipeline.has(recorded.type);
  return ids.oursOf(recorded.pipelineId) === ours.pipelineId.toLowerCase();
}

/** Compares input for a process, which may be cut anywhere, with what is left of the recorded input. */
export function takeInput(unfinished: readonly Entry[], { bytes, isEnd }: Payload): readonly Matched[] {
  const matched: Matched[] = [];
  let rest = bytes;
  for (const entry of unfinished) {
    const recorded = entry.request.payload;
    if (recorded === undefined) continue;
    const part = rest.subarray(0, recorded.bytes.length - entry.matchedBytes);
    const expected = recorded.bytes.subarray(entry.matchedBytes, entry.matchedBytes + part.length);
    matched.push({ entry, differences: compareBytes(expected, part) });
    entry.matchedBytes += part.length;
    rest = rest.subarray(part.length);
    const isWhole = entry.matchedBytes === recorded.bytes.length;
    if (isWhole && recorded.isEnd && isEnd && rest.length === 0) {
      entry.hasEnded = true;
      return matched;
    }
    if (rest.length === 0 && !isEnd) return matched;
  }
  const last = matched.at(-1)?.entry;
  if (last === undefined) return [];
  const got = rest.length > 0 ? text(rest) : 'the end of the input';
  const expected = rest.length > 0 ? 'no more input' : 'input that goes on';
  return [...matched, { entry: last, differences: [{ path: 'Send.Stream', expected, got }] }];
}

function compareBytes(expected: Uint8Array, got: Uint8Array): readonly Difference[] {
  if (Buffer.compare(expected, got) === 0) return [];
  return [{ path: 'Send.Stream', expected: text(expected), got: text(got) }];
}

const text = (bytes: Uint8Array): string => shorten(JSON.stringify(new TextDecoder().decode(bytes)));

/** Where the envelope of a Send says something else than the recorded one: its stream and its command. */
export function sendDiffers(recorded: Request, ours: Request, ids: IdMap): readonly Difference[] {
  const streams = [recorded.payload?.stream ?? '', ours.payload?.stream ?? ''];
  const differences: Difference[] = [];
  if (streams[0] !== streams[1]) {
    differences.push({ path: 'Send.Stream.(name)', expected: streams[0] ?? '', got: streams[1] ?? '' });
  }
  // Answers of a host may name the command or leave it out: the message inside names the pipeline.
  const isHostAnswer = ours.payload?.stream === 'pr';
  if (!isHostAnswer && !ids.isSame(recorded.commandId, ours.commandId)) {
    const expected = recorded.commandId ?? 'none';
    differences.push({ path: 'Send.Stream.(command)', expected, got: ours.commandId ?? 'none' });
  }
  return differences;
}
