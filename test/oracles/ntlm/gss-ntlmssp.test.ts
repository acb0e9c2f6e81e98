import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HandshakeStyle } from '../../../src/remote/auth/ntlm.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { oracle } from '../../support/oracles.ts';
import { loopbackTarget } from '../../support/target.ts';
import { wrapExchanges } from '../../support/wrapped-connector.ts';
import { findPython, startAcceptor } from './acceptor.ts';
import type { GssAcceptor } from './acceptor.ts';

const user = 'CORP\\Ops';
const password = 'Pä$$wörd 日本';
const limits = { timeout: seconds(20), maxResponseBytes: 4_000_000 };
const signal = new AbortController().signal;
/** 0, 1, and up to 1 MB in even steps of the logarithm. */
const sizes = [0, 1, ...Array.from({ length: 58 }, (_, step) => Math.round(10 ** (((step + 1) * 6) / 58)))];

oracle(
  'NTLM acceptor on gss-ntlmssp',
  () => findPython() !== undefined,
  () => {
    let acceptor: GssAcceptor;
    beforeAll(async () => {
      acceptor = await startAcceptor('CORP', 'Ops', password);
    });
    afterAll(() => acceptor.stop());

    function connect(secret: string, account: string, handshake: HandshakeStyle): AuthConnection {
      const target = loopbackTarget(acceptor.port, { user: account, password: new Secret(secret) });
      return new AuthConnection({
        target,
        connector: systemConnector,
        timers: systemTimers,
        entropy: systemEntropy,
        now: () => systemClock.now(),
        handshake,
      });
    }

    test.each(['apart', 'together'] as const)(
      'it opens 60 messages of 0 to 1 MB on one connection, and we open its answers (handshake %s)',
      async (handshake) => {
        const connection = connect(password, user, handshake);

        for (const size of sizes) {
          const envelope = new Uint8Array(randomBytes(size));
          const answer = unwrap(await connection.post(envelope, signal, limits));
          expect(answer.status).toBe(200);
          expect(Buffer.concat([Buffer.from('echo:'), envelope]).equals(answer.body)).toBe(true);
        }
        connection.close();
      },
    );

    test('it takes the user name in another case', async () => {
      const connection = connect(password, 'CORP\\oPS', 'apart');

      const answer = await connection.post(new Uint8Array(3), signal, limits);

      expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
      connection.close();
    });

    test.each([
      ['a wrong password', 'wrong', user],
      ['an unknown user', password, 'CORP\\nobody'],
      ['a wrong domain', password, 'OTHER\\Ops'],
    ])('it denies %s', async (_, secret, account) => {
      const connection = connect(secret, account, 'apart');

      const answer = await connection.post(new Uint8Array(3), signal, limits);

      expect(answer).toMatchObject({ ok: false, error: { code: 'auth.denied' } });
    });

    test('check 2: it checks the MIC over the three messages of our logon', async () => {
      const target = loopbackTarget(acceptor.port, { user, password: new Secret(password) });
      const connection = new AuthConnection({
        target,
        connector: changingMic,
        timers: systemTimers,
        entropy: systemEntropy,
        now: () => systemClock.now(),
      });

      const answer = await connection.post(new Uint8Array(3), signal, limits);

      expect(answer).toMatchObject({ ok: false, error: { code: 'auth.denied' } });
    });
  },
);

/** Where the MIC stands in AUTHENTICATE. @see MS-NLMP §2.2.1.3 */
const micOffset = 72;

/** Changes one bit of the MIC on its way. */
const changingMic = wrapExchanges((exchange) => (request, until) => {
  const [scheme = '', encoded = ''] = (request.headers['Authorization'] ?? '').split(' ');
  const token = Buffer.from(encoded, 'base64');
  if (token[8] !== 3) return exchange(request, until);
  token[micOffset] = (token[micOffset] ?? 0) ^ 1;
  const headers = { ...request.headers, Authorization: `${scheme} ${token.toString('base64')}` };
  return exchange({ ...request, headers }, until);
});
