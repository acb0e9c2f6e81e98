import { hasFlag } from './flags.ts';
import { md5 } from './md5.ts';

/** Which side wrote a message. */
export type Direction = 'client-to-server' | 'server-to-client';

// The constants of the specification end with a NUL that belongs to them.
const constant = (direction: Direction, use: 'signing' | 'sealing'): Uint8Array =>
  new TextEncoder().encode(`session key to ${direction} ${use} key magic constant\0`);

/** @see MS-NLMP §3.4.5.2 SIGNKEY, with extended session security */
export function signingKey(exportedSessionKey: Uint8Array, direction: Direction): Uint8Array {
  return md5(exportedSessionKey, constant(direction, 'signing'));
}

/** The strength is what the flags say: 128, 56 or 40 bits. @see MS-NLMP §3.4.5.3 SEALKEY */
export function sealingKey(flags: number, exportedSessionKey: Uint8Array, direction: Direction): Uint8Array {
  const keyBytes = hasFlag(flags, 'strength128') ? 16 : hasFlag(flags, 'strength56') ? 7 : 5;
  return md5(exportedSessionKey.subarray(0, keyBytes), constant(direction, 'sealing'));
}
