import { randomBytes, randomUUID } from 'node:crypto';
import type { Entropy } from '../ports/entropy.ts';

/** Randomness of the operating system. */
export const systemEntropy: Entropy = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  uuid: () => randomUUID(),
};
