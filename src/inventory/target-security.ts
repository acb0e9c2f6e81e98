import { Secret } from '../core/secret.ts';
import type { AuthMethod, ClientCertificate, KerberosSettings, TlsSettings } from '../core/target.ts';
import type { ConnectionReader } from './connection-reader.ts';

/** How the other side of TLS is known, and what we show it; undefined where the inventory says nothing of it. */
export function tlsOf(reader: ConnectionReader, auth: AuthMethod): TlsSettings | undefined {
  const [ca, pin, serverName] = [reader.file('authorities'), pinOf(reader), reader.text('serverName')];
  const clientCertificate = auth === 'certificate' ? clientCertificateOf(reader) : undefined;
  const settings = {
    ...(ca === undefined ? {} : { ca }),
    ...(pin === undefined ? {} : { pin }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
  return Object.keys(settings).length === 0 ? undefined : settings;
}

function pinOf(reader: ConnectionReader): string | undefined {
  const pin = reader.text('pin');
  if (pin === undefined || /^[0-9a-f]{64}$/i.test(pin.replace(/[:\s-]/g, ''))) return pin;
  reader.refuse('pin', `is ${pin}, which is no SHA-256 fingerprint`, {
    remedy:
      'Write 64 hex digits, with or without colons (openssl x509 -in FILE -noout -fingerprint -sha256).',
  });
  return undefined;
}

function clientCertificateOf(reader: ConnectionReader): ClientCertificate | undefined {
  const before = reader.failures.length;
  const [certificate, key] = [reader.file('clientCertificate'), reader.file('clientKey')];
  const passphrase = reader.text('keyPassphrase');
  if (certificate !== undefined && key !== undefined) {
    const locked = passphrase === undefined ? {} : { passphrase: new Secret(passphrase) };
    return { certificate, key: new Secret(key), ...locked };
  }
  if (reader.failures.length === before) {
    reader.refuse(certificate === undefined ? 'clientCertificate' : 'clientKey', 'is not set', {
      remedy: 'Logging on by certificate takes two PEM files, the certificate and its key.',
    });
  }
  return undefined;
}

/** The principal to ask a ticket for, where it is not `host/` and the address. */
export function kerberosOf(reader: ConnectionReader): KerberosSettings | undefined {
  const [hostname, service] = [reader.text('kerberosHostname'), reader.text('kerberosService')];
  if (hostname === undefined && service === undefined) return undefined;
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(service === undefined ? {} : { service }),
  };
}
