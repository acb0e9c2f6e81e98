import { Failure } from '../../src/core/failure.ts';
import type { Result } from '../../src/core/result.ts';

/** What a decoder did that none may do. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken';
}

/** The value of a result; undefined for a typed failure. Throws where the decoder gave neither. */
export function valueOf<T>(result: Result<T>): T | undefined {
  if (result.ok) return result.value;
  if (!(result.error instanceof Failure)) throw new ContractBroken('the failure is not typed');
  // Its words are made of the input, so they are decoded input too.
  if (result.error.message === '') throw new ContractBroken('a failure without a message');
  return undefined;
}

/** Throws unless the two answers agree, as for input that came whole and cut up. */
export function mustAgree(what: string, one: unknown, other: unknown): void {
  const [first, second] = [describe(one), describe(other)];
  if (first !== second)
    throw new ContractBroken(`${what}: ${first.slice(0, 200)} or ${second.slice(0, 200)}`);
}

function describe(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`;
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('base64');
    if (inner instanceof Failure) return { code: inner.code, details: inner.details };
    return inner;
  });
}
