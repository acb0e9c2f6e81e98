import type { TypeObject } from 'koffi';
import type { Gssapi, Pointer } from './library.ts';

/**
 * Memory of one call into the library: everything in it stays where it is until it is freed as a whole.
 *
 * JavaScript's own arrays would not do: a call that waits for a KDC runs on another thread.
 */
export class GssMemory {
  readonly #gssapi: Gssapi;
  readonly #held: { readonly at: Pointer; readonly bytes: number }[] = [];
  readonly #releases: (() => unknown)[] = [];

  constructor(gssapi: Gssapi) {
    this.#gssapi = gssapi;
  }

  /** Zeroed bytes. */
  reserve(bytes: number): Pointer {
    // Nothing cannot be allocated, and something must be pointed to.
    const size = Math.max(1, bytes);
    const at = this.#gssapi.koffi.alloc('uint8_t', size) as Pointer;
    this.#held.push({ at, bytes: size });
    this.#view(at, size).fill(0);
    return at;
  }

  bytes(value: Uint8Array): Pointer {
    const at = this.reserve(value.length);
    this.#view(at, value.length).set(value);
    return at;
  }

  /** A structure, with its fields in place. */
  struct(type: TypeObject, value: Readonly<Record<string, unknown>>): Pointer {
    const at = this.reserve(type.size);
    this.#gssapi.koffi.encode(at, type, value);
    return at;
  }

  /** A gss_buffer_desc around a copy of the bytes. */
  buffer(value: Uint8Array): Pointer {
    return this.struct(this.#gssapi.types.buffer, { length: value.length, value: this.bytes(value) });
  }

  text(value: string): Pointer {
    return this.buffer(new TextEncoder().encode(value));
  }

  /** A C string. */
  string(value: string): Pointer {
    return this.bytes(new TextEncoder().encode(`${value}\0`));
  }

  /** A gss_buffer_desc that the library fills, and whose bytes it must free. */
  result(): Pointer {
    const at = this.struct(this.#gssapi.types.buffer, { length: 0, value: null });
    const minor = this.reserve(4);
    this.onFree(() => this.#gssapi.call.gss_release_buffer(minor, at));
    return at;
  }

  /** Something of the library's own to be freed before the memory is. */
  onFree(release: () => unknown): void {
    this.#releases.push(release);
  }

  /** A copy of what the library put into a `result`. */
  read(result: Pointer): Uint8Array {
    const { koffi, types } = this.#gssapi;
    const { length, value } = koffi.decode(result, types.buffer) as { length: number; value: Pointer };
    return value === null || length === 0 ? new Uint8Array(0) : this.#view(value, length).slice();
  }

  number(at: Pointer): number {
    return this.#gssapi.koffi.decode.uint32(at);
  }

  pointer(at: Pointer): Pointer {
    return this.#gssapi.koffi.decode(at, 'void *') as Pointer;
  }

  setPointer(at: Pointer, value: Pointer): void {
    this.#gssapi.koffi.encode(at, 'void *', value);
  }

  /** Frees all; passwords and messages are overwritten first. */
  free(): void {
    for (const release of this.#releases.splice(0)) release();
    for (const { at, bytes } of this.#held.splice(0)) {
      this.#view(at, bytes).fill(0);
      this.#gssapi.koffi.free(at);
    }
  }

  #view(at: Pointer, bytes: number): Uint8Array {
    return new Uint8Array(this.#gssapi.koffi.view(at, bytes));
  }
}

/** Runs with memory that is freed afterwards, whatever happens. */
export function withMemory<T>(gssapi: Gssapi, use: (memory: GssMemory) => T): T {
  const memory = new GssMemory(gssapi);
  try {
    return use(memory);
  } finally {
    memory.free();
  }
}
