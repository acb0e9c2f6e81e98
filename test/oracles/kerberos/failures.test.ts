import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import type { KerberosInitiator } from '../../../src/ports/kerberos.ts';
import { oracle } from '../../support/oracles.ts';
import { realm as realmName } from './kdc.ts';
import { codeOf, hasRealm, limits, password, signal, TestRealm, text, user } from './test-realm.ts';

oracle('check 7: Kerberos that fails, with MIT krb5', hasRealm, () => {
  const realm = new TestRealm();

  describe('what goes wrong is told apart:', () => {
    test.each<[what: string, changes: Partial<Target>, code: string]>([
      ['a wrong password', { password: new Secret('wrong') }, 'auth.kerberos-wrong-password'],
      ['an unknown account', { user: `nobody@${realmName}` }, 'auth.kerberos-unknown-user'],
      ['a realm that nobody knows', { user: 'ops@ELSEWHERE.TEST' }, 'auth.kerberos-no-realm'],
      ['a KDC that is not there', { user: 'ops@NO-KDC.TEST' }, 'auth.kerberos-no-kdc'],
      ['no ticket', { password: new Secret('') }, 'auth.kerberos-no-ticket'],
      ['an IP address', { address: '127.0.0.1' }, 'auth.kerberos-address'],
      ['an unknown service', { kerberos: { service: 'http' } }, 'auth.kerberos-unknown-service'],
    ])('%s', async (_, changes, expected) => {
      expect(await codeOf(await realm.start(changes))).toBe(expected);
    });

    test('an unknown service is named as it was asked for', async () => {
      const connection = await realm.start({ kerberos: { hostname: 'fs-01.countersign.test' } });

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
      const cache = realm.kdc.getTicket('ops', password.reveal(), '1s');
      const connection = await realm.start({ password: new Secret(''), kerberos: { cache } });

      // Until its second is over the ticket is good.
      await expect
        .poll(() => codeOf(connection).then((it) => (connection.close(), it)), { timeout: 10_000 })
        .toBe('auth.kerberos-ticket-expired');
    });

    test.each(['kerberos', 'negotiate'] as const)(
      'clocks too far apart (%s), with both times',
      async (auth) => {
        const connection = await realm.start(
          { auth },
          { ...realm.kdc.environmentWith('clockskew = 1'), LATE: '2.5' },
        );

        const answer = await connection.post(text('x'), signal, limits);

        const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect(answer).toMatchObject({
          error: { code: 'auth.kerberos-clock-skew', details: { host: 'web-01', here: time, there: time } },
        });
      },
    );

    test('a host that lost its secret', async () => {
      realm.kdc.addPrincipal('rekeyed/localhost');
      realm.kdc.exportKeys('rekeyed/localhost');
      realm.kdc.kadmin('cpw -randkey rekeyed/localhost');

      expect(await codeOf(await realm.start({ kerberos: { service: 'rekeyed' } }))).toBe(
        'auth.kerberos-refused',
      );
    });
  });

  test('a refused password is not sent again for the next host', async () => {
    const wrong = new Secret('wrong once');
    const first = await realm.start({ password: wrong });
    expect(await codeOf(first)).toBe('auth.kerberos-wrong-password');
    realm.kdc.kadmin(`cpw -pw "${wrong.reveal()}" ops`);

    const second = await realm.start({ password: wrong });

    expect(await codeOf(second)).toBe('auth.kerberos-wrong-password');
    realm.kdc.kadmin(`cpw -pw "${password.reveal()}" ops`);
  });

  describe('a logon that is not complete', () => {
    async function begin(): Promise<KerberosInitiator> {
      const common = { principal: user, password, cache: undefined, channelBinding: undefined };
      const initiator = unwrap(await realm.kerberos.initiate({ service: 'host@localhost', ...common }));
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
      const initiator = await realm.kerberos.initiate({ service, ...common });
      const step = initiator.ok ? await initiator.value.step(undefined) : initiator;

      expect(step.ok ? 'ok' : step.error.code).toMatch(/^auth\.kerberos-/);
    });
  });

  test('a KDC that keeps silent holds up no other host', async () => {
    const silent = codeOf(await realm.start({ user: 'ops@SILENT.TEST', logonTimeout: seconds(60) }));
    let isOver = false;
    void silent.then(() => (isOver = true));

    const others = await Promise.all([
      realm.start().then(codeOf),
      realm.start({ auth: 'negotiate' }).then(codeOf),
      realm.start({ password: new Secret('') }).then(codeOf),
    ]);

    expect(others).toEqual(['ok', 'ok', 'auth.kerberos-no-ticket']);
    expect(isOver).toBe(false);
    realm.kdc.endSilence();
    expect(await silent).toBe('auth.kerberos-no-kdc');
  });
});
