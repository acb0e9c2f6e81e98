import type { Chance } from '../../src/lab/prng.ts';
import { readDerParts, writeDer } from '../../src/wire/bytes/der.ts';

/** What this needs of a mutation's surroundings. */
interface Surroundings {
  readonly chance: Chance;
  readonly other: () => Uint8Array;
}

/** Changes a value somewhere inside and writes the lengths around it anew, so that they stay right. */
export function changeDer(input: Uint8Array, source: Surroundings): Uint8Array {
  const parts = readDerParts(input);
  if (parts === undefined || parts.length === 0) return input;
  const chosen = Math.floor(source.chance.next() * parts.length);
  const written = parts.map(({ tag, content }, index) => {
    if (index !== chosen) return [writeDer(tag, content)];
    const goesDeeper = (tag & constructed) !== 0 && source.chance.next() < 0.8;
    return goesDeeper ? [writeDer(tag, changeDer(content, source))] : changeValue(tag, content, source);
  });
  return Buffer.concat(written.flat());
}

const constructed = 0x20;
const tags = [
  0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x1b, 0x30, 0x60, 0xa0, 0xa1, 0xa2, 0xa3, 0x1f, 0xff,
] as const;

function changeValue(
  tag: number,
  content: Uint8Array,
  { chance, other }: Surroundings,
): readonly Uint8Array[] {
  switch (chance.between([0, 6])) {
    case 0:
      return [];
    case 1:
      return [writeDer(tag, content), writeDer(tag, content)];
    case 2:
      return [writeDer(chance.pick([...tags]), content)];
    case 3:
      return [writeDer(tag, content.subarray(0, chance.between([0, content.length])))];
    case 4:
      return [writeDer(tag, other().subarray(0, 200))];
    case 5:
      return [writeDer(tag, writeDer(tag, content))];
    default:
      return [
        writeDer(
          tag,
          Uint8Array.from(content, (byte) => (chance.next() < 0.1 ? byte ^ 0x80 : byte)),
        ),
      ];
  }
}
