import { expect, test } from 'vitest';
import { z } from 'zod';
import { ok, unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import type { HttpsLogon } from '../../../src/lab/server/https-logon.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import type { HttpConnection } from '../../../src/ports/http-connection.ts';
import type { HttpHandler } from '../../../src/ports/http-listener.ts';
import { CertificateWorkshop, hasOpenssl, rsaKey } from '../../support/certificates.ts';
import type { CertificateOptions, MadeCertificate } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';
import { loopbackTarget } from '../../support/target.ts';
import { engineBackends, never, serveHost, sessions } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

/** Says who is logged on. */
const whoami = engineBackends(({ user }, streams) => {
  streams.output(user);
  return Promise.resolve(ok(undefined));
});

/** A lab host with an HTTPS listener. */
function serveHttps(made: MadeCertificate, https: Omit<HttpsLogon, 'certificate'> = {}): Promise<ServedHost> {
  return serveHost(whoami, {
    https: { certificate: made.der, ...https },
    tls: { key: made.key, certificate: made.certificate, requestClientCertificate: true },
  });
}

/** Logs on, and gives the account that the host knows, or the failure's code. */
async function logOn({ server }: Pick<ServedHost, 'server'>, changes: Partial<Target>): Promise<string> {
  const target = loopbackTarget(server.port, { scheme: 'https', ...changes });
  const opened = await sessions.open(target, never);
  if (!opened.ok) return opened.error.code;
  const script = { kind: 'read', name: 'hello', text: '' } as const;
  const answer = unwrap(await opened.value.read(script, {}, { timeout: seconds(10) }, never));
  await opened.value.close();
  return z.string().parse(answer.output[0]);
}

/** Somebody in between, whose certificate the client trusts: passes every request on over a connection of its own. */
async function relayTo(
  host: ServedHost,
  { key, certificate }: MadeCertificate,
  ca: string,
): Promise<ServedHost['server']> {
  const upstreams = new Map<number, HttpConnection>();
  const { address, port } = host.server;
  const handler: HttpHandler = {
    connected(connection) {
      const endpoint = { scheme: 'https', address, port, connectTimeout: seconds(5), tls: { ca } } as const;
      upstreams.set(connection, systemConnector.connect(endpoint));
    },
    disconnected: (connection) => upstreams.get(connection)?.close(),
    async request({ connection, path, headers, body }) {
      const upstream = upstreams.get(connection);
      if (upstream === undefined || !(await upstream.open(never)).ok) return 'drop';
      const passed = Object.entries(headers).filter(([name]) =>
        /^(?:authorization|content-type)$/.test(name),
      );
      const request = { method: 'POST', path, body, timeout: seconds(5), maxResponseBytes: 1e6 } as const;
      const answer = await upstream.exchange(
        { ...request, headers: Object.fromEntries(passed.map(([name, [value = '']]) => [name, value])) },
        never,
      );
      if (!answer.ok) return 'drop';
      const { status, headers: answered, body: content } = answer.value;
      const kept = Object.entries(answered).filter(([name]) =>
        /^(?:www-authenticate|content-type)$/.test(name),
      );
      return {
        status,
        body: content,
        headers: Object.fromEntries(kept.map(([name, values]) => [name, values.join(', ')])),
      };
    },
  };
  return unwrap(await systemListener.listen('127.0.0.1', 0, handler, { key, certificate }));
}

oracle('certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const names = ['IP:127.0.0.1'];
  const made = (o: Partial<CertificateOptions> = {}): MadeCertificate =>
    workshop.make({ name: 'web-01', names, ...o });
  const host = made();
  const trusting = ({ certificate }: MadeCertificate): Partial<Target> => ({ tls: { ca: certificate } });

  test.each<[string, Partial<CertificateOptions>]>([
    ['SHA-1', { key: rsaKey, hash: 'sha1' }],
    ['SHA-256', { key: rsaKey }],
    ['SHA-384', { key: rsaKey, hash: 'sha384' }],
    ['RSASSA-PSS', { pss: true, hash: 'sha512' }],
  ])(
    'check 8: CBT Strict takes a logon that is bound to a certificate signed with %s',
    async (_, options) => {
      const certificate = made(options);
      const served = await serveHttps(certificate, { hardening: 'strict' });

      expect(await logOn(served, { ...trusting(certificate), auth: 'ntlm' })).toBe('CORP\\ops');
      await served.server.close();
    },
  );

  test('check 8: a logon that somebody in between passes on is denied, unless the host does not look', async () => {
    const relay = made();
    const found: Record<string, string> = {};
    for (const hardening of ['strict', 'relaxed', 'none'] as const) {
      const served = await serveHttps(host, { hardening });
      const server = await relayTo(served, relay, host.certificate);

      found[hardening] = await logOn({ server }, { ...trusting(relay), auth: 'ntlm' });
      await server.close();
      await served.server.close();
    }

    expect(found).toEqual({ strict: 'auth.denied', relaxed: 'auth.denied', none: 'CORP\\ops' });
  });

  test('Basic is taken inside TLS, and with the right password only', async () => {
    const served = await serveHttps(host, {
      isPassword: ({ user }, password) => user === 'ops' && password === 'Pä$$wörd',
    });
    const basic = { ...trusting(host), auth: 'basic', user: 'ops' } as const;

    expect(await logOn(served, basic)).toBe('ops');
    expect(await logOn(served, { ...basic, password: new Secret('wrong') })).toBe('auth.denied');
    await served.server.close();
  });

  test('Basic is not offered where it is switched off', async () => {
    const served = await serveHttps(host);

    expect(await logOn(served, { ...trusting(host), auth: 'basic' })).toBe('auth.not-offered');
    await served.server.close();
  });

  test('a client certificate is taken for the account that it is mapped to, and no other certificate', async () => {
    const [ops, stranger] = [workshop.make({ name: 'ops' }), workshop.make({ name: 'stranger' })];
    const served = await serveHttps(host, {
      mapCertificate: (der) => (Buffer.from(der).equals(ops.der) ? { user: 'ops', domain: '' } : undefined),
    });
    const by = ({ certificate, key }: MadeCertificate): Promise<string> =>
      logOn(served, {
        auth: 'certificate',
        tls: { ca: host.certificate, clientCertificate: { certificate, key: new Secret(key) } },
      });

    expect([await by(ops), await by(stranger)]).toEqual(['ops', 'auth.denied']);
    await served.server.close();
  });

  test('a host pinned by its fingerprint is reached without an authority', async () => {
    const served = await serveHttps(host);
    const print = workshop.openssl('x509', '-in', host.certificateFile, '-noout', '-fingerprint', '-sha256');

    expect(await logOn(served, { tls: { pin: print.trim().split('=')[1] ?? '' } })).toBe('CORP\\ops');
    expect(await logOn(served, {})).toBe('tls.self-signed');
    await served.server.close();
  });
});
