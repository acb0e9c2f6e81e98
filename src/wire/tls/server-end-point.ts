import { createHash } from 'node:crypto';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { concatBytes } from '../bytes/concat.ts';
import { contextTag, decodeOid, DerTag, readDer, readDerParts, readOnlyDer } from '../bytes/der.ts';
import type { DerValue } from '../bytes/der.ts';

/** Hashes that an end point is made with. */
export type EndPointHash = 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-384' | 'sha3-512';

/** Signature algorithms, and hashes as RSASSA-PSS names them; all others (SHA-256, MD5, SHA-1, Ed25519) go by SHA-256. */
const hashes = new Map<string, EndPointHash>([
  ['1.2.840.113549.1.1.14', 'sha224'], // sha224WithRSAEncryption
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.1', 'sha224'], // ecdsa-with-SHA224
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'], // id-sha224
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
  ['2.16.840.1.101.3.4.2.8', 'sha3-256'],
  ['2.16.840.1.101.3.4.2.9', 'sha3-384'],
  ['2.16.840.1.101.3.4.2.10', 'sha3-512'],
  ['2.16.840.1.101.3.4.3.10', 'sha3-256'], // id-ecdsa-with-sha3-256
  ['2.16.840.1.101.3.4.3.11', 'sha3-384'],
  ['2.16.840.1.101.3.4.3.12', 'sha3-512'],
  ['2.16.840.1.101.3.4.3.14', 'sha3-256'], // id-rsassa-pkcs1-v1-5-with-sha3-256
  ['2.16.840.1.101.3.4.3.15', 'sha3-384'],
  ['2.16.840.1.101.3.4.3.16', 'sha3-512'],
]);

const rsassaPss = '1.2.840.113549.1.1.10';

/**
 * The channel binding of a TLS connection: `tls-server-end-point:` and the hash of the server's certificate.
 *
 * The hash is the one that the certificate was signed with; SHA-256 where that was MD5, SHA-1, or none of its own
 * (Ed25519). Windows checks it where CbtHardeningLevel is not None.
 *
 * @param certificate - DER, as it came in the handshake.
 * @returns Application data of a channel binding. Failure `tls.malformed-certificate`.
 * @see RFC 5929 §4.1, https://www.rfc-editor.org/rfc/rfc5929#section-4.1
 */
export function serverEndPoint(certificate: Uint8Array): Result<Uint8Array> {
  const hash = endPointHash(certificate);
  if (!hash.ok) return hash;
  const digest = createHash(hash.value).update(certificate).digest();
  return ok(concatBytes(new TextEncoder().encode('tls-server-end-point:'), digest));
}

/** The hash that {@link serverEndPoint} takes for this certificate. Failure `tls.malformed-certificate`. */
export function endPointHash(certificate: Uint8Array): Result<EndPointHash> {
  const algorithm = signatureAlgorithm(certificate);
  if (algorithm === undefined) return err(failure('tls.malformed-certificate'));
  const { oid, parameters } = algorithm;
  const named = oid === rsassaPss ? pssHash(parameters) : oid;
  return ok(hashes.get(named ?? '') ?? 'sha256');
}

interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: DerValue | undefined;
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }. @see RFC 5280 §4.1 */
function signatureAlgorithm(certificate: Uint8Array): AlgorithmIdentifier | undefined {
  const parts = readDerParts(readOnlyDer(certificate, DerTag.sequence) ?? new Uint8Array(0));
  return parts?.length === 3 ? algorithmOf(parts[1]) : undefined;
}

function algorithmOf(value: DerValue | undefined): AlgorithmIdentifier | undefined {
  if (value?.tag !== DerTag.sequence) return undefined;
  const [identifier, parameters] = readDerParts(value.content) ?? [];
  const oid = identifier?.tag === DerTag.oid ? decodeOid(identifier.content) : undefined;
  return oid === undefined ? undefined : { oid, parameters };
}

/** The hash is `[0]` of the parameters; SHA-1, that is undefined here, where they leave it out. @see RFC 4055 §3.1 */
function pssHash(parameters: DerValue | undefined): string | undefined {
  const [first] = readDerParts(parameters?.content ?? new Uint8Array(0)) ?? [];
  return first?.tag === contextTag(0) ? algorithmOf(readDer(first.content))?.oid : undefined;
}
