import { timingSafeEqual } from 'node:crypto';

const digits = 64;

/** A SHA-256 fingerprint as people write it (any case, with colons, dashes or spaces); undefined for anything else. */
export function readFingerprint(text: string): Buffer | undefined {
  const hex = text.replace(/[:\s-]/g, '');
  return hex.length === digits && /^[0-9a-f]+$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined;
}

/** Whether both are the same fingerprint; takes as long wherever they differ. */
export function isSameFingerprint(a: string, b: string): boolean {
  const [first, second] = [readFingerprint(a), readFingerprint(b)];
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
