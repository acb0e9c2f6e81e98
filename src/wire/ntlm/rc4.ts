/**
 * An RC4 key stream. NTLM keeps one a direction and runs it on over all messages of a connection.
 *
 * Own code, since OpenSSL 3 offers RC4 only in its legacy provider.
 */
export class Rc4 {
  readonly #box = new Uint8Array(256);
  #i = 0;
  #j = 0;

  constructor(key: Uint8Array) {
    const box = this.#box;
    for (let i = 0; i < 256; i++) box[i] = i;
    let j = 0;
    for (let i = 0; i < 256; i++) {
      const held = box[i] ?? 0;
      j = (j + held + (key[i % key.length] ?? 0)) & 255;
      box[i] = box[j] ?? 0;
      box[j] = held;
    }
  }

  /** Enciphers or deciphers (the same operation) into a new array, and moves the stream on. */
  apply(input: Uint8Array): Uint8Array {
    const output = new Uint8Array(input.length);
    const box = this.#box;
    // Locals, since a field access a byte would halve the speed; indices stay below 256, so `?? 0` never applies.
    let i = this.#i;
    let j = this.#j;
    for (let at = 0; at < input.length; at++) {
      i = (i + 1) & 255;
      const x = box[i] ?? 0;
      j = (j + x) & 255;
      const y = box[j] ?? 0;
      box[i] = y;
      box[j] = x;
      output[at] = (input[at] ?? 0) ^ (box[(x + y) & 255] ?? 0);
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
