import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { AuthConnection } from '../../../src/remote/connection.ts';
import { decodeSealed } from '../../../src/wire/sealing/multipart-encrypted.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';
import { codeOf, hasRealm, limits, password, signal, TestRealm, text } from './test-realm.ts';

oracle('check 7: Kerberos with MIT krb5', hasRealm, () => {
  const realm = new TestRealm();

  describe.each([
    ['AES-256', 'host', 'aes256-cts', 60],
    ['AES-128', 'aes128', 'aes128-cts', 60],
    ['AES-256 with SHA-384', 'sha384', 'aes256-sha2', 72],
  ])('with %s', (_, service, encryption, headerBytes) => {
    test.each([
      ['kerberos', 'Kerberos'],
      ['negotiate', 'SPNEGO'],
    ] as const)('a logon by %s seals messages of 0 to 1 MB both ways', async (auth, protocol) => {
      const bodies: Uint8Array[] = [];
      // Left to itself the acceptor would agree with us on a key of the kind that we prefer.
      const environment = realm.kdc.environmentWith(`permitted_enctypes = ${encryption}`);
      const connection = await realm.start({ auth, kerberos: { service } }, environment, bodies);

      for (const size of [0, 1, 15, 16, 17, 1000, 65_535, 100_000, 1_048_576, 3]) {
        const message = new Uint8Array(randomBytes(size));
        const answer = unwrap(await connection.post(message, signal, limits));
        expect(Buffer.compare(answer.body, Buffer.concat([text('echo:'), message]))).toBe(0);
      }

      expect(bodies).toHaveLength(20);
      for (const body of bodies) {
        expect(unwrap(decodeSealed(body)).header).toHaveLength(headerBytes);
        expect(Buffer.from(body.subarray(0, 100)).toString()).toContain(`HTTP-${protocol}-session-encrypted`);
      }
    });
  });

  test('check 1: nothing of a message is in clear on the wire', async () => {
    const bodies: Uint8Array[] = [];
    const connection = await realm.start({}, {}, bodies);

    unwrap(await connection.post(text('<s:Envelope>the plain text</s:Envelope>'), signal, limits));

    expect(bodies).toHaveLength(2);
    for (const body of bodies)
      expect(Buffer.from(body).toString('latin1')).not.toMatch(/Envelope|plain|echo/);
  });

  test('a ticket of the cache is enough, without a password and a user', async () => {
    const cache = realm.kdc.getTicket('ops', password.reveal());
    const connection = await realm.start({ user: '', password: new Secret(''), kerberos: { cache } });

    expect(await codeOf(connection)).toBe('ok');
  });

  test('negotiate takes the ticket of the cache too', async () => {
    const cache = realm.kdc.getTicket('ops', password.reveal());
    const connection = await realm.start({
      auth: 'negotiate',
      password: new Secret(''),
      kerberos: { cache },
    });

    expect(await codeOf(connection)).toBe('ok');
  });

  test('where the host has switched its scheme off, Kerberos is negotiated', async () => {
    expect(await codeOf(await realm.start({}, { SCHEMES: 'Negotiate' }))).toBe('ok');
  });

  test('where the host has switched both schemes off, nothing weaker is tried', async () => {
    const connection = await realm.start({}, { SCHEMES: 'Basic' });

    const answer = await connection.post(text('x'), signal, limits);

    expect(answer).toMatchObject({ error: { code: 'auth.not-offered', details: { wanted: 'Kerberos' } } });
  });

  describe.skipIf(!hasOpenssl())('check 8: inside TLS', () => {
    const workshop = new CertificateWorkshop();

    async function startTls(
      binds: 'right' | 'wrong',
      auth: 'kerberos' | 'negotiate',
    ): Promise<AuthConnection> {
      const made = workshop.make({ name: 'localhost' });
      const digest = createHash('sha256').update(made.der).digest();
      if (binds === 'wrong') digest.fill(7);
      const binding = Buffer.concat([Buffer.from('tls-server-end-point:'), digest]).toString('hex');
      const pin = createHash('sha256').update(made.der).digest('hex');
      return realm.start(
        { auth, scheme: 'https', tls: { pin } },
        { TLS_CERTIFICATE: made.certificateFile, TLS_KEY: made.keyFile, CHANNEL_BINDING: binding },
      );
    }

    test.each(['kerberos', 'negotiate'] as const)(
      'a logon by %s is bound to the connection',
      async (auth) => {
        const connection = await startTls('right', auth);

        expect(await connection.post(text('x'), signal, limits)).toEqual(
          ok({ status: 200, body: text('echo:x') }),
        );
      },
    );

    test.each(['kerberos', 'negotiate'] as const)(
      'and by %s bound to another one is refused',
      async (auth) => {
        expect(await codeOf(await startTls('wrong', auth))).toMatch(/^auth\.(denied|kerberos-refused)$/);
      },
    );
  });
});
