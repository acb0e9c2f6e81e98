import { X509Certificate } from 'node:crypto';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { formatInstant, instant } from '../../core/time.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { oneLine } from './peer-verdict.ts';
import { connectFailure, errorCode } from './socket-failure.ts';

/** Why a TLS handshake failed: `tls.*`, or `net.*` where it was the network. */
export function handshakeFailure(endpoint: HttpEndpoint, error: Error): Failure {
  const code = errorCode(error);
  const { address, port } = endpoint;
  const details = { address, port, reason: code === '' ? error.message : code, sent: false };
  if (notTls.has(code)) return failure('tls.not-tls', details, error);
  if (noCommonProtocol.has(code)) return failure('tls.no-common-protocol', details, error);
  if (code === 'ECONNRESET' || code === 'EPIPE') return failure('tls.closed', details, error);
  if (!code.startsWith('ERR_')) return connectFailure(endpoint, error);
  const refused = clientCertificateFailure(endpoint, error, false);
  return refused ?? failure('tls.handshake', details, error);
}

/**
 * What the other side says of our certificate, or of its absence; a server of TLS 1.3 says so only after the handshake.
 *
 * @returns `tls.client-certificate-refused`; undefined for all other errors.
 */
export function clientCertificateFailure(
  { address, port, tls }: HttpEndpoint,
  error: Error,
  sent: boolean,
): Failure | undefined {
  const code = errorCode(error);
  const given = tls?.clientCertificate;
  if (!clientCertificateAlerts.has(code)) return undefined;
  const presented = given === undefined ? { presented: false } : describe(given.certificate);
  return failure(
    'tls.client-certificate-refused',
    { address, port, reason: code, ...presented, sent },
    error,
  );
}

function describe(pem: string): JsonObject {
  const { subject, validToDate } = new X509Certificate(pem);
  const validTo = formatInstant(instant(validToDate.getTime()));
  return { presented: true, subject: oneLine(subject), validTo };
}

/** An answer that is no TLS record: Node's OpenSSL takes its first bytes for a version or a length. */
const notTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNKNOWN_PROTOCOL',
  'ERR_SSL_HTTP_REQUEST',
  'EPROTO',
]);

const noCommonProtocol = new Set([
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
]);

/** @see RFC 8446 §6.2 */
const clientCertificateAlerts = new Set([
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
]);
