import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import type { CertificateOptions, MadeCertificate } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';
import { loopbackTarget } from '../../support/target.ts';
import { findPython, startAcceptor } from './acceptor.ts';

const account = { user: 'CORP\\Ops', password: new Secret('Pä$$wörd 日本') };
const program = join(import.meta.dirname, 'negotiating_acceptor.py');
const limits = { timeout: seconds(20), maxResponseBytes: 4_000_000 };
const signal = new AbortController().signal;

const toStop: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of toStop.splice(0)) await stop();
});

async function start(
  environment: Readonly<Record<string, string>>,
  changes: Partial<Target>,
): Promise<AuthConnection> {
  const acceptor = await startAcceptor('CORP', 'Ops', account.password.reveal(), { program, environment });
  const connection = new AuthConnection({
    target: loopbackTarget(acceptor.port, { ...account, ...changes }),
    connector: systemConnector,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
  });
  toStop.push(
    () => {
      connection.close();
    },
    () => acceptor.stop(),
  );
  return connection;
}

const echo = (message: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from('echo:'), message]));

oracle(
  'SPNEGO of MIT Kerberos around gss-ntlmssp',
  () => findPython() !== undefined,
  () => {
    test.each([
      ['negotiate', 'spnego'],
      ['ntlm', 'ntlm'],
    ] as const)(
      'a logon by %s at an acceptor of %s tokens seals what follows, in step',
      async (auth, mechanism) => {
        const connection = await start({ MECHANISM: mechanism }, { auth });

        for (const size of [0, 1, 1000, 100_000, 1_000_000, 3]) {
          const message = new Uint8Array(randomBytes(size));
          const answer = unwrap(await connection.post(message, signal, limits));
          expect(Buffer.compare(answer.body, echo(message))).toBe(0);
        }
      },
    );

    test('a wrong password is denied', async () => {
      const connection = await start(
        { MECHANISM: 'spnego' },
        { auth: 'negotiate', password: new Secret('x') },
      );

      const answer = await connection.post(new Uint8Array(3), signal, limits);

      expect(answer).toMatchObject({
        error: { code: 'auth.denied', details: { method: 'NTLM', kerberos: /needs the name/ } },
      });
    });
  },
);

oracle(
  'check 8: NTLM bound to the TLS connection, by gss-ntlmssp',
  () => findPython() !== undefined && hasOpenssl(),
  () => {
    const workshop = new CertificateWorkshop();
    /** What RFC 5929 says of each, by another implementation of the hash than the one under test. */
    const kinds: readonly [name: string, hash: string, options: Partial<CertificateOptions>][] = [
      ['SHA-1', 'sha256', { hash: 'sha1' }],
      ['SHA-256', 'sha256', { hash: 'sha256' }],
      ['SHA-384', 'sha384', { hash: 'sha384' }],
      ['PSS with SHA-384', 'sha384', { hash: 'sha384', pss: true }],
    ];

    const binding = ({ der }: MadeCertificate, hash: string): string =>
      Buffer.concat([Buffer.from('tls-server-end-point:'), createHash(hash).update(der).digest()]).toString(
        'hex',
      );

    async function startTls(
      mechanism: 'spnego' | 'ntlm',
      served: MadeCertificate,
      channelBinding: string,
    ): Promise<AuthConnection> {
      const tls = { TLS_CERTIFICATE: served.certificateFile, TLS_KEY: served.keyFile };
      return start(
        { ...tls, MECHANISM: mechanism, CHANNEL_BINDING: channelBinding },
        {
          auth: mechanism === 'spnego' ? 'negotiate' : 'ntlm',
          scheme: 'https',
          tls: { pin: createHash('sha256').update(served.der).digest('hex') },
        },
      );
    }

    describe.each(kinds)('a certificate signed with %s', (_, hash, options) => {
      const certificate = workshop.make({ name: 'localhost', ...options });
      const other = workshop.make({ name: 'localhost', ...options });

      test.each(['spnego', 'ntlm'] as const)('is what a logon (%s) is bound to', async (mechanism) => {
        const connection = await startTls(mechanism, certificate, binding(certificate, hash));

        const answer = unwrap(await connection.post(new TextEncoder().encode('x'), signal, limits));

        expect(answer.body).toEqual(echo(new TextEncoder().encode('x')));
      });

      test('and a logon that was bound to another certificate is denied', async () => {
        const connection = await startTls('spnego', certificate, binding(other, hash));

        const answer = await connection.post(new TextEncoder().encode('x'), signal, limits);

        expect(answer).toMatchObject({ error: { code: 'auth.denied' } });
      });
    });
  },
);
