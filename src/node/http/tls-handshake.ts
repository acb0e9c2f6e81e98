import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { SecureContext, TLSSocket } from 'node:tls';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import type { Attempt } from './attempt.ts';
import { peerCertificate } from './peer-certificate.ts';
import { judgePeer } from './peer-verdict.ts';
import { handshakeFailure } from './tls-failure.ts';

/**
 * Speaks TLS over a connected socket, and makes sure who answers.
 *
 * Failures: `tls.*`, `net.timeout`, `net.aborted`; the socket is destroyed then.
 */
export async function startTls(
  attempt: Attempt,
  tcp: Socket,
  secureContext: SecureContext,
): Promise<Result<TLSSocket>> {
  const { endpoint } = attempt;
  attempt.stage = 'The TLS handshake';
  const name = expectedName(endpoint);
  const socket = connect({
    socket: tcp,
    secureContext,
    // An address is no name for SNI (RFC 6066 §3).
    servername: isIP(name) === 0 ? name : '',
    // Node would look at the certificate at the same moment, but not tell its dates and names: judgePeer does.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  // Errors of the lower socket are reported by the upper one as well.
  tcp.on('error', () => undefined);
  const secured = await attempt.waitFor(socket, 'secureConnect', (error) =>
    handshakeFailure(endpoint, error),
  );
  if (!secured.ok) return secured;
  const refused = judgePeer(socket, endpoint, name);
  if (refused === undefined) {
    closeOnOtherCertificate(socket, endpoint);
    return ok(socket);
  }
  socket.on('error', () => undefined);
  socket.destroy();
  return err(refused);
}

/** The name that the certificate must carry; the zone of an address means something on this machine only. */
function expectedName({ tls, address }: HttpEndpoint): string {
  return (tls?.serverName ?? address).replace(/%.*$/, '').replace(/\.$/, '');
}

/** TLS 1.2 may negotiate anew, as Windows does to get a client's certificate; the server must stay the same. */
function closeOnOtherCertificate(socket: TLSSocket, { address, port }: HttpEndpoint): void {
  const first = peerCertificate(socket) ?? new Uint8Array(0);
  socket.on('secureConnect', () => {
    const isSame = Buffer.from(first).equals(peerCertificate(socket) ?? new Uint8Array(0));
    if (!isSame) socket.destroy(failure('tls.changed-certificate', { address, port }));
  });
}
