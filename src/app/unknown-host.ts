import { failure } from '../core/failure.ts';
import { nearMatch } from '../core/near-match.ts';
import { err } from '../core/result.ts';
import type { Result } from '../core/result.ts';

/** Failure `host.not-in-plan`, with the known host that was probably meant. */
export function unknownHost(host: string, known: readonly string[]): Result<never> {
  const near = nearMatch(host, known);
  return err(failure('host.not-in-plan', { host, ...(near === undefined ? {} : { near }) }));
}
