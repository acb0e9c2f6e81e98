import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { formatDuration } from '../../core/time.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { systemTimers } from '../timers.ts';

/**
 * Opens a TCP or TLS socket; certificates are verified against the system's authorities and the address.
 *
 * Failures: `net.name-not-found`, `net.refused`, `net.timeout`, `net.failed`, `net.aborted`.
 */
export function dial(endpoint: HttpEndpoint, signal: AbortSignal): Promise<Result<Socket>> {
  const { address, port, connectTimeout } = endpoint;
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(err(failure('net.aborted', { sent: false })));
      return;
    }
    const socket = startSocket(endpoint);
    const finish = (result: Result<Socket>): void => {
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      if (!result.ok) {
        // A destroyed socket may still report an error, and an unheard one ends the process.
        socket.on('error', () => undefined);
        socket.destroy();
      }
      resolve(result);
    };
    const onAbort = (): void => {
      finish(err(failure('net.aborted', { sent: false })));
    };
    const onError = (error: Error): void => {
      finish(err(explain(endpoint, error)));
    };
    const cancelTimer = systemTimers.after(connectTimeout, () => {
      const details = { what: 'Connecting', address, port, after: formatDuration(connectTimeout) };
      finish(err(failure('net.timeout', { ...details, sent: false })));
    });
    signal.addEventListener('abort', onAbort);
    socket.once('error', onError);
    socket.once(endpoint.scheme === 'https' ? 'secureConnect' : 'connect', () => {
      finish(ok(socket));
    });
  });
}

function startSocket({ scheme, address: host, port }: HttpEndpoint): Socket {
  const socket =
    scheme === 'http'
      ? connect({ host, port })
      : connectTls({ host, port, minVersion: 'TLSv1.2', ...(isIP(host) === 0 && { servername: host }) });
  return socket.setNoDelay(true).setKeepAlive(true, keepAliveProbeMs);
}

/** A host that was switched off while we wait for it is noticed after a while. */
const keepAliveProbeMs = 30_000;

function explain({ address, port, connectTimeout }: HttpEndpoint, error: Error): Failure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const details = { address, port, sent: false };
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('net.name-not-found', details, error);
    case 'ECONNREFUSED':
      return failure('net.refused', details, error);
    case 'ETIMEDOUT':
      return failure(
        'net.timeout',
        { what: 'Connecting', after: formatDuration(connectTimeout), ...details },
        error,
      );
    default:
      return failure('net.failed', { ...details, reason: code === '' ? error.message : code }, error);
  }
}
