import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** Object id, fragment id, flags and length. */
export const fragmentHeaderBytes = 21;

const startFlag = 1;
const endFlag = 2;

/** The header of a fragment, and how many bytes of the message follow it. */
export interface FragmentHeader {
  readonly objectId: bigint;
  readonly fragmentId: bigint;
  readonly start: boolean;
  readonly end: boolean;
  readonly blobBytes: number;
}

/**
 * Splits one PSRP message into fragments that fit a WSMan envelope.
 *
 * @param message - Serialised message, header included.
 * @param maxBytes - Largest fragment in bytes, header included; at least 22 (21 header + 1 data).
 * @returns Fragments in sending order, sharing one object id; the first has `start`, the last `end`.
 *   Failure `psrp.fragment-size` when `maxBytes` is below 22.
 * @see MS-PSRP §2.2.4 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function splitMessage(objectId: bigint, message: Uint8Array, maxBytes: number): Result<Uint8Array[]> {
  const room = maxBytes - fragmentHeaderBytes;
  if (room < 1) return err(failure('psrp.fragment-size', { maxBytes }));
  const fragments: Uint8Array[] = [];
  for (let offset = 0; offset === 0 || offset < message.length; offset += room) {
    const blob = message.subarray(offset, offset + room);
    const flags = (offset === 0 ? startFlag : 0) | (offset + room >= message.length ? endFlag : 0);
    const header = new ByteWriter()
      .u64be(objectId)
      .u64be(BigInt(fragments.length))
      .u8(flags)
      .u32be(blob.length);
    fragments.push(header.bytes(blob).finish());
  }
  return ok(fragments);
}

/** Reads a fragment's header; undefined when there are fewer than 21 bytes. */
export function readFragmentHeader(bytes: Uint8Array): FragmentHeader | undefined {
  const reader = new ByteReader(bytes);
  const objectId = reader.u64be();
  const fragmentId = reader.u64be();
  const flags = reader.u8();
  const blobBytes = reader.u32be();
  if (reader.isShort) return undefined;
  return { objectId, fragmentId, start: (flags & startFlag) !== 0, end: (flags & endFlag) !== 0, blobBytes };
}
