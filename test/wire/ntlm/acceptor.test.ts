import { expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { le32 } from '../../../src/wire/bytes/little-endian.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { encodeAuthenticate } from '../../../src/wire/ntlm/authenticate-message.ts';
import { AvId, encodeAvPairs, findAv, withAv } from '../../../src/wire/ntlm/av-pairs.ts';
import { decodeChallenge, encodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { NtlmFlag, wantedFlags } from '../../../src/wire/ntlm/flags.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { encodeNegotiate } from '../../../src/wire/ntlm/negotiate-message.ts';
import { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import { ntlmv2Response, ntowfv2 } from '../../../src/wire/ntlm/ntlmv2.ts';

const password = new Secret('pw');
const random = (count: number): Uint8Array => new Uint8Array(count).fill(9);

interface OddClient {
  /** Flags of its first message. */
  readonly offered?: number;
  readonly flags?: number;
  readonly avFlags?: number;
  readonly sessionKey?: Uint8Array;
}

/** A client that knows the password and proves it, but deviates as told. */
function answerOddly({
  offered = wantedFlags,
  flags = wantedFlags,
  avFlags = 0,
  sessionKey = random(16),
}: OddClient): {
  accepted: ReturnType<NtlmAcceptor['accept']>;
  targetName: string;
  sessionBaseKey: Uint8Array;
} {
  const acceptor = new NtlmAcceptor({
    targetName: 'T',
    computerName: 'C',
    domainName: 'D',
    lookup: () => password,
    random,
    now: instant(0),
  });
  const challenge = unwrap(acceptor.challenge(encodeNegotiate({ flags: offered })));
  const { serverChallenge, targetInfo, targetName } = unwrap(decodeChallenge(challenge));
  const response = ntlmv2Response({
    responseKey: ntowfv2(password, 'ops', 'D'),
    serverChallenge,
    clientChallenge: random(8),
    time: findAv(targetInfo, AvId.timestamp) ?? random(8),
    targetInfo: encodeAvPairs(withAv(targetInfo, AvId.flags, le32(avFlags))),
  });
  const token = encodeAuthenticate({
    flags,
    domain: 'D',
    user: 'ops',
    workstation: '',
    lmResponse: new Uint8Array(24),
    ntResponse: response.ntResponse,
    encryptedSessionKey: sessionKey,
    hasMic: false,
  });
  return { accepted: acceptor.accept(token), targetName, sessionBaseKey: response.sessionBaseKey };
}

test('a client that announces no MIC is taken: the proof covers that announcement', () => {
  expect(answerOddly({}).accepted).toMatchObject({ ok: true, value: { user: 'ops', domain: 'D' } });
});

test('a client that writes names in its own 8-bit set at first, as ntlm-auth does, is taken', () => {
  const oem = ((wantedFlags & ~NtlmFlag.unicode) | NtlmFlag.oem) >>> 0;

  const { accepted, targetName } = answerOddly({ offered: oem, flags: oem });

  expect(targetName).toBe('T');
  expect(accepted).toMatchObject({ ok: true, value: { user: 'ops', domain: 'D' } });
});

test('a client that announces a MIC and sends none is denied', () => {
  expect(answerOddly({ avFlags: 2 }).accepted).toMatchObject({
    ok: false,
    error: { code: 'auth.denied', details: { user: 'D\\ops', reason: 'the MIC does not match' } },
  });
});

test('a client that drops sealing in its last message is refused', () => {
  expect(answerOddly({ flags: (wantedFlags & ~NtlmFlag.seal) >>> 0 }).accepted).toMatchObject({
    ok: false,
    error: { code: 'auth.weak-session', details: { missing: ['seal'] } },
  });
});

test.each([0, 15, 17])('a session key of %i bytes is malformed', (length) => {
  expect(answerOddly({ sessionKey: new Uint8Array(length) }).accepted).toMatchObject({
    ok: false,
    error: { code: 'auth.malformed-token' },
  });
});

test('without key exchange the session base key seals', () => {
  const flags = (wantedFlags & ~NtlmFlag.keyExchange) >>> 0;
  const { accepted, sessionBaseKey } = answerOddly({ flags, sessionKey: new Uint8Array(0) });
  const client = new NtlmContext('initiator', flags, sessionBaseKey);

  const { header, body } = unwrap(client.seal(Uint8Array.of(1, 2, 3)));

  expect(unwrap(unwrap(accepted).context.unseal(header, body))).toEqual(Uint8Array.of(1, 2, 3));
});

test('the flags that a server put into its target information are kept beside ours', () => {
  const challenge = encodeChallenge({
    flags: (wantedFlags | NtlmFlag.targetInfo) >>> 0,
    targetName: 'T',
    serverChallenge: random(8),
    targetInfo: [
      { id: AvId.flags, value: le32(1) },
      { id: AvId.timestamp, value: random(8) },
    ],
  });
  const initiator = new NtlmInitiator({ user: 'u', domain: '', password, random, now: instant(0) });

  const { token } = unwrap(initiator.authenticate(challenge));

  expect(Buffer.from(token).includes(Buffer.from([6, 0, 4, 0, 3, 0, 0, 0]))).toBe(true);
});

test('a denied local account is named without a domain', () => {
  const common = { random, now: instant(0) };
  const acceptor = new NtlmAcceptor({
    targetName: 'T',
    computerName: 'C',
    lookup: () => undefined,
    ...common,
  });
  const initiator = new NtlmInitiator({ user: 'u', domain: '', password, ...common });

  const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
  const accepted = acceptor.accept(unwrap(initiator.authenticate(challenge)).token);

  expect(accepted).toMatchObject({ ok: false, error: { details: { user: 'u' } } });
});
