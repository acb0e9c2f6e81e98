import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { createSystemKerberos } from '../../../src/node/gssapi/kerberos.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpConnection, HttpConnector } from '../../../src/ports/http-connection.ts';
import type { Kerberos, KerberosInitiator } from '../../../src/ports/kerberos.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { decodeSealed } from '../../../src/wire/sealing/multipart-encrypted.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';
import { loopbackTarget } from '../../support/target.ts';
import { findPython, startPython } from '../ntlm/acceptor.ts';
import type { GssAcceptor } from '../ntlm/acceptor.ts';
import { hasKdc, realm, startKdc } from './kdc.ts';
import type { Kdc } from './kdc.ts';

const password = new Secret('Pä$wörd 日本');
const user = `ops@${realm}`;
const program = join(import.meta.dirname, 'acceptor.py');
const limits = { timeout: seconds(20), maxResponseBytes: 4_000_000 };
const signal = new AbortController().signal;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Keeps every byte that crosses the socket, in both directions. */
function recording(bodies: Uint8Array[]): HttpConnector {
  return {
    connect: (endpoint) => {
      const connection = systemConnector.connect(endpoint);
      const exchange: HttpConnection['exchange'] = async (request, until) => {
        const answer = await connection.exchange(request, until);
        if (request.body.length > 0) bodies.push(request.body);
        if (answer.ok && answer.value.body.length > 0) bodies.push(answer.value.body);
        return answer;
      };
      return {
        exchange,
        open: (until) => connection.open(until),
        close: () => {
          connection.close();
        },
        get socket() {
          return connection.socket;
        },
        get peerCertificate() {
          return connection.peerCertificate;
        },
      };
    },
  };
}

