import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

/** Ids of AV pairs. @see MS-NLMP §2.2.2.1 https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e */
export const AvId = {
  endOfList: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  flags: 6,
  timestamp: 7,
  targetName: 9,
  channelBindings: 10,
} as const;

/** Bit of MsvAvFlags: the AUTHENTICATE message carries a MIC. */
export const micProvided = 0x2;

export interface AvPair {
  readonly id: number;
  readonly value: Uint8Array;
}

/** The value of the first pair with this id. */
export function findAv(pairs: readonly AvPair[], id: number): Uint8Array | undefined {
  return pairs.find((pair) => pair.id === id)?.value;
}

/** MsvAvFlags as a number; 0 where the pair is absent or too short. */
export function avFlags(pairs: readonly AvPair[]): number {
  return new ByteReader(findAv(pairs, AvId.flags) ?? new Uint8Array(0)).u32le();
}

/** The pairs with one set: in its old place, else at the end. */
export function withAv(pairs: readonly AvPair[], id: number, value: Uint8Array): readonly AvPair[] {
  const known = pairs.some((pair) => pair.id === id);
  if (!known) return [...pairs, { id, value }];
  return pairs.map((pair) => (pair.id === id ? { id, value } : pair));
}

/** Writes the pairs and the end of list. */
export function encodeAvPairs(pairs: readonly AvPair[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { id, value } of pairs) writer.u16le(id).u16le(value.length).bytes(value);
  return writer.u16le(AvId.endOfList).u16le(0).finish();
}

/**
 * Reads pairs up to the end of list; what follows it is ignored.
 *
 * @param message - Name of the token, for the failure `auth.malformed-token` when no end of list comes.
 */
export function decodeAvPairs(bytes: Uint8Array, message: string): Result<readonly AvPair[]> {
  const reader = new ByteReader(bytes);
  const pairs: AvPair[] = [];
  for (;;) {
    const id = reader.u16le();
    const value = reader.take(reader.u16le());
    if (reader.isShort)
      return err(
        failure('auth.malformed-token', { message, reason: 'its target information has no end of list' }),
      );
    if (id === AvId.endOfList) return ok(pairs);
    pairs.push({ id, value });
  }
}
