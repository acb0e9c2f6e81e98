import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/core/failure.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { KerberosSettings } from '../../../src/core/target.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { formatAuth } from '../../../src/wire/sealing/authorization.ts';
import { decodeInit } from '../../../src/wire/spnego/init-token.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';
import { encodeResponse } from '../../../src/wire/spnego/response-token.ts';
import { apReply, fakeKerberos, krbError, wrap } from './fake-kerberos.ts';
import type { FakeKerberosOptions } from './fake-kerberos.ts';
import { answer, logOn, ntlmHost, schemesOf, scriptedHost, tokenOf } from './logon-harness.ts';
import type { Attempted, AuthHost, HttpAnswer, LogonAttempt } from './logon-harness.ts';

const proven = answer(200, formatAuth('Kerberos', apReply));
const code = ({ result }: Attempted): string => (result.ok ? 'ok' : result.error.code);

const attempt = (
  host: AuthHost,
  changes: LogonAttempt = {},
  library: FakeKerberosOptions = {},
): Promise<Attempted> =>
  logOn(host, {
    kerberos: fakeKerberos(library).kerberos,
    ...changes,
    target: { auth: 'kerberos', ...changes.target },
  });

describe('a logon by Kerberos', () => {
  test('takes one round trip under its own scheme, whose name the sealed bodies bear', async () => {
    const attempted = await attempt(scriptedHost(proven));

    expect(schemesOf(attempted)).toEqual(['Kerberos']);
    expect(unwrap(attempted.result).context?.protocol).toBe('application/HTTP-Kerberos-session-encrypted');
  });

  test('seals what it sends and opens what comes, by 60 bytes before each message', async () => {
    const { context } = unwrap((await attempt(scriptedHost(proven))).result);
    if (context === undefined) throw new Error('nothing seals');
    const message = systemEntropy.bytes(100);

    const sealed = unwrap(context.seal(message));

    expect([sealed.header.length, sealed.body.length]).toEqual([60, 100]);
    expect(unwrap(context.unseal(sealed.header, sealed.body))).toEqual(message);
    expect(context.unseal(sealed.body, sealed.header)).toMatchObject({ error: { code: 'auth.bad-seal' } });
    expect(wrap(message)).toHaveLength(160);
  });

  test('that cannot seal any more says so, and sends nothing', async () => {
    const { context } = unwrap((await attempt(scriptedHost(proven), {}, { cannotSeal: true })).result);

    expect(context?.seal(systemEntropy.bytes(1))).toMatchObject({ error: { code: 'auth.not-sealed' } });
  });

  test.each<[settings: KerberosSettings | undefined, service: string]>([
    [undefined, 'host@web-01.corp.example'],
    [{ service: 'WSMAN' }, 'WSMAN@web-01.corp.example'],
    [{ hostname: 'fs-01.corp.example' }, 'host@fs-01.corp.example'],
  ])('with the settings %j asks for %s', async (kerberos, service) => {
    const library = fakeKerberos();
    const target = { auth: 'kerberos', ...(kerberos && { kerberos }) } as const;

    await logOn(scriptedHost(proven), { kerberos: library.kerberos, target });

    expect(library.logons).toMatchObject([
      { service, principal: 'ops@CORP.EXAMPLE', channelBinding: undefined },
    ]);
  });

  test.each([
    ['ops@CORP.EXAMPLE', 'ops@CORP.EXAMPLE'],
    ['CORP.EXAMPLE\\ops', 'ops@CORP.EXAMPLE'],
    ['ops', 'ops'],
    ['', undefined],
  ])('of the user "%s" is one of %s', async (user, principal) => {
    const library = fakeKerberos();
    const target = {
      auth: 'kerberos',
      user,
      password: new Secret(''),
      kerberos: { cache: 'FILE:x' },
    } as const;

    await logOn(scriptedHost(proven), { kerberos: library.kerberos, target });

    expect(library.logons).toMatchObject([{ principal, password: undefined, cache: 'FILE:x' }]);
  });

  test('is negotiated alone where the host has switched its scheme off', async () => {
    const negotiated = encodeResponse({ state: 'accept-completed', token: apReply });
    const host = scriptedHost(answer(401, 'Negotiate'), answer(200, formatAuth('Negotiate', negotiated)));

    const attempted = await attempt(host);

    expect(schemesOf(attempted)).toEqual(['Kerberos', 'Negotiate']);
    expect(unwrap(decodeInit(tokenOf(attempted.sent[1] ?? ''))).mechanisms).not.toContain(Mechanism.ntlm);
    expect(unwrap(attempted.result).context?.protocol).toBe('application/HTTP-SPNEGO-session-encrypted');
  });

  test('never becomes NTLM, whatever the host would like', async () => {
    const attempted = await attempt(ntlmHost());

    expect(attempted.result.ok).toBe(false);
    for (const sent of attempted.sent)
      expect(Buffer.from(tokenOf(sent)).toString('latin1')).not.toContain('NTLMSSP');
  });

  test.each<[what: string, answer: HttpAnswer, code: string]>([
    ['takes the ticket and does not prove itself', answer(200), 'auth.server-not-proven'],
    ['proves nothing that is true', answer(200, 'Kerberos AAAA'), 'auth.kerberos-failed'],
    ['offers only Basic', answer(401, 'Basic realm="x"'), 'auth.not-offered'],
    ['offers nothing', answer(401), 'auth.not-offered'],
    ['turns the ticket away', answer(401, 'Kerberos'), 'auth.denied'],
    [
      'turns it away by a clock of its own',
      answer(401, 'Kerberos', 'Tue, 24 Nov 2026 20:54:00 GMT'),
      'auth.kerberos-clock-skew',
    ],
    ['turns it away by our clock', answer(401, 'Kerberos', 'Tue, 24 Nov 2026 20:56:00 GMT'), 'auth.denied'],
    ['turns it away at a time of its own', answer(401, 'Kerberos', 'yesterday'), 'auth.denied'],
    ['is not ready', answer(503), 'http.status'],
    [
      'cannot open the ticket',
      answer(401, formatAuth('Kerberos', krbError(41, '20261124210000Z'))),
      'auth.kerberos-refused',
    ],
    [
      'says something else',
      answer(401, formatAuth('Kerberos', krbError(99, '20261124210000Z'))),
      'auth.kerberos-refused',
    ],
  ])('at a host that %s fails as %o', async (_, answered, expected) => {
    expect(code(await attempt(scriptedHost(answered)))).toBe(expected);
  });

  test('with clocks apart names both times', async () => {
    const host = scriptedHost(answer(401, formatAuth('Kerberos', krbError(37, '20261124203000Z'))));

    expect((await attempt(host)).result).toMatchObject({
      error: { details: { host: 'web-01', here: '2026-11-24T21:00:00Z', there: '2026-11-24T20:30:00Z' } },
    });
  });

  test.each<[what: string, changes: LogonAttempt, code: string]>([
    ['an address', { target: { address: '10.0.0.7' } }, 'auth.kerberos-address'],
    ['a malformed certificate', { peerCertificate: Uint8Array.of(1) }, 'tls.malformed-certificate'],
  ])('to %s fails before anything is sent', async (_, changes, expected) => {
    const attempted = await attempt(scriptedHost(), changes);

    expect([code(attempted), attempted.sent]).toEqual([expected, []]);
  });

  test('without a library says so', async () => {
    const { result } = await logOn(scriptedHost(), { target: { auth: 'kerberos' } });

    expect(result).toMatchObject({ error: { code: 'auth.kerberos-unavailable' } });
  });

  test('names the service that was asked for where the KDC does not know it', async () => {
    const refusesService = failure('auth.kerberos-unknown-service', { service: 'host@web-01.corp.example' });

    expect((await attempt(scriptedHost(), {}, { refusesService })).result).toMatchObject({
      error: { details: { host: 'web-01', spn: 'host/web-01.corp.example' }, hint: /setspn -Q host\/web-01/ },
    });
  });
});
