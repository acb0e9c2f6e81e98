import { createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { sha256 } from '../../core/sha256.ts';
import type { TlsSettings } from '../../core/target.ts';
import type { HttpEndpoint } from '../../ports/http-connection.ts';
import { readFingerprint } from './fingerprint.ts';
import { checkAuthorities, readIdentity } from './pem.ts';
import type { Identity } from './pem.ts';

const mostContexts = 256;

/** Makes what TLS sockets share; one with all the system's authorities costs 16 ms and 1.4 MB, so hosts share it. */
export class SecureContexts {
  readonly #made = new Map<string, SecureContext>();

  /**
   * The context for an endpoint's settings.
   *
   * Failures, all before anything is connected: `tls.bad-authority`, `tls.bad-client-certificate`,
   * `tls.bad-client-key`, `tls.bad-pin`.
   */
  for({ tls = {}, address, port }: HttpEndpoint): Result<SecureContext> {
    const key = keyOf(tls);
    const known = this.#made.get(key);
    if (known !== undefined) return ok(known);
    const made = makeContext(tls, { address, port, sent: false });
    if (made.ok) {
      if (this.#made.size >= mostContexts) this.#made.clear();
      this.#made.set(key, made.value);
    }
    return made;
  }
}

/** What a context depends on; as a hash, since a private key is among it. */
function keyOf({ ca, clientCertificate, pin }: TlsSettings): string {
  const { certificate, key, passphrase } = clientCertificate ?? {};
  return sha256(JSON.stringify([ca, pin, certificate, key?.reveal(), passphrase?.reveal()]));
}

function makeContext({ ca, pin, clientCertificate }: TlsSettings, where: JsonObject): Result<SecureContext> {
  if (pin !== undefined && readFingerprint(pin) === undefined)
    return err(failure('tls.bad-pin', { ...where, pinned: pin }));
  if (ca !== undefined) {
    const wrong = checkAuthorities(ca);
    if (wrong !== undefined) return err(failure('tls.bad-authority', { ...where, reason: wrong }));
  }
  const identity = clientCertificate === undefined ? undefined : readIdentity(clientCertificate, where);
  if (identity?.ok === false) return identity;
  try {
    const authorities = ca ?? (pin === undefined ? systemAuthorities() : []);
    return ok(
      createSecureContext({ minVersion: 'TLSv1.2', ca: authorities, ...forIdentity(identity?.value) }),
    );
  } catch (error) {
    // OpenSSL has its own demands, such as the least length of a key.
    const reason = error instanceof Error ? error.message : String(error);
    return err(failure('tls.bad-client-certificate', { ...where, reason }, error));
  }
}

/** The authorities of this machine, and those that come with Node or its NODE_EXTRA_CA_CERTS. */
function systemAuthorities(): string[] {
  return [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
}

/**
 * Windows asks for a client's certificate only after the request came. TLS 1.2 renegotiates for that; TLS 1.3 has
 * post-handshake authentication instead, which Node does not offer, so that the host would reset the connection.
 */
function forIdentity(identity: Identity | undefined): object {
  return identity === undefined
    ? {}
    : { cert: identity.certificate, key: identity.key, maxVersion: 'TLSv1.2' };
}
