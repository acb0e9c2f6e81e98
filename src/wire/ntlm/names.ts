import { decodeUtf16le, encodeUtf16le } from '../bytes/utf16.ts';
import { hasFlag } from './flags.ts';

/** Whether a client offered only its own 8-bit character set, as ntlm-auth (pywinrm, Ansible) does at first. */
export function isOem(flags: number): boolean {
  return hasFlag(flags, 'oem') && !hasFlag(flags, 'unicode');
}

/** A name in the character set that the flags agree on; beyond ASCII an 8-bit one is anybody's guess. */
export function encodeName(name: string, flags: number): Uint8Array {
  return isOem(flags) ? new Uint8Array(Buffer.from(name, 'latin1')) : encodeUtf16le(name);
}

export function decodeName(bytes: Uint8Array, flags: number): string {
  return isOem(flags) ? Buffer.from(bytes).toString('latin1') : decodeUtf16le(bytes);
}
