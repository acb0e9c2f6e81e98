import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Target } from '../../core/target.ts';

/** The failure `http.status` of an answer that no WinRM service gives in this place. */
export function unexpectedStatus({ host }: Target, status: number, action: string): Failure {
  return failure('http.status', { host, status, action });
}
