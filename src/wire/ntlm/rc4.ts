/**
 * An RC4 key stream. NTLM keeps one a direction and runs it on over all messages of a connection.
 *
 * Own code, since OpenSSL 3 offers RC4 only in its legacy provider.
 */
export class Rc4 {
  readonly #box = new DataView(new ArrayBuffer(256));
  #i = 0;
  #j = 0;

  /** @param key - 1 to 256 bytes. */
  constructor(key: Uint8Array) {
    const box = this.#box;
    const keyView = new DataView(key.buffer, key.byteOffset, key.byteLength);
    for (let i = 0; i < 256; i++) box.setUint8(i, i);
    let j = 0;
    for (let i = 0; i < 256; i++) {
      const held = box.getUint8(i);
      j = (j + held + keyView.getUint8(i % key.length)) & 255;
      box.setUint8(i, box.getUint8(j));
      box.setUint8(j, held);
    }
  }

  /** Enciphers or deciphers (the same operation) into a new array, and moves the stream on. */
  apply(input: Uint8Array): Uint8Array {
    const output = new Uint8Array(input);
    const bytes = new DataView(output.buffer);
    // Locals, since a field access a byte would halve the speed.
    const box = this.#box;
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < output.length; at++) {
      i = (i + 1) & 255;
      const x = box.getUint8(i);
      j = (j + x) & 255;
      const y = box.getUint8(j);
      box.setUint8(i, y);
      box.setUint8(j, x);
      bytes.setUint8(at, bytes.getUint8(at) ^ box.getUint8((x + y) & 255));
    }
    this.#i = i;
    this.#j = j;
    return output;
  }
}

/** RC4 of one message with a fresh key stream. */
export function rc4(key: Uint8Array, input: Uint8Array): Uint8Array {
  return new Rc4(key).apply(input);
}
