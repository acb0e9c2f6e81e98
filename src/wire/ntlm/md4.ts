const blockBytes = 64;
const f = (x: number, y: number, z: number): number => z ^ (x & (y ^ z));
const g = (x: number, y: number, z: number): number => (x & y) | (z & (x | y));
const h = (x: number, y: number, z: number): number => x ^ y ^ z;
const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

/** The four words of the running digest. */
type State = [number, number, number, number];

/**
 * MD4 of some bytes; only for the NT hash of a password, nothing else should use it.
 *
 * Own code, since OpenSSL 3 offers MD4 only in its legacy provider.
 *
 * @see RFC 1320 https://www.rfc-editor.org/rfc/rfc1320
 */
export function md4(input: Uint8Array): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const state: State = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  const whole = input.length - (input.length % blockBytes);
  for (let at = 0; at < whole; at += blockBytes) digestBlock(state, view, at);
  const tail = padTail(input.subarray(whole), input.length);
  for (let at = 0; at < tail.byteLength; at += blockBytes) digestBlock(state, tail, at);
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((word, index) => {
    digest.setInt32(index * 4, word, true);
  });
  return new Uint8Array(digest.buffer);
}

function padTail(rest: Uint8Array, totalBytes: number): DataView {
  const padded = new Uint8Array(rest.length < blockBytes - 8 ? blockBytes : 2 * blockBytes);
  padded.set(rest);
  padded[rest.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(totalBytes) * 8n, true);
  return view;
}

function digestBlock(state: State, source: DataView, offset: number): void {
  const x = (index: number): number => source.getInt32(offset + index * 4, true);
  let [a, b, c, d] = state;
  for (let i = 0; i < 16; i += 4) {
    a = rotate((a + f(b, c, d) + x(i)) | 0, 3);
    d = rotate((d + f(a, b, c) + x(i + 1)) | 0, 7);
    c = rotate((c + f(d, a, b) + x(i + 2)) | 0, 11);
    b = rotate((b + f(c, d, a) + x(i + 3)) | 0, 19);
  }
  for (let i = 0; i < 4; i++) {
    a = rotate((a + g(b, c, d) + x(i) + 0x5a827999) | 0, 3);
    d = rotate((d + g(a, b, c) + x(i + 4) + 0x5a827999) | 0, 5);
    c = rotate((c + g(d, a, b) + x(i + 8) + 0x5a827999) | 0, 9);
    b = rotate((b + g(c, d, a) + x(i + 12) + 0x5a827999) | 0, 13);
  }
  for (const i of [0, 2, 1, 3]) {
    a = rotate((a + h(b, c, d) + x(i) + 0x6ed9eba1) | 0, 3);
    d = rotate((d + h(a, b, c) + x(i + 8) + 0x6ed9eba1) | 0, 9);
    c = rotate((c + h(d, a, b) + x(i + 4) + 0x6ed9eba1) | 0, 11);
    b = rotate((b + h(c, d, a) + x(i + 12) + 0x6ed9eba1) | 0, 15);
  }
  state[0] = (state[0] + a) | 0;
  state[1] = (state[1] + b) | 0;
  state[2] = (state[2] + c) | 0;
  state[3] = (state[3] + d) | 0;
}
