import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { serverEndPoint } from '../../wire/tls/server-end-point.ts';
import type { AuthChannel } from './authenticator.ts';

/**
 * What binds a logon to its TLS connection, so that nobody in between can pass it on; undefined without TLS.
 *
 * Hosts demand it where CbtHardeningLevel is Strict, and check it where it is Relaxed and sent.
 * Failure `tls.malformed-certificate`.
 */
export function channelBinding({
  peerCertificate,
}: Pick<AuthChannel, 'peerCertificate'>): Result<Uint8Array | undefined> {
  return peerCertificate === undefined ? ok(undefined) : serverEndPoint(peerCertificate);
}
