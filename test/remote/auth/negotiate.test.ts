import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/core/failure.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { formatAuth } from '../../../src/wire/sealing/authorization.ts';
import { decodeInit } from '../../../src/wire/spnego/init-token.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';
import { decodeResponse, encodeResponse } from '../../../src/wire/spnego/response-token.ts';
import type { NegTokenResponse } from '../../../src/wire/spnego/response-token.ts';
import { apReply, fakeKerberos, krbError } from './fake-kerberos.ts';
import { answer, logOn, nothing, now, ntlmHost, schemesOf, scriptedHost, tokenOf } from './logon-harness.ts';
import type { AuthHost, HttpAnswer, LogonAttempt } from './logon-harness.ts';

const { kerberos, microsoftKerberos, ntlm } = Mechanism;
const offeredIn = (authorization = ''): readonly string[] =>
  unwrap(decodeInit(tokenOf(authorization))).mechanisms;
const negotiate = (response: NegTokenResponse): string => formatAuth('Negotiate', encodeResponse(response));

describe('negotiate at a host that knows NTLM only', () => {
  const able = { kerberos: fakeKerberos().kerberos };

  test('offers NTLM alone without a Kerberos library, and protects the offer', async () => {
    const attempted = await logOn(ntlmHost());

    expect(unwrap(attempted.result)).toMatchObject({
      headers: {},
      context: { protocol: 'application/HTTP-SPNEGO-session-encrypted' },
    });
    expect(offeredIn(attempted.sent[0])).toEqual([ntlm]);
    expect(unwrap(decodeResponse(tokenOf(attempted.sent[1] ?? '')))).toHaveProperty('mic');
  });

  test('offers Kerberos first, and NTLM takes three round trips then', async () => {
    const attempted = await logOn(ntlmHost(), { kerberos: fakeKerberos().kerberos });

    expect(attempted.result.ok).toBe(true);
    expect(offeredIn(attempted.sent[0])).toEqual([kerberos, microsoftKerberos, ntlm]);
    expect(attempted.sent).toHaveLength(3);
  });

  test.each<[why: string, changes: LogonAttempt, reason: RegExp]>([
    ['no library', {}, /put together without it/],
    ['an address', { ...able, target: { address: '10.0.0.7' } }, /IP address 10\.0\.0\.7/],
    ['an IPv6 address', { ...able, target: { address: 'fe80::1' } }, /IP address fe80::1/],
    ['a user without a realm', { ...able, target: { user: 'CORP\\ops' } }, /realm of CORP\\ops/],
    [
      'no KDC',
      { kerberos: fakeKerberos({ refuses: failure('auth.kerberos-no-kdc', { principal: 'ops' }) }).kerberos },
      /No KDC answered for ops/,
    ],
  ])('goes on by NTLM for %s, and a denial says why', async (_, changes, reason) => {
    const wrong = { ...changes, target: { ...changes.target, password: new Secret('wrong') } };

    const [taken, denied] = [await logOn(ntlmHost(), changes), await logOn(ntlmHost(), wrong)];

    expect(taken.result.ok).toBe(true);
    expect(offeredIn(taken.sent[0])).toEqual([ntlm]);
    expect(denied.result).toMatchObject({ error: { code: 'auth.denied', message: reason } });
  });

  test('without a password offers no NTLM, which could prove nothing', async () => {
    const refuses = failure('auth.kerberos-no-ticket', { cache: 'FILE:x' });
    const attempted = await logOn(ntlmHost(), {
      kerberos: fakeKerberos({ refuses }).kerberos,
      target: { password: new Secret('') },
    });

    expect(attempted.result).toMatchObject({ error: { code: 'auth.kerberos-no-ticket' } });
    expect(attempted.sent).toEqual([]);
  });

  test('takes answers that are not wrapped, and may send the last token with the first message then', async () => {
    const host = ntlmHost();
    const raw: AuthHost = (authorization) => {
      const token = tokenOf(authorization);
      const init = decodeInit(token);
      return host(formatAuth('Negotiate', init.ok ? (init.value.token ?? nothing) : token));
    };

    const [apart, together] = [await logOn(raw), await logOn(raw, { style: 'together' })];

    expect(apart.result.ok).toBe(true);
    expect(apart.sent).toHaveLength(2);
    expect(unwrap(together.result).firstHeaders?.['Authorization']).toMatch(/^Negotiate TlRMTVNTUAAD/);
    expect(together.sent).toHaveLength(1);
  });

  test('inside TLS binds the logon to the certificate, and seals nothing', async () => {
    const attempted = await logOn(ntlmHost(), {
      target: { scheme: 'https' },
      peerCertificate: Uint8Array.of(0x30, 0x06, 0x05, 0x00, 0x30, 0x00, 0x03, 0x00),
    });

    expect(attempted.result).toMatchObject({ error: { code: 'tls.malformed-certificate' } });
    expect(attempted.sent).toEqual([]);
    expect(unwrap((await logOn(ntlmHost(), { target: { scheme: 'https' } })).result).context).toBeUndefined();
  });
});

