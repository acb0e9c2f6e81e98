import { failure } from '../../../src/core/failure.ts';
import { decodeGuid } from '../../../src/wire/psrp/guid.ts';
import { valueOf } from '../../../tools/fuzzing/contract.ts';
import type { FuzzTarget } from '../../../tools/fuzzing/target.ts';

/** Decoders with one known defect each, to see that the fuzzer finds it. */
export const fuzzTargets: readonly FuzzTarget[] = [
  planted('sound', () => undefined),
  planted('throws', (text) => {
    if (/^<a n="\d{4,}">/.test(text)) throw new RangeError('planted');
  }),
  planted('untyped', (text) => {
    if (text.includes('</a></a>')) valueOf({ ok: false, error: new Error('planted') as never });
  }),
  planted('hangs', (text) => {
    while (text.startsWith('<b'));
  }),
  planted('grows', (text) => {
    const kept: string[][] = [];
    while (text.endsWith('b>')) kept.push(Array.from({ length: 1000 }, () => text));
  }),
  planted('is slow', (text) => {
    const start = process.threadCpuUsage().user;
    while (text.length > 8000 && process.threadCpuUsage().user - start < 600_000);
  }),
];

/** Some of our own code runs too, which is what the search is led by. */
function planted(name: string, bug: (text: string) => void): FuzzTarget {
  const seeds = () => [Buffer.from('<a n="5"><b>text</b></a>')];
  return {
    ...{ name, shape: 'xml', dictionary: ['12', '<b>', '</b>'], seeds },
    run(input) {
      decodeGuid(input);
      failure('psrp.malformed', { reason: 'planted' });
      bug(Buffer.from(input).toString('latin1'));
    },
  };
}
