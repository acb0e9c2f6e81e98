/** A text as UTF-16 little-endian, code unit by code unit, so that lone surrogates survive. */
export function encodeUtf16le(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf16le'));
}

/** The text of UTF-16 little-endian bytes; a last odd byte is left out. */
export function decodeUtf16le(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf16le');
}