describe('negotiate at a host that knows Kerberos', () => {
  const accepted = negotiate({ state: 'accept-completed', mechanism: microsoftKerberos, token: apReply });
  const offer = { kerberos: fakeKerberos({ expiresAt: instant(now + 3_600_000) }).kerberos };

  test('is done in one round trip, and seals until shortly before the ticket expires', async () => {
    const { result, sent } = await logOn(scriptedHost(answer(200, accepted)), offer);

    expect(sent).toHaveLength(1);
    expect(unwrap(result)).toMatchObject({
      context: { protocol: 'application/HTTP-SPNEGO-session-encrypted' },
      renewAt: now + 3_300_000,
    });
  });

  test('renews a ticket of a few minutes half-way', async () => {
    const { result } = await logOn(scriptedHost(answer(200, accepted)), {
      kerberos: fakeKerberos({ expiresAt: instant(now + 60_000) }).kerberos,
    });

    expect(unwrap(result).renewAt).toBe(now + 30_000);
  });

  test('never renews a ticket without an end', async () => {
    const { result } = await logOn(scriptedHost(answer(200, accepted)), {
      kerberos: fakeKerberos().kerberos,
    });

    expect(unwrap(result).renewAt).toBeUndefined();
  });

  test('answers a host that asks for the protection of the list', async () => {
    const asked = negotiate({ state: 'request-mic', mechanism: kerberos, token: apReply });
    const list = (authorization: string): Uint8Array =>
      unwrap(decodeInit(tokenOf(authorization))).mechanismList;
    let offered: Uint8Array = nothing;
    let leg = 0;
    const host: AuthHost = (authorization) => {
      if (++leg === 1) {
        offered = list(authorization);
        return answer(401, asked);
      }
      const mic = Uint8Array.from([...Buffer.from('MIC'), ...offered]);
      expect(unwrap(decodeResponse(tokenOf(authorization)))).toEqual({ mic });
      return answer(200, negotiate({ state: 'accept-completed', mic }));
    };

    expect((await logOn(host, offer)).result.ok).toBe(true);
  });

  test.each<[what: string, answers: readonly HttpAnswer[], code: string]>([
    [
      'chose what was not offered',
      [answer(401, negotiate({ state: 'accept-incomplete', mechanism: '1.2.3' }))],
      'auth.negotiation',
    ],
    [
      'answers a mechanism that had not begun',
      [answer(401, negotiate({ state: 'request-mic', mechanism: ntlm, token: apReply }))],
      'auth.negotiation',
    ],
    [
      'is done before it proved who it is',
      [answer(200, negotiate({ state: 'accept-completed' }))],
      'auth.negotiation',
    ],
    [
      'protects the list before it proved who it is',
      [answer(401, negotiate({ state: 'accept-incomplete', mic: nothing }))],
      'auth.negotiation',
    ],
    [
      'protects another list',
      [answer(200, negotiate({ state: 'accept-completed', token: apReply, mic: Uint8Array.of(1) }))],
      'auth.negotiation',
    ],
    [
      'asked for protection and gives none',
      [answer(401, negotiate({ state: 'request-mic', token: apReply })), answer(200)],
      'auth.negotiation',
    ],
    ['says yes without a token', [answer(200)], 'auth.server-not-proven'],
    ['sends rubbish', [answer(401, 'Negotiate AAAA')], 'auth.negotiation'],
    [
      'goes on without end',
      Array.from({ length: 9 }, () => answer(200, negotiate({ state: 'accept-incomplete', token: apReply }))),
      'ok',
    ],
    ['rejects the ticket', [answer(401, negotiate({ state: 'reject' }))], 'auth.denied'],
    [
      'rejects the ticket, since its clock is another',
      [answer(401, negotiate({ state: 'reject', token: krbError(37, '20261124203000Z') }))],
      'auth.kerberos-clock-skew',
    ],
    ['turns the ticket away', [answer(401, 'Negotiate, Basic realm="x"')], 'auth.denied'],
    ['knows no negotiation', [answer(401, 'Basic realm="x"')], 'auth.not-offered'],
    ['is not ready', [answer(503)], 'http.status'],
  ])('that %s: %#', async (_, answers, code) => {
    const { result } = await logOn(scriptedHost(...answers), offer);

    expect(result.ok ? 'ok' : result.error.code).toBe(code);
  });

  test('never goes round more often than a logon can take', async () => {
    const again = answer(401, negotiate({ state: 'accept-incomplete', token: apReply }));

    const { result, sent } = await logOn(() => again, {
      kerberos: fakeKerberos({ neverEnds: true }).kerberos,
    });

    expect(result).toMatchObject({ error: { code: 'auth.negotiation', details: { reason: /no end/ } } });
    expect(sent).toHaveLength(6);
  });
});

test('the scheme is Negotiate throughout', async () => {
  expect(schemesOf(await logOn(ntlmHost()))).toEqual(['Negotiate', 'Negotiate']);
});
