import { constants } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createSecureContext, getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { TlsSettings } from '../../../src/core/target.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { createConnector } from '../../../src/node/http/connection.ts';
import type { HttpConnection, HttpEndpoint, HttpResponse } from '../../../src/ports/http-connection.ts';
import { CertificateWorkshop, hasOpenssl, rsaKey, startOpensslServer } from '../../support/certificates.ts';
import type { CertificateOptions, MadeCertificate } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';

const signal = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An HTTPS server that answers `ok`, or what `answer` says. */
function serve(
  { certificate, key }: MadeCertificate,
  options: ServerOptions = {},
  answer: (socket: TLSSocket) => Promise<string> = () => Promise.resolve('ok'),
): Promise<number> {
  const server = createServer({ cert: certificate, key, ...options }, (request, response) => {
    const { socket } = request;
    if (socket instanceof TLSSocket) void answer(socket).then((text) => response.end(text));
  });
  return listen(server);
}

const to = (port: number, tls: TlsSettings = {}, changes: Partial<HttpEndpoint> = {}): HttpConnection =>
  createConnector().connect({
    ...{ scheme: 'https', address: 'localhost', port, connectTimeout: seconds(5), tls },
    ...changes,
  });

/** One request over an open connection. */
function ask(connection: HttpConnection): Promise<Result<HttpResponse>> {
  const request = { method: 'POST', path: '/wsman', headers: {}, body: new Uint8Array(3) } as const;
  return connection.exchange({ ...request, timeout: seconds(5), maxResponseBytes: 1000 }, signal);
}

/** Opens, asks once, closes. */
async function reach(connection: HttpConnection): Promise<string> {
  const opened = await connection.open(signal);
  const answer = opened.ok ? await ask(connection) : opened;
  connection.close();
  return answer.ok ? Buffer.from(answer.value.body).toString() : answer.error.code;
}

