import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { decodeUtf16le } from '../../../src/wire/bytes/utf16.ts';
import { decodeAuthenticate, readMic } from '../../../src/wire/ntlm/authenticate-message.ts';
import { AvId, decodeAvPairs, findAv } from '../../../src/wire/ntlm/av-pairs.ts';
import { decodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { decodeNegotiate } from '../../../src/wire/ntlm/negotiate-message.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';
import { hex } from './vectors.ts';

const file = 'fixtures/tokens.json';

describe.skipIf(isMissing(file))('tokens recorded from Windows and Linux', () => {
  const token = (name: string): Uint8Array => {
    const content = JSON.parse(readFileSync(sharedPath(file), 'utf8')) as {
      tokens: { name: string; hex: string }[];
    };
    return hex(content.tokens.find((entry) => entry.name === name)?.hex ?? '');
  };

  test('the NEGOTIATE of Windows 10 is read', () => {
    expect(unwrap(decodeNegotiate(token('ntlm_negotiate')))).toEqual({ flags: 3_792_208_567 });
  });

  test('the CHALLENGE of a Server 2016 is read and can be answered', () => {
    const challenge = unwrap(decodeChallenge(token('ntlm_challenge')));
    const initiator = new NtlmInitiator({
      user: 'ops',
      domain: '',
      password: new Secret('pw'),
      random: (count) => new Uint8Array(count),
      now: instant(0),
    });

    expect(findAv(challenge.targetInfo, AvId.timestamp)).toHaveLength(8);
    expect(decodeUtf16le(findAv(challenge.targetInfo, AvId.nbDomainName) ?? hex(''))).toBe(
      challenge.targetName,
    );
    expect(unwrap(initiator.authenticate(token('ntlm_challenge'))).token.length).toBeGreaterThan(300);
  });

  test('the AUTHENTICATE of a Linux client with a MIC is read', () => {
    const bytes = token('ntlm_authenticate_no_sign_seal');
    const message = unwrap(decodeAuthenticate(bytes));
    const pairs = unwrap(decodeAvPairs(message.ntResponse.subarray(44), 'test'));

    expect(message.hasMic).toBe(true);
    expect(readMic(bytes)).not.toEqual(new Uint8Array(16));
    expect(findAv(pairs, AvId.targetName)).toBeDefined();
  });

  test('the AUTHENTICATE of a Linux client without a MIC is read', () => {
    expect(unwrap(decodeAuthenticate(token('ntlm_authenticate')))).toMatchObject({ domain: '' });
  });
});
