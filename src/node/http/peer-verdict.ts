import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { formatInstant, instant } from '../../core/time.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { isSameFingerprint } from './fingerprint.ts';
import { peerChain } from './peer-certificate.ts';

/**
 * Whether the other end of a fresh TLS socket is the one that we want.
 *
 * A pin settles it alone; otherwise a trusted authority must vouch for the certificate, and it must carry the name.
 *
 * @returns undefined where it is, else one of `tls.pin-mismatch`, `tls.untrusted-authority`, `tls.self-signed`,
 *   `tls.expired`, `tls.not-yet-valid`, `tls.weak-certificate`, `tls.wrong-name`, `tls.handshake`.
 */
export function judgePeer(socket: TLSSocket, endpoint: HttpEndpoint, name: string): Failure | undefined {
  const { address, port, tls } = endpoint;
  const where = { address, port, sent: false };
  const [certificate, ...above] = peerChain(socket);
  if (certificate === undefined)
    return failure('tls.handshake', { ...where, reason: 'the other side showed no certificate' });
  if (tls?.pin !== undefined) {
    const { fingerprint256: found } = certificate;
    if (isSameFingerprint(found, tls.pin)) return undefined;
    return failure('tls.pin-mismatch', { ...where, found, pinned: tls.pin });
  }
  // Node declares an Error; the value is the code.
  if (!socket.authorized) return untrusted(String(socket.authorizationError), [certificate, ...above], where);
  const isNamed = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (isNamed !== undefined) return undefined;
  return failure('tls.wrong-name', { ...where, wanted: name, names: namesOf(certificate) });
}

/** @param code - As OpenSSL names it. @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
function untrusted(
  code: string,
  chain: readonly [X509Certificate, ...X509Certificate[]],
  where: JsonObject,
): Failure {
  const now = Date.now();
  const [certificate] = chain;
  switch (code) {
    case 'DEPTH_ZERO_SELF_SIGNED_CERT': {
      const [subject, fingerprint] = [oneLine(certificate.subject), certificate.fingerprint256];
      return failure('tls.self-signed', { ...where, subject, fingerprint });
    }
    case 'CERT_HAS_EXPIRED': {
      const expired = chain.find((it) => it.validToDate.getTime() < now) ?? certificate;
      return failure('tls.expired', { ...where, ...datesOf(expired), now: formatInstant(instant(now)) });
    }
    case 'CERT_NOT_YET_VALID': {
      const early = chain.find((it) => it.validFromDate.getTime() > now) ?? certificate;
      return failure('tls.not-yet-valid', { ...where, ...datesOf(early), now: formatInstant(instant(now)) });
    }
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED': {
      const issuer = oneLine((chain.at(-1) ?? certificate).issuer);
      return failure('tls.untrusted-authority', { ...where, issuer, reason: code });
    }
    default:
      return failure('tls.weak-certificate', { ...where, reason: weakness(code, certificate) });
  }
}

/** Node has no word for weak signatures and keys; what they are tells more than its `UNSPECIFIED`. */
function weakness(code: string, { signatureAlgorithm, publicKey }: X509Certificate): string {
  const { asymmetricKeyType: kind = 'unknown', asymmetricKeyDetails: details } = publicKey;
  const size = details?.modulusLength ?? details?.namedCurve ?? '';
  const parts = [`signed with ${signatureAlgorithm ?? 'an unknown algorithm'}`, `key ${kind} ${size}`.trim()];
  return `${code === 'UNSPECIFIED' ? 'OpenSSL refuses it' : code} (${parts.join(', ')})`;
}

function datesOf(certificate: X509Certificate): JsonObject {
  return {
    subject: oneLine(certificate.subject),
    validFrom: formatInstant(instant(certificate.validFromDate.getTime())),
    validTo: formatInstant(instant(certificate.validToDate.getTime())),
  };
}

/** Its alternative names, which count alone where there are any, else its subject. */
function namesOf(certificate: X509Certificate): string {
  const { subjectAltName, subject } = certificate;
  return subjectAltName ?? oneLine(subject);
}

/** Node puts each part of a distinguished name on a line of its own. */
export const oneLine = (name: string): string => name.replaceAll('\n', ', ');
