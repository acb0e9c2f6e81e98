import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { ClientCertificate } from '../../core/target.ts';

/** A certificate with its key, both read and known to belong together. */
export interface Identity {
  /** PEM: the certificate, then its intermediates. */
  readonly certificate: string;
  /** PKCS #8 as PEM, no longer encrypted. */
  readonly key: string;
}

/** What is wrong with a PEM text of authorities; undefined where nothing is. OpenSSL itself takes any text silently. */
export function checkAuthorities(text: string): string | undefined {
  const certificates = readCertificates(text);
  return typeof certificates === 'string' ? certificates : undefined;
}

/** Failures: `tls.bad-client-certificate`, `tls.bad-client-key`. */
export function readIdentity(
  { certificate, key, passphrase }: ClientCertificate,
  where: JsonObject,
): Result<Identity> {
  const certificates = readCertificates(certificate);
  if (typeof certificates === 'string')
    return err(failure('tls.bad-client-certificate', { ...where, reason: certificates }));
  let read: KeyObject;
  try {
    read = createPrivateKey({ key: key.reveal(), passphrase: passphrase?.reveal() ?? '' });
  } catch {
    const reason = whyNoKey(key.reveal(), passphrase !== undefined);
    return err(failure('tls.bad-client-key', { ...where, reason }));
  }
  if (certificates[0]?.checkPrivateKey(read) !== true)
    return err(failure('tls.bad-client-key', { ...where, reason: 'it belongs to another certificate' }));
  const pkcs8 = read.export({ type: 'pkcs8', format: 'pem' }).toString();
  return ok({ certificate, key: pkcs8 });
}

/** All certificates of a PEM text, or what is wrong with it. */
function readCertificates(text: string): readonly X509Certificate[] | string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (blocks === null) return 'there is no PEM certificate in it';
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return 'a PEM certificate in it cannot be read';
  }
}

/** OpenSSL's words about a key say little, and a wrong passphrase can look like a damaged key. */
function whyNoKey(text: string, hasPassphrase: boolean): string {
  if (!/^(?:-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED)/m.test(text))
    return 'there is no PEM private key in it that can be read';
  return hasPassphrase ? 'the passphrase is wrong' : 'it is encrypted, and no passphrase was given';
}
