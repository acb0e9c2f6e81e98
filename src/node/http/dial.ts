import type { Socket } from 'node:net';
import { failure } from '../../core/failure.ts';
import { err } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { Attempt } from './attempt.ts';
import { openTunnel } from './proxy-tunnel.ts';
import type { SecureContexts } from './secure-contexts.ts';
import { connectFailure } from './socket-failure.ts';
import { openTcp } from './tcp.ts';
import { startTls } from './tls-handshake.ts';

/**
 * Opens a TCP or TLS socket, through a proxy where the endpoint names one.
 *
 * TCP, proxy and TLS handshake together take at most `connectTimeout`. Settings that cannot work are refused before
 * anything is connected.
 *
 * Failures: `net.*` but `net.reset` with `sent`, `tls.*`, all with `sent: false`.
 */
export async function dial(
  endpoint: HttpEndpoint,
  contexts: SecureContexts,
  signal: AbortSignal,
): Promise<Result<Socket>> {
  const { scheme, proxy, address, port } = endpoint;
  if (scheme === 'http' && proxy !== undefined) {
    const via = `${proxy.address}:${String(proxy.port)}`;
    return err(failure('net.proxy-needs-https', { address, port, proxy: via, sent: false }));
  }
  const secure = scheme === 'https' ? contexts.for(endpoint) : undefined;
  if (secure?.ok === false) return secure;
  const attempt = new Attempt(endpoint, signal);
  try {
    const socket =
      proxy === undefined
        ? await openTcp(attempt, endpoint, (error) => connectFailure(endpoint, error))
        : await openTunnel(attempt, proxy);
    return socket.ok && secure !== undefined ? await startTls(attempt, socket.value, secure.value) : socket;
  } finally {
    attempt.finish();
  }
}
