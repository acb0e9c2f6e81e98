import { decodeMessage, messageTypes } from '../../wire/psrp/message.ts';
import { fragmentHeaderBytes, readFragmentHeader } from '../../wire/psrp/fragment.ts';
import { decodePipelineState, isFinal } from '../../wire/psrp/states.ts';
import { concatBytes } from '../../wire/bytes/concat.ts';

/**
 * Watches the fragments that PowerShell sends for one pipeline, and sees its end, which the out-of-process protocol
 * itself does not tell. Only state messages are looked into; the rest goes by unread.
 */
export class PipelineEnd {
  readonly #states = new Map<bigint, Uint8Array[]>();

  /** Takes whole fragments; true when the last of them says that the pipeline is over. */
  isReachedBy(fragments: Uint8Array): boolean {
    let reached = false;
    for (let rest = fragments; ;) {
      const header = readFragmentHeader(rest);
      if (header === undefined) return reached;
      const end = fragmentHeaderBytes + header.blobBytes;
      const blob = rest.subarray(fragmentHeaderBytes, end);
      if (header.start && isStateMessage(blob)) this.#states.set(header.objectId, []);
      const parts = this.#states.get(header.objectId);
      parts?.push(blob);
      if (parts !== undefined && header.end) {
        this.#states.delete(header.objectId);
        reached ||= isFinalState(concatBytes(...parts));
      }
      rest = rest.subarray(end);
    }
  }
}

/** The type stands behind the destination, as u32 little-endian. */
function isStateMessage(blob: Uint8Array): boolean {
  if (blob.length < 8) return false;
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  return view.getUint32(4, true) === messageTypes['pipeline-state'];
}

function isFinalState(message: Uint8Array): boolean {
  const decoded = decodeMessage(message);
  const state = decoded.ok ? decodePipelineState(decoded.value.body) : decoded;
  return state.ok && isFinal(state.value.state);
}