oracle('certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const authority = workshop.make({ name: 'Our authority', isAuthority: true });
  const rsaAuthority = workshop.make({ name: 'RSA authority', isAuthority: true, key: rsaKey });
  const issued = (o: Partial<CertificateOptions> = {}): MadeCertificate =>
    workshop.make({ name: 'localhost', names: ['DNS:localhost'], issuer: authority, ...o });
  const good = issued();
  const selfSigned = workshop.make({ name: 'localhost', names: ['DNS:localhost'] });
  const ours = { ca: authority.certificate };
  const fingerprintOf = ({ certificateFile }: MadeCertificate): string =>
    workshop
      .openssl('x509', '-in', certificateFile, '-noout', '-fingerprint', '-sha256')
      .trim()
      .split('=')[1] ?? '';

  describe('check 9: a certificate is refused by default', () => {
    test('that a foreign authority signed', async () => {
      const opened = await to(await serve(good)).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.untrusted-authority', details: { issuer: 'CN=Our authority', sent: false } },
      });
    });

    test('that a foreign authority signed, and sent with it', async () => {
      const chain = { ...good, certificate: good.certificate + authority.certificate };

      const opened = await to(await serve(chain)).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.untrusted-authority', details: { issuer: 'CN=Our authority' } },
      });
    });

    test('that an authority of the same name but another key signed', async () => {
      const impostor = workshop.make({ name: 'Our authority', isAuthority: true });

      const opened = await to(await serve(issued({ issuer: impostor })), ours).open(signal);

      expect(opened).toMatchObject({ ok: false, error: { code: 'tls.untrusted-authority' } });
    });

    test('that signed itself', async () => {
      const opened = await to(await serve(selfSigned)).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: {
          code: 'tls.self-signed',
          details: { subject: 'CN=localhost', fingerprint: fingerprintOf(selfSigned), sent: false },
        },
      });
    });

    test('that has expired, with its dates', async () => {
      const expired = issued({ validity: ['20200101000000Z', '20200202000000Z'] });

      const opened = await to(await serve(expired), ours).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: {
          code: 'tls.expired',
          details: { validFrom: '2020-01-01T00:00:00Z', validTo: '2020-02-02T00:00:00Z' },
        },
      });
    });

    test('whose authority has expired, with the dates of that', async () => {
      const validity = ['20200101000000Z', '20200202000000Z'] as const;
      const old = workshop.make({ name: 'Old authority', isAuthority: true, validity });

      const port = await serve(issued({ issuer: old }));
      const opened = await to(port, { ca: old.certificate }).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.expired', details: { subject: 'CN=Old authority' } },
      });
    });

    test('that is not yet valid, with its dates', async () => {
      const early = issued({ validity: ['20900101000000Z', '20900202000000Z'] });

      const opened = await to(await serve(early), ours).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.not-yet-valid', details: { validFrom: '2090-01-01T00:00:00Z' } },
      });
    });

    test.each<[string, Partial<CertificateOptions>, string]>([
      ['another name', { names: ['DNS:other.example', 'DNS:*.example'] }, 'DNS:other.example, DNS:*.example'],
      ['an address alone', { name: 'fs-01', names: ['IP:127.0.0.1'] }, 'IP Address:127.0.0.1'],
      ['another subject and no alternative names', { name: 'other', names: [] }, 'CN=other'],
    ])('that carries %s, with its names', async (_, options, names) => {
      const opened = await to(await serve(issued(options)), ours).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.wrong-name', details: { wanted: 'localhost', names } },
      });
    });

    test('whose name is right where an address was asked for', async () => {
      const opened = await to(await serve(good), ours, { address: '127.0.0.1' }).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.wrong-name', details: { wanted: '127.0.0.1', names: 'DNS:localhost' } },
      });
    });

    test('that is signed by its authority with SHA-1', async () => {
      const port = await serve(issued({ key: rsaKey, hash: 'sha1' }), { ciphers: 'DEFAULT@SECLEVEL=0' });

      expect(await to(port, ours).open(signal)).toMatchObject({
        ok: false,
        error: {
          code: 'tls.weak-certificate',
          details: { reason: expect.stringMatching(/signed with ecdsa-with-SHA1, key rsa 2048/) },
        },
      });
    });

    test('and not one byte of a request was sent', async () => {
      let received = 0;
      const port = await serve(good, {}, () => Promise.resolve(String((received += 1))));
      const connection = to(port);

      await connection.open(signal);
      const asked = await ask(connection);

      expect(asked).toMatchObject({ ok: false, error: { code: 'net.reset', details: { sent: false } } });
      expect(received).toBe(0);
    });
  });

  describe('check 9: a certificate is taken', () => {
    test.each<[string, Partial<CertificateOptions>]>([
      ['by elliptic curve', {}],
      ['by RSA', { key: rsaKey }],
      ['by RSASSA-PSS', { pss: true, hash: 'sha384', issuer: rsaAuthority }],
      ['with SHA-512', { hash: 'sha512' }],
    ])('that our own authority signed %s', async (_, options) => {
      const ca = authority.certificate + rsaAuthority.certificate;

      expect(await reach(to(await serve(issued(options)), { ca }))).toBe('ok');
    });

    test('that an intermediate authority signed, where the server sends that one', async () => {
      const between = workshop.make({ name: 'Between', issuer: authority, isAuthority: true });
      const leaf = issued({ issuer: between });

      const port = await serve({ ...leaf, certificate: leaf.certificate + between.certificate });

      expect(await reach(to(port, ours))).toBe('ok');
    });

    test('that is its own authority, where it is the one that is trusted', async () => {
      expect(await reach(to(await serve(selfSigned), { ca: selfSigned.certificate }))).toBe('ok');
    });

    test('that an authority of this machine signed, unless others are named', async () => {
      const port = await serve(good);
      const other = workshop.make({ name: 'Other authority', isAuthority: true });
      const before = getCACertificates('default');
      setDefaultCACertificates([...before, authority.certificate]);

      const found = [await reach(to(port)), await reach(to(port, { ca: other.certificate }))];
      setDefaultCACertificates(before);

      expect(found).toEqual(['ok', 'tls.untrusted-authority']);
    });

    test('under an address that it carries', async () => {
      const port = await serve(issued({ names: ['IP:127.0.0.1'] }));

      expect(await reach(to(port, ours, { address: '127.0.0.1' }))).toBe('ok');
    });

    test('under a name that is to be expected instead, which the server is told', async () => {
      const asked: string[] = [];
      const port = await serve(issued({ names: ['DNS:fs-01.corp.example'] }), {
        SNICallback: (name, done) => {
          asked.push(name);
          done(null);
        },
      });
      const serverName = 'fs-01.corp.example.';

      expect(await reach(to(port, { ...ours, serverName }, { address: '127.0.0.1' }))).toBe('ok');
      expect(asked).toEqual(['fs-01.corp.example']);
    });

    test.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', async (version) => {
      const versions: (string | null)[] = [];
      const port = await serve(good, { minVersion: version, maxVersion: version }, (socket) => {
        versions.push(socket.getProtocol());
        return Promise.resolve('ok');
      });

      expect(await reach(to(port, ours))).toBe('ok');
      expect(versions).toEqual([version]);
    });

    test('and given to whoever binds a logon to it', async () => {
      const connection = to(await serve(good), ours);
      expect(connection.peerCertificate).toBeUndefined();

      unwrap(await connection.open(signal));

      expect(Buffer.from(connection.peerCertificate ?? []).toString('hex')).toBe(
        Buffer.from(good.der).toString('hex'),
      );
      connection.close();
    });
  });

  describe('check 9: a pin', () => {
    const plainHex = fingerprintOf(selfSigned).replaceAll(':', '').toLowerCase();

    test.each([
      ['as openssl prints it', fingerprintOf(selfSigned)],
      ['in lower case without colons', plainHex],
      ['with spaces', (plainHex.match(/../g) ?? []).join(' ')],
      ['as .NET prints it', (plainHex.match(/../g) ?? []).join('-').toUpperCase()],
    ])('%s takes the place of authorities, names and dates', async (_, pin) => {
      expect(await reach(to(await serve(selfSigned), { pin }, { address: '127.0.0.1' }))).toBe('ok');
    });

    test('takes a certificate that has expired, and one that is signed with SHA-1', async () => {
      const expired = issued({ validity: ['20200101000000Z', '20200202000000Z'] });
      const weak = issued({ key: rsaKey, hash: 'sha1' });

      expect(await reach(to(await serve(expired), { pin: fingerprintOf(expired) }))).toBe('ok');
      const port = await serve(weak, { ciphers: 'DEFAULT@SECLEVEL=0' });
      expect(await reach(to(port, { pin: fingerprintOf(weak) }))).toBe('ok');
    });

    test('refuses every other certificate, even of a trusted authority, with both fingerprints', async () => {
      const pin = fingerprintOf(selfSigned);

      const opened = await to(await serve(good), { ...ours, pin }).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'tls.pin-mismatch', details: { found: fingerprintOf(good), pinned: pin } },
      });
    });

    test('of the authority is not the one of the certificate', async () => {
      const chain = { ...good, certificate: good.certificate + authority.certificate };

      const opened = await to(await serve(chain), { pin: fingerprintOf(authority) }).open(signal);

      expect(opened).toMatchObject({ ok: false, error: { code: 'tls.pin-mismatch' } });
    });
  });

  describe('a client certificate', () => {
    const client = workshop.make({ name: 'ops', issuer: authority });
    const shown = { certificate: client.certificate, key: new Secret(client.key) };
    const demanding = { requestCert: true, ca: authority.certificate, rejectUnauthorized: true };
    const nameOf = (socket: TLSSocket): string =>
      String((socket.getPeerCertificate() as Partial<PeerCertificate>).subject?.CN ?? 'nobody');
    const subjectOf = (socket: TLSSocket): Promise<string> => Promise.resolve(nameOf(socket));

    test('is shown to a server that asks for it, over TLS 1.2', async () => {
      const versions: (string | null)[] = [];
      const port = await serve(good, demanding, (socket) => {
        versions.push(socket.getProtocol());
        return subjectOf(socket);
      });

      expect(await reach(to(port, { ...ours, clientCertificate: shown }))).toBe('ops');
      expect(versions).toEqual(['TLSv1.2']);
    });

    test('is shown to a server that asks for it once the request is there, as Windows does', async () => {
      const options = {
        ...{ maxVersion: 'TLSv1.2' as const, ca: authority.certificate },
        secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
      };
      const port = await serve(good, options, async (socket) => {
        if (nameOf(socket) === 'ops') return 'known';
        const { promise, resolve } = Promise.withResolvers<Error | null>();
        socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, resolve);
        expect(await promise).toBeNull();
        return subjectOf(socket);
      });
      const connection = to(port, { ...ours, clientCertificate: shown });

      unwrap(await connection.open(signal));
      const answers = [unwrap(await ask(connection)), unwrap(await ask(connection))];
      connection.close();

      expect(answers.map(({ body }) => Buffer.from(body).toString())).toEqual(['ops', 'known']);
    });

    test('may have a key with a passphrase', async () => {
      const [plain, locked] = [client.keyFile, `${client.keyFile}.locked`];
      workshop.openssl('pkey', '-in', plain, '-aes256', '-passout', 'pass:geheim', '-out', locked);
      const key = new Secret(workshop.read(locked));
      const port = await serve(good, demanding, subjectOf);
      const withPassphrase = (passphrase?: string): HttpConnection =>
        to(port, {
          ...ours,
          clientCertificate: {
            ...{ certificate: client.certificate, key },
            ...(passphrase === undefined ? {} : { passphrase: new Secret(passphrase) }),
          },
        });

      expect(await reach(withPassphrase('geheim'))).toBe('ops');
      expect(await withPassphrase('wrong').open(signal)).toMatchObject({
        error: { code: 'tls.bad-client-key', details: { reason: 'the passphrase is wrong', sent: false } },
      });
      expect(await withPassphrase().open(signal)).toMatchObject({
        error: {
          code: 'tls.bad-client-key',
          details: { reason: 'it is encrypted, and no passphrase was given' },
        },
      });
    });

    test('that the server does not trust is refused, with its subject and date', async () => {
      const foreign = workshop.make({ name: 'stranger' });
      const trusting = ['-CAfile', authority.certificateFile, '-verify_return_error'];
      const port = await startOpensslServer(good, '-Verify', '1', ...trusting);
      const clientCertificate = { certificate: foreign.certificate, key: new Secret(foreign.key) };

      const opened = await to(port, { ...ours, clientCertificate }).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: {
          code: 'tls.client-certificate-refused',
          details: { presented: true, subject: 'CN=stranger', sent: false },
        },
      });
      expect(opened.ok ? '' : opened.error.message).toMatch(/refused the client certificate CN=stranger/);
    });

    test('that is demanded and not there fails the handshake of TLS 1.2, which has no word for it', async () => {
      const opened = await to(await startOpensslServer(good, '-Verify', '1', '-tls1_2'), ours).open(signal);

      expect(opened).toMatchObject({ ok: false, error: { code: 'tls.handshake' } });
      expect(opened.ok ? '' : opened.error.hint).toMatch(/demand a client certificate/);
    });

    test('that is demanded and not there is named, though TLS 1.3 says so only after the handshake', async () => {
      const connection = to(await startOpensslServer(good, '-Verify', '1', '-tls1_3'), ours);

      const opened = await connection.open(signal);
      const asked = opened.ok ? await ask(connection) : opened;

      expect(asked).toMatchObject({
        ok: false,
        error: { code: 'tls.client-certificate-refused', details: { presented: false } },
      });
      expect(asked.ok ? '' : asked.error.message).toMatch(/demands a client certificate/);
    });
  });

  test('a server that becomes another one in the middle of the connection is left', async () => {
    const { certificate, key } = issued();
    const options = {
      ...{ maxVersion: 'TLSv1.2' as const },
      secureOptions: constants.SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION,
    };
    const port = await serve(good, options, async (socket) => {
      const { promise, resolve } = Promise.withResolvers<unknown>();
      socket.setKeyCert(createSecureContext({ cert: certificate, key }));
      socket.renegotiate({}, resolve);
      await Promise.race([promise, once(socket, 'close')]);
      return 'not to be believed';
    });

    const connection = to(port, ours);
    unwrap(await connection.open(signal));

    expect(await ask(connection)).toMatchObject({ ok: false, error: { code: 'tls.changed-certificate' } });
    expect(connection.socket).toBeUndefined();
  });

  describe('settings that cannot work are refused before anything is connected', () => {
    const client = { certificate: good.certificate, key: new Secret(good.key) };
    const garbled = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

    test.each<[string, TlsSettings, string, RegExp]>([
      ['authorities that are no PEM', { ca: 'DER' }, 'tls.bad-authority', /no PEM certificate/],
      ['authorities that are garbled', { ca: garbled }, 'tls.bad-authority', /cannot be read/],
      ['a pin that is too short', { pin: 'AB:CD' }, 'tls.bad-pin', /AB:CD/],
      ['a pin of SHA-256 with a wrong digit', { pin: 'g'.repeat(64) }, 'tls.bad-pin', /ggg/],
      [
        'a client certificate that is none',
        { clientCertificate: { ...client, certificate: 'x' } },
        'tls.bad-client-certificate',
        /no PEM certificate/,
      ],
      [
        'a key that is none',
        { clientCertificate: { ...client, key: new Secret('x') } },
        'tls.bad-client-key',
        /no PEM private key/,
      ],
      [
        'a key of another certificate',
        { clientCertificate: { ...client, key: new Secret(authority.key) } },
        'tls.bad-client-key',
        /another certificate/,
      ],
    ])('%s', async (_, tls, code, words) => {
      let connected = 0;
      const port = await listen(createTcpServer(() => (connected += 1)));

      const opened = await to(port, tls).open(signal);

      expect(opened).toMatchObject({ ok: false, error: { code, details: { port, sent: false } } });
      expect(opened.ok ? '' : opened.error.message).toMatch(words);
      expect(connected).toBe(0);
    });

    test('a client certificate with a key that is too short for OpenSSL', async () => {
      const short = workshop.make({
        name: 'short',
        key: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'],
      });
      const clientCertificate = { certificate: short.certificate, key: new Secret(short.key) };

      expect(await to(9, { clientCertificate }).open(signal)).toMatchObject({
        ok: false,
        error: { code: 'tls.bad-client-certificate' },
      });
    });
  });

  describe('a handshake fails', () => {
    test('where the host has no version of TLS in common with us', async () => {
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

      expect(await to(await serve(good, old), ours).open(signal)).toMatchObject({
        ok: false,
        error: { code: 'tls.no-common-protocol', details: { sent: false } },
      });
    });

    test('where the host has no cipher in common with us', async () => {
      const odd = { ciphers: 'ECDHE-RSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' } as const;

      expect(await to(await serve(good, odd), ours).open(signal)).toMatchObject({
        ok: false,
        error: { code: 'tls.handshake' },
      });
    });

    test('where the server answers in HTTP', async () => {
      const port = await listen(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n');
        }),
      );

      const opened = await to(port, ours).open(signal);

      expect(opened).toMatchObject({ ok: false, error: { code: 'tls.not-tls', details: { sent: false } } });
    });

    test.each<[string, (socket: Socket) => void]>([
      ['closes', (socket) => socket.end()],
      ['resets', (socket) => socket.resetAndDestroy()],
    ])('where the server %s the connection, as Windows does without a certificate', async (_, act) => {
      const port = await listen(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => {
            act(socket);
          });
        }),
      );

      expect(await to(port).open(signal)).toMatchObject({
        ok: false,
        error: { code: 'tls.closed', details: { sent: false } },
      });
    });

    test('in the time that connecting has, and says at which stage', async () => {
      const port = await listen(createTcpServer(() => undefined));

      const opened = await to(port, ours, { connectTimeout: milliseconds(60) }).open(signal);

      expect(opened).toMatchObject({
        ok: false,
        error: { code: 'net.timeout', details: { what: 'The TLS handshake' } },
      });
    });
  });
});
