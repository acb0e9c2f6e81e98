import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { formatDuration } from '../../core/time.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';

/** The code of a system error such as `ECONNREFUSED`; empty where it has none. */
export function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Why a TCP connection did not come about.
 *
 * @returns `net.name-not-found`, `net.refused`, `net.unreachable`, `net.timeout`, `net.reset` or `net.failed`.
 */
export function connectFailure(
  { address, port, connectTimeout }: Pick<HttpEndpoint, 'address' | 'port' | 'connectTimeout'>,
  error: Error,
): Failure {
  const code = errorCode(error);
  const details = { address, port, reason: code === '' ? error.message : code, sent: false };
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('net.name-not-found', details, error);
    case 'ECONNREFUSED':
      return failure('net.refused', details, error);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
      return failure('net.unreachable', details, error);
    case 'ECONNRESET':
      return failure('net.reset', details, error);
    case 'ETIMEDOUT': {
      const after = formatDuration(connectTimeout);
      return failure('net.timeout', { what: 'Connecting', after, ...details }, error);
    }
    default:
      return failure('net.failed', details, error);
  }
}