oracle(
  'check 7: Kerberos with MIT krb5',
  () => hasKdc() && findPython() !== undefined,
  () => {
    let kdc: Kdc;
    let kerberos: Kerberos;
    const acceptors = new Map<string, GssAcceptor>();
    const toClose: AuthConnection[] = [];

    beforeAll(async () => {
      kdc = await startKdc();
      kdc.addPrincipal('ops', { password: password.reveal() });
      kdc.addPrincipal('host/localhost');
      kdc.addPrincipal('aes128/localhost', { encryption: 'aes128-cts:normal' });
      kdc.addPrincipal('sha384/localhost', { encryption: 'aes256-sha2:normal' });
      kdc.exportKeys('host/localhost', 'aes128/localhost', 'sha384/localhost');
      // The library of this process reads them at its first call.
      Object.assign(process.env, kdc.environment);
      kerberos = createSystemKerberos();
    });
    afterAll(async () => {
      for (const acceptor of acceptors.values()) await acceptor.stop();
      await kdc.stop();
    });
    afterEach(() => {
      for (const connection of toClose.splice(0)) connection.close();
    });

    /** One acceptor for all tests that want the same; it knows its connections apart. */
    async function acceptorWith(environment: Readonly<Record<string, string>>): Promise<GssAcceptor> {
      const key = JSON.stringify(environment);
      const known = acceptors.get(key);
      if (known !== undefined) return known;
      const acceptor = await startPython(program, { ...kdc.environment, ...environment });
      acceptors.set(key, acceptor);
      return acceptor;
    }

    async function start(
      changes: Partial<Target> = {},
      environment: Readonly<Record<string, string>> = {},
      bodies: Uint8Array[] = [],
    ): Promise<AuthConnection> {
      const acceptor = await acceptorWith(environment);
      const common = { auth: 'kerberos', address: 'localhost', user, password } as const;
      const connection = new AuthConnection({
        target: loopbackTarget(acceptor.port, { ...common, ...changes }),
        connector: recording(bodies),
        timers: systemTimers,
        entropy: systemEntropy,
        now: () => systemClock.now(),
        kerberos,
      });
      toClose.push(connection);
      return connection;
    }

    async function code(connection: AuthConnection): Promise<unknown> {
      const answer = await connection.post(text('x'), signal, limits);
      return answer.ok ? 'ok' : answer.error.code;
    }

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
        const environment = kdc.environmentWith(`permitted_enctypes = ${encryption}`);
        const connection = await start({ auth, kerberos: { service } }, environment, bodies);

        for (const size of [0, 1, 15, 16, 17, 1000, 65_535, 100_000, 1_048_576, 3]) {
          const message = new Uint8Array(randomBytes(size));
          const answer = unwrap(await connection.post(message, signal, limits));
          expect(Buffer.compare(answer.body, Buffer.concat([text('echo:'), message]))).toBe(0);
        }

        expect(bodies).toHaveLength(20);
        for (const body of bodies) {
          expect(unwrap(decodeSealed(body)).header).toHaveLength(headerBytes);
          expect(Buffer.from(body.subarray(0, 100)).toString()).toContain(
            `HTTP-${protocol}-session-encrypted`,
          );
        }
      });
    });

    test('check 1: nothing of a message is in clear on the wire', async () => {
      const bodies: Uint8Array[] = [];
      const connection = await start({}, {}, bodies);

      unwrap(await connection.post(text('<s:Envelope>the plain text</s:Envelope>'), signal, limits));

      expect(bodies).toHaveLength(2);
      for (const body of bodies)
        expect(Buffer.from(body).toString('latin1')).not.toMatch(/Envelope|plain|echo/);
    });

    test('a ticket of the cache is enough, without a password and a user', async () => {
      const cache = kdc.getTicket('ops', password.reveal());
      const connection = await start({ user: '', password: new Secret(''), kerberos: { cache } });

      expect(await code(connection)).toBe('ok');
    });

    test('negotiate takes the ticket of the cache too', async () => {
      const cache = kdc.getTicket('ops', password.reveal());
      const connection = await start({ auth: 'negotiate', password: new Secret(''), kerberos: { cache } });

      expect(await code(connection)).toBe('ok');
    });

    test('where the host has switched its scheme off, Kerberos is negotiated', async () => {
      expect(await code(await start({}, { SCHEMES: 'Negotiate' }))).toBe('ok');
    });

    test('where the host has switched both schemes off, nothing weaker is tried', async () => {
      const connection = await start({}, { SCHEMES: 'Basic' });

      const answer = await connection.post(text('x'), signal, limits);

      expect(answer).toMatchObject({ error: { code: 'auth.not-offered', details: { wanted: 'Kerberos' } } });
    });

    describe('what goes wrong is told apart:', () => {
      test.each<[what: string, changes: Partial<Target>, code: string]>([
        ['a wrong password', { password: new Secret('wrong') }, 'auth.kerberos-wrong-password'],
        ['an unknown account', { user: `nobody@${realm}` }, 'auth.kerberos-unknown-user'],
        ['a realm that nobody knows', { user: 'ops@ELSEWHERE.TEST' }, 'auth.kerberos-no-realm'],
        ['a KDC that is not there', { user: 'ops@NO-KDC.TEST' }, 'auth.kerberos-no-kdc'],
        ['no ticket', { password: new Secret('') }, 'auth.kerberos-no-ticket'],
        ['an IP address', { address: '127.0.0.1' }, 'auth.kerberos-address'],
        ['an unknown service', { kerberos: { service: 'http' } }, 'auth.kerberos-unknown-service'],
      ])('%s', async (_, changes, expected) => {
        expect(await code(await start(changes))).toBe(expected);
      });

      test('an unknown service is named as it was asked for', async () => {
        const connection = await start({ kerberos: { hostname: 'fs-01.countersign.test' } });

        const answer = await connection.post(text('x'), signal, limits);

        expect(answer).toMatchObject({
          error: {
            code: 'auth.kerberos-unknown-service',
            details: {
              host: 'web-01',
              service: 'host@fs-01.countersign.test',
              spn: 'host/fs-01.countersign.test',
            },
          },
        });
      });

      test('an expired ticket', async () => {
        const cache = kdc.getTicket('ops', password.reveal(), '1s');
        const connection = await start({ password: new Secret(''), kerberos: { cache } });

        // Until its second is over the ticket is good.
        await expect
          .poll(() => code(connection).then((it) => (connection.close(), it)), { timeout: 10_000 })
          .toBe('auth.kerberos-ticket-expired');
      });

      test.each(['kerberos', 'negotiate'] as const)(
        'clocks too far apart (%s), with both times',
        async (auth) => {
          const connection = await start({ auth }, { ...kdc.environmentWith('clockskew = 1'), LATE: '2.5' });

          const answer = await connection.post(text('x'), signal, limits);

          const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
          expect(answer).toMatchObject({
            error: { code: 'auth.kerberos-clock-skew', details: { host: 'web-01', here: time, there: time } },
          });
        },
      );

      test('a host that lost its secret', async () => {
        kdc.addPrincipal('rekeyed/localhost');
        kdc.exportKeys('rekeyed/localhost');
        kdc.kadmin('cpw -randkey rekeyed/localhost');

        expect(await code(await start({ kerberos: { service: 'rekeyed' } }))).toBe('auth.kerberos-refused');
      });
    });

    test('a refused password is not sent again for the next host', async () => {
      const wrong = new Secret('wrong once');
      const first = await start({ password: wrong });
      expect(await code(first)).toBe('auth.kerberos-wrong-password');
      kdc.kadmin(`cpw -pw "${wrong.reveal()}" ops`);

      const second = await start({ password: wrong });

      expect(await code(second)).toBe('auth.kerberos-wrong-password');
      kdc.kadmin(`cpw -pw "${password.reveal()}" ops`);
    });

    describe('a logon that is not complete', () => {
      async function begin(): Promise<KerberosInitiator> {
        const common = { principal: user, password, cache: undefined, channelBinding: undefined };
        const initiator = unwrap(await kerberos.initiate({ service: 'host@localhost', ...common }));
        unwrap(await initiator.step(undefined));
        return initiator;
      }

      test('seals and opens nothing', async () => {
        const initiator = await begin();

        expect(initiator.wrap(text('x'))).toMatchObject({ error: { code: 'auth.not-sealed' } });
        expect(initiator.mic(text('x'))).toMatchObject({ error: { code: 'auth.not-sealed' } });
        expect(initiator.unwrap(text('x'))).toMatchObject({ error: { code: 'auth.bad-seal' } });
        expect(initiator.checkMic(text('x'), text('y'))).toMatchObject({ error: { code: 'auth.bad-seal' } });
      });

      test('takes no rubbish for the proof of the host', async () => {
        const step = await (await begin()).step(text('rubbish'));

        expect(step).toMatchObject({ error: { code: 'auth.kerberos-failed', message: /token/ } });
      });

      test.each(['', 'host@', '@'])('and one with the service "%s" does not begin', async (service) => {
        const common = { principal: user, password, cache: undefined, channelBinding: undefined };
        const initiator = await kerberos.initiate({ service, ...common });
        const step = initiator.ok ? await initiator.value.step(undefined) : initiator;

        expect(step.ok ? 'ok' : step.error.code).toMatch(/^auth\.kerberos-/);
      });
    });

    test('a KDC that keeps silent holds up no other host', async () => {
      const silent = code(await start({ user: 'ops@SILENT.TEST', logonTimeout: seconds(60) }));
      let isOver = false;
      void silent.then(() => (isOver = true));

      const others = await Promise.all([
        start().then(code),
        start({ auth: 'negotiate' }).then(code),
        start({ password: new Secret('') }).then(code),
      ]);

      expect(others).toEqual(['ok', 'ok', 'auth.kerberos-no-ticket']);
      expect(isOver).toBe(false);
      kdc.endSilence();
      expect(await silent).toBe('auth.kerberos-no-kdc');
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
        return start(
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
          expect(await code(await startTls('wrong', auth))).toMatch(/^auth\.(denied|kerberos-refused)$/);
        },
      );
    });
  },
);
