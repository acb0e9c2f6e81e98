/** Chance that repeats: equal seeds draw equal numbers on any machine. */
export interface Chance {
  /** From 0 up to, but without, 1. */
  next(): number;
  /** A whole number in the range, both ends included. */
  between(range: readonly [from: number, to: number]): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/**
 * A small seeded generator.
 *
 * @param seed - Any text; parts joined by `/` give independent streams per host.
 * @see mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
export function seededChance(seed: string): Chance {
  let state = hash(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: ([from, to]) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}

/** FNV-1a over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value;
}
