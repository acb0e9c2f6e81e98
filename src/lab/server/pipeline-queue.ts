import { decodeBase64 } from '../../wire/bytes/base64.ts';
import { fragmentHeaderBytes, readFragmentHeader } from '../../wire/psrp/fragment.ts';
import { messageTypes } from '../../wire/psrp/message.ts';
import type { MessageType } from '../../wire/psrp/message.ts';
import type { CommandLine } from '../../wire/wsman/command-line.ts';
import type { StreamData } from '../../wire/wsman/receive.ts';
import type { BufferMode } from '../../wire/wsman/shell-description.ts';
import { OutputQueue } from './output-queue.ts';

/** The first fragments of a pipeline, which PSRP sends as arguments; undefined where they are no base64. */
export function pipelineFragments(line: CommandLine): Uint8Array | undefined {
  return decodeBase64(line.arguments.join(''));
}

/** The output of one pipeline, of which buffer mode `Drop` may lose whole records, but no state. */
export function pipelineQueue(mode: BufferMode): OutputQueue {
  const queue = new OutputQueue({ isDroppable: isWholeRecord });
  queue.setMode(mode);
  return queue;
}

/** Losing a part of an object, or the news that the pipeline ended, would leave the client at a loss. */
function isWholeRecord({ data }: StreamData): boolean {
  const header = readFragmentHeader(data);
  if (header?.start !== true || !header.end) return false;
  const end = fragmentHeaderBytes + header.blobBytes;
  if (data.length !== end || header.blobBytes < 8) return false;
  const view = new DataView(data.buffer, data.byteOffset + fragmentHeaderBytes, header.blobBytes);
  // The type stands behind the destination, as u32 little-endian.
  return droppable.has(view.getUint32(4, true));
}

const records: readonly MessageType[] = [
  'pipeline-output',
  'error-record',
  'warning-record',
  'verbose-record',
  'debug-record',
  'information-record',
  'progress-record',
];
const droppable: ReadonlySet<number> = new Set(records.map((type) => messageTypes[type]));
