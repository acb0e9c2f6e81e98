import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

/**
 * The other side's certificate (DER); undefined where it showed none.
 *
 * By `getPeerCertificate`: after `getPeerX509Certificate` Node 24.21 no longer finds the certificate of the socket.
 */
export function peerCertificate(socket: TLSSocket): Uint8Array | undefined {
  // Node gives an empty object for none, whatever its types say.
  const { raw } = socket.getPeerCertificate() as Partial<DetailedPeerCertificate>;
  return raw;
}

const longestChain = 16;

/** The other side's certificate and those above it that are known, up to its authority. */
export function peerChain(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  for (let last; next?.raw !== undefined && next !== last && chain.length < longestChain;) {
    chain.push(new X509Certificate(next.raw));
    last = next;
    next = next.issuerCertificate;
  }
  return chain;
}
