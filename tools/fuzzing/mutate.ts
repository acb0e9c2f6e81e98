import type { Chance } from '../../src/lab/prng.ts';
import { changeDer } from './mutate-der.ts';
import { changeXml } from './mutate-xml.ts';
import { maxInputBytes } from './target.ts';
import type { FuzzTarget } from './target.ts';

/** What mutations draw from. */
export interface MutationSource {
  readonly chance: Chance;
  readonly target: FuzzTarget;
  /** Another input to splice with. */
  readonly other: () => Uint8Array;
}

type Mutation = (input: Uint8Array, source: MutationSource) => Uint8Array;

/** A changed copy: one to a few mutations, one after another. */
export function mutate(input: Uint8Array, source: MutationSource): Uint8Array {
  const { chance } = source;
  let changed = input;
  const rounds = 1 + Math.floor(chance.next() ** 2 * 6);
  for (let round = 0; round < rounds; round++) {
    changed = chance.pick(mutationsFor(source.target))(changed, source).subarray(0, maxInputBytes);
  }
  return changed.slice();
}

function mutationsFor({ shape = 'bytes' }: FuzzTarget): readonly [Mutation, ...Mutation[]] {
  if (shape === 'xml') return [changeXml, changeXml, ...anyBytes];
  if (shape === 'der') return [changeDer, changeDer, changeDer, ...anyBytes];
  return anyBytes;
}

const interesting8 = [0, 1, 2, 0x0d, 0x0a, 0x20, 0x3c, 0x7f, 0x80, 0xfe, 0xff] as const;
const interesting32 = [
  ...[0, 1, 2, 16, 21, 40, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 0x7fff_ffff],
  ...[0x8000_0000, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff],
] as const;
const numberTexts = [
  ...['0', '-0', '1', '-1', '255', '256', '65536', '2147483647', '2147483648', '-2147483649', '4294967296'],
  ...['9223372036854775807', '9223372036854775808', '18446744073709551616', '1e309', '-1e999', 'NaN', '0x10'],
  ...['99999999999999999999999999999999', '00000000000', '1.', '.5', '+7', ''],
] as const;

const flipBit: Mutation = (input, { chance }) =>
  edit(input, (bytes, view) => {
    const at = chance.between([0, bytes.length - 1]);
    view.setUint8(at, view.getUint8(at) ^ (1 << chance.between([0, 7])));
  });

const setByte: Mutation = (input, { chance }) =>
  edit(input, (bytes, view) => {
    const value = chance.next() < 0.5 ? chance.pick([...interesting8]) : chance.between([0, 255]);
    view.setUint8(chance.between([0, bytes.length - 1]), value);
  });

/** Lengths, counts and offsets are 16 or 32 bits, in both orders. */
const setNumber: Mutation = (input, { chance }) =>
  edit(input, (bytes, view) => {
    const width = chance.pick([2, 4]);
    if (bytes.length < width) return;
    const at = chance.between([0, bytes.length - width]);
    const isLittle = chance.next() < 0.7;
    const near = chance.pick([-1, 1, -8, 8, 0x1000]);
    const old = width === 2 ? view.getUint16(at, isLittle) : view.getUint32(at, isLittle);
    const value = chance.next() < 0.5 ? chance.pick([...interesting32]) : old + near;
    if (width === 2) view.setUint16(at, value, isLittle);
    else view.setUint32(at, value, isLittle);
  });

const setNumberText: Mutation = (input, { chance }) => {
  const text = Buffer.from(input).toString('latin1');
  const numbers = [...text.matchAll(/\d+/g)];
  const found = numbers[Math.floor(chance.next() * numbers.length)];
  if (found === undefined) return input;
  const value = Buffer.from(chance.pick([...numberTexts]), 'latin1');
  return replace(input, found.index, found[0].length, value);
};

const remove: Mutation = (input, { chance }) => {
  const [at, count] = range(input, chance);
  return replace(input, at, count, nothing);
};

const cutShort: Mutation = (input, { chance }) => input.subarray(0, chance.between([0, input.length]));

const repeat: Mutation = (input, { chance }) => {
  const [at, count] = range(input, chance);
  const part = input.subarray(at, at + count);
  const times = chance.next() < 0.9 ? chance.between([1, 4]) : chance.between([16, 2000]);
  const fits = Math.min(times, Math.floor(maxInputBytes / Math.max(1, count)));
  return replace(input, at, 0, Buffer.concat(Array.from({ length: fits }, () => part)));
};

const move: Mutation = (input, { chance }) => {
  const [at, count] = range(input, chance);
  const rest = replace(input, at, count, nothing);
  return replace(rest, chance.between([0, rest.length]), 0, input.subarray(at, at + count));
};

const insertToken: Mutation = (input, { chance, target: { dictionary = [] } }) => {
  const token = dictionary[Math.floor(chance.next() * dictionary.length)];
  if (token === undefined) return input;
  const bytes = Buffer.from(token, 'latin1');
  const at = chance.between([0, input.length]);
  return replace(input, at, chance.next() < 0.5 ? 0 : bytes.length, bytes);
};

const insertNoise: Mutation = (input, { chance }) => {
  const noise = Uint8Array.from({ length: chance.between([1, 12]) }, () => chance.between([0, 255]));
  return replace(input, chance.between([0, input.length]), 0, noise);
};

const splice: Mutation = (input, { chance, other }) => {
  const [at, count] = range(input, chance);
  const donor = other();
  const [from, length] = range(donor, chance);
  return replace(input, at, count, donor.subarray(from, from + length));
};

const anyBytes: readonly [Mutation, ...Mutation[]] = [
  ...([flipBit, setByte, setByte, setNumber, setNumber, setNumberText, remove, cutShort] as const),
  ...[repeat, move, insertToken, insertToken, insertNoise, splice],
];

const nothing = new Uint8Array(0);

/** A copy with the part taken out and the other put in. */
export function replace(input: Uint8Array, at: number, count: number, part: Uint8Array): Uint8Array {
  return Buffer.concat([input.subarray(0, at), part, input.subarray(at + count)]);
}

function edit(input: Uint8Array, change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  if (input.length === 0) return Uint8Array.of(0);
  const copy = new Uint8Array(input);
  change(copy, new DataView(copy.buffer));
  return copy;
}

/** Mostly short. */
function range(input: Uint8Array, chance: Chance): readonly [at: number, count: number] {
  const at = chance.between([0, input.length]);
  return [at, Math.floor(chance.next() ** 3 * (input.length - at))];
}
