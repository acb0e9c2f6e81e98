import type { Instant } from '../../core/time.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** Milliseconds between 1601-01-01 and 1970-01-01. */
const epochOffsetMs = 11_644_473_600_000n;

/** A FILETIME: 100 ns steps since 1601, 8 bytes little-endian. */
export function encodeFileTime(at: Instant): Uint8Array {
  return new ByteWriter().u64le((BigInt(Math.trunc(at)) + epochOffsetMs) * 10_000n).finish();
}
