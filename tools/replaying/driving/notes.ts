import type { Mapping } from '../yaml-file.ts';

/**
 * What this runner did not understand of a description without being stopped by it: a request that is as recorded shows
 * that it did not matter, one that is not may be explained by it.
 */
export class Notes {
  readonly all = new Set<string>();

  unknownKeys(described: Mapping, known: ReadonlySet<string>, what: string): void {
    for (const key of Object.keys(described)) {
      if (!known.has(key)) this.all.add(`${what} says ${key}, which this runner passes over`);
    }
  }
}
