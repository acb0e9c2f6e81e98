import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import type { HttpResponse } from '../../../src/ports/http-connection.ts';
import { certificateScheme } from '../../../src/wire/sealing/authorization.ts';
import { answer, logOn, nothing, ntlmHost, scriptedHost } from './logon-harness.ts';

const clientCertificate = { certificate: 'PEM', key: new Secret('PEM') };
const never = scriptedHost();
const unauthorized = (offer: string): HttpResponse => ({
  status: 401,
  headers: offer === '' ? {} : { 'www-authenticate': [offer] },
  body: nothing,
});

async function denialOf(
  target: Partial<Target>,
  offer: string,
): Promise<{ code: string; hint: string | undefined }> {
  const { denial } = unwrap((await logOn(never, { target })).result);
  const { code, hint } = denial(unauthorized(offer));
  return { code, hint };
}

describe('Basic', () => {
  test.each([
    ['https', false],
    ['http', true],
  ] as const)(
    'over %s (allowed: %s) goes with every request, without a round trip of its own',
    async (scheme, allowsBasicOverHttp) => {
      const { result, sent } = await logOn(never, { target: { auth: 'basic', scheme, allowsBasicOverHttp } });

      const { headers } = unwrap(result);
      expect(Buffer.from(headers['Authorization']?.slice(6) ?? '', 'base64').toString()).toBe(
        'ops@CORP.EXAMPLE:Pä$$wörd',
      );
      expect(sent).toEqual([]);
    },
  );

  test('over http is refused unless it is allowed', async () => {
    const { result } = await logOn(never, { target: { auth: 'basic' } });

    expect(result).toMatchObject({ error: { code: 'auth.basic-over-http' } });
  });

  test.each([
    ['Negotiate', 'auth.not-offered'],
    ['Negotiate, Basic realm="WSMAN"', 'auth.denied'],
    ['', 'auth.denied'],
  ])('that is answered 401 with the offer "%s" is %s', async (offer, code) => {
    expect((await denialOf({ auth: 'basic', scheme: 'https' }, offer)).code).toBe(code);
  });

  test('that is denied over http may lack AllowUnencrypted there', async () => {
    const { hint } = await denialOf({ auth: 'basic', allowsBasicOverHttp: true }, 'Basic realm="WSMAN"');

    expect(hint).toContain('AllowUnencrypted');
  });
});

describe('a certificate', () => {
  const target = { auth: 'certificate', scheme: 'https' } as const;

  test('is claimed in every request', async () => {
    const { result } = await logOn(never, { target: { ...target, tls: { clientCertificate } } });

    expect(unwrap(result).headers).toEqual({ Authorization: certificateScheme });
  });

  test('that is denied points to its mapping', async () => {
    expect(await denialOf({ ...target, tls: { clientCertificate } }, 'Negotiate')).toMatchObject({
      code: 'auth.denied',
      hint: expect.stringContaining('certmapping') as string,
    });
  });

  test.each([
    ['is missing', target, 'auth.no-client-certificate'],
    [
      'would go over http',
      { ...target, scheme: 'http', tls: { clientCertificate } } as const,
      'auth.certificate-over-http',
    ],
  ])('that %s is said to', async (_, changes, code) => {
    expect((await logOn(never, { target: changes })).result).toMatchObject({ error: { code } });
  });
});

describe('NTLM', () => {
  const target = { auth: 'ntlm', user: 'CORP\\ops' } as const;

  test.each([{ auth: 'ntlm' }, { auth: 'negotiate' }] as const)(
    'with a wrong password ($auth) says what to check',
    async ({ auth }) => {
      const { result } = await logOn(ntlmHost(), {
        target: { ...target, auth, password: new Secret('wrong') },
      });

      if (result.ok) throw new Error('a wrong password was taken');
      expect(result.error).toMatchObject({
        code: 'auth.denied',
        details: { user: 'CORP\\ops', method: 'NTLM' },
      });
      expect(result.error.hint).toMatch(/password.*Remote Management Users.*LocalAccountTokenFilterPolicy/);
    },
  );

  test('a 401 to the first message behind it is a denial, too', async () => {
    const { denial } = unwrap((await logOn(ntlmHost(), { target })).result);

    expect(denial(unauthorized('Negotiate')).code).toBe('auth.denied');
  });

  test('takes the scheme NTLM where only that is offered', async () => {
    expect((await logOn(ntlmHost({ schemes: ['NTLM'] }), { target })).result.ok).toBe(true);
  });

  test.each([
    ['', /strips WWW-Authenticate/],
    ['Kerberos', /Negotiate="true"/],
  ])('at a host that offers "%s" says what is in the way', async (offer, hint) => {
    const { result } = await logOn(scriptedHost(answer(401, offer)), { target });

    expect(result).toMatchObject({ error: { code: 'auth.not-offered', hint } });
  });

  test('under a malformed certificate is not tried', async () => {
    const { result } = await logOn(never, { target, peerCertificate: Uint8Array.of(1) });

    expect(result).toMatchObject({ error: { code: 'tls.malformed-certificate' } });
  });

  test.each([
    ['rubbish', answer(401, 'Negotiate AAAA'), 'auth.malformed-token'],
    ['a negotiation that is none', answer(401, 'Negotiate oQ=='), 'auth.malformed-token'],
    ['a negotiation without a challenge', answer(401, 'Negotiate oQQwAqIA'), 'auth.malformed-token'],
    ['yes before any challenge', answer(200), 'auth.server-not-proven'],
  ])('that is answered by %s fails', async (_, first, code) => {
    expect((await logOn(scriptedHost(first), { target })).result).toMatchObject({ error: { code } });
  });
});
