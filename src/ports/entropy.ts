/** Randomness, an argument so that tests and the lab can seed it. */
export interface Entropy {
  bytes(count: number): Uint8Array;
  /** A version 4 UUID in lower case. */
  uuid(): string;
}
