import { expect, test } from 'vitest';
import { findAuth, formatAuth, parseAuth } from '../../../src/wire/sealing/authorization.ts';

test('a token survives its header', () => {
  const token = Uint8Array.of(1, 2, 3, 4);

  expect(parseAuth([formatAuth('Negotiate', token)])).toEqual([{ scheme: 'Negotiate', token }]);
});

test.each([
  [
    ['Negotiate', 'NTLM'],
    ['Negotiate', 'NTLM'],
  ],
  [['Negotiate, Basic realm="WSMAN", CredSSP'], ['Negotiate', 'Basic', 'CredSSP']],
  [['Basic realm="Negotiate, NTLM \\" x"'], ['Basic']],
  [['Kerberos , Negotiate'], ['Kerberos', 'Negotiate']],
  [['Basic realm="open'], ['Basic']],
  [[''], []],
  [[], []],
])('%j offers %j', (values, schemes) => {
  expect(parseAuth(values).map((header) => header.scheme)).toEqual(schemes);
});

test('a scheme is found in any case; what is not base64 is no token', () => {
  expect(findAuth(parseAuth(['negotiate !!']), 'Negotiate')).toEqual({
    scheme: 'negotiate',
    token: undefined,
  });
});
