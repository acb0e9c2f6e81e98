/**
 * Reads numbers and slices from bytes that somebody else wrote.
 *
 * Running past the end never throws: reads give zero or nothing from there on, and `isShort` stays true, so a decoder
 * reads all fields of a fixed layout and asks once.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset: number;
  #short = false;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = offset;
  }

  /** Whether any read so far wanted more bytes than there were. */
  get isShort(): boolean {
    return this.#short;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return Math.max(0, this.#bytes.length - this.#offset);
  }

  u8(): number {
    return this.#number(1, (at) => this.#view.getUint8(at));
  }

  u16le(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, true));
  }

  u16be(): number {
    return this.#number(2, (at) => this.#view.getUint16(at, false));
  }

  u32le(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, true));
  }

  u32be(): number {
    return this.#number(4, (at) => this.#view.getUint32(at, false));
  }

  u64le(): bigint {
    return this.#advance(8) ? this.#view.getBigUint64(this.#offset - 8, true) : 0n;
  }

  u64be(): bigint {
    return this.#advance(8) ? this.#view.getBigUint64(this.#offset - 8, false) : 0n;
  }

  /** The next bytes as a view on the source (not a copy); empty where there are too few. */
  take(count: number): Uint8Array {
    return this.#advance(count)
      ? this.#bytes.subarray(this.#offset - count, this.#offset)
      : new Uint8Array(0);
  }

  #number(size: number, read: (at: number) => number): number {
    return this.#advance(size) ? read(this.#offset - size) : 0;
  }

  #advance(count: number): boolean {
    if (this.#short || count > this.remaining) {
      this.#short = true;
      return false;
    }
    this.#offset += count;
    return true;
  }
}
