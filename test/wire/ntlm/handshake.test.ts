import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { encodeUtf16le } from '../../../src/wire/bytes/utf16.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import type { AcceptorOptions } from '../../../src/wire/ntlm/acceptor.ts';
import { decodeAuthenticate } from '../../../src/wire/ntlm/authenticate-message.ts';
import { AvId, avFlags, decodeAvPairs, findAv } from '../../../src/wire/ntlm/av-pairs.ts';
import { decodeChallenge, encodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { hasFlag, NtlmFlag } from '../../../src/wire/ntlm/flags.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import type { InitiatorOptions } from '../../../src/wire/ntlm/initiator.ts';
import { encodeNegotiate } from '../../../src/wire/ntlm/negotiate-message.ts';
import type { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import type { SecurityContext } from '../../../src/wire/security-context.ts';
import { hex, vectors } from './vectors.ts';

const password = new Secret('Pä$$wörd 🔑');
const now = instant(Date.UTC(2026, 10, 24));
const counting = (): ((count: number) => Uint8Array) => {
  let next = 0;
  return (count) => Uint8Array.from({ length: count }, () => (next = (next + 37) & 255));
};

function client(options: Partial<InitiatorOptions> = {}): NtlmInitiator {
  return new NtlmInitiator({ user: 'ops', domain: 'CORP', password, random: counting(), now, ...options });
}

function server(options: Partial<AcceptorOptions> = {}): NtlmAcceptor {
  const lookup: AcceptorOptions['lookup'] = (user) => (user === 'nobody' ? undefined : password);
  return new NtlmAcceptor({
    targetName: 'CORP',
    computerName: 'WEB-01',
    lookup,
    random: counting(),
    now,
    ...options,
  });
}

/** AV pairs behind NTProofStr and the fixed part of the blob. */
const answeredPairs = (token: Uint8Array): ReturnType<typeof decodeAvPairs> =>
  decodeAvPairs(unwrap(decodeAuthenticate(token)).ntResponse.subarray(44), 'test');

function shakeHands(initiator = client(), acceptor = server()): [SecurityContext, SecurityContext] {
  return shakeHandsWhole(initiator, acceptor);
}

function shakeHandsWhole(initiator = client(), acceptor = server()): [NtlmContext, NtlmContext] {
  const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
  const { token, context } = unwrap(initiator.authenticate(challenge));
  return [context, unwrap(acceptor.accept(token)).context];
}

describe('a handshake', () => {
  test('proves who the client is', () => {
    const [initiator, acceptor] = [client(), server()];

    const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
    const accepted = unwrap(acceptor.accept(unwrap(initiator.authenticate(challenge)).token));

    expect(accepted).toMatchObject({ user: 'ops', domain: 'CORP' });
  });

  test.each([
    ['a wrong password', client({ password: new Secret('wrong') })],
    ['an unknown account', client({ user: 'nobody' })],
  ])('with %s is denied', (_, initiator) => {
    const acceptor = server();

    const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
    const accepted = acceptor.accept(unwrap(initiator.authenticate(challenge)).token);

    expect(accepted).toMatchObject({ ok: false, error: { code: 'auth.denied' } });
  });

  test('takes the user name in any case, the domain only as it was typed', () => {
    const lookup = (user: string, domain: string): Secret | undefined =>
      user.toLowerCase() === 'ops' && domain === 'Corp' ? password : undefined;

    shakeHands(client({ user: 'OpS', domain: 'Corp' }), server({ lookup }));
  });

  test('uses the time of the server, a MIC and no LMv2 response where the server tells its time', () => {
    const [initiator, acceptor] = [client({ now: instant(0) }), server()];
    const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
    const serverTime = findAv(unwrap(decodeChallenge(challenge)).targetInfo, AvId.timestamp);

    const { token } = unwrap(initiator.authenticate(challenge));
    const message = unwrap(decodeAuthenticate(token));

    expect(message.hasMic).toBe(true);
    expect(message.lmResponse).toEqual(new Uint8Array(24));
    expect(message.ntResponse.subarray(24, 32)).toEqual(serverTime);
    expect(avFlags(unwrap(answeredPairs(token)))).toBe(2);
  });

  test('names the service and the channel where they are given', () => {
    const channelBinding = new TextEncoder().encode('tls-server-end-point:hash');
    const [initiator, acceptor] = [
      client({ spn: 'HTTP/web-01', channelBinding }),
      server({ channelBinding }),
    ];

    const { token } = unwrap(initiator.authenticate(unwrap(acceptor.challenge(initiator.negotiate()))));

    expect(findAv(unwrap(answeredPairs(token)), AvId.targetName)).toEqual(encodeUtf16le('HTTP/web-01'));
    expect(acceptor.accept(token).ok).toBe(true);
  });

  test.each([['another channel'], [undefined]])('bound to %s is denied', (binding) => {
    const channelBinding = new TextEncoder().encode('tls-server-end-point:hash');
    const acceptor = server({ channelBinding });
    const initiator = client(
      binding === undefined ? {} : { channelBinding: new TextEncoder().encode(binding) },
    );

    const challenge = unwrap(acceptor.challenge(initiator.negotiate()));
    const accepted = acceptor.accept(unwrap(initiator.authenticate(challenge)).token);

    expect(accepted).toMatchObject({ ok: false, error: { details: { reason: /channel/ } } });
  });

  test.each([
    ['none', undefined, true],
    ['zeros, which say that there is none,', new Uint8Array(16), true],
    ['another channel', new Uint8Array(16).fill(1), false],
  ])('bound to %s is judged by how strict the server is', (_, hash, isTakenRelaxed) => {
    const channelBinding = new TextEncoder().encode('tls-server-end-point:hash');
    for (const requiresBinding of [true, false]) {
      const acceptor = server({ channelBinding, requiresBinding });
      const initiator = client();
      const challenge = unwrap(decodeChallenge(unwrap(acceptor.challenge(initiator.negotiate()))));
      // What the server puts into its challenge comes back in the answer.
      const pairs = hash === undefined ? [] : [{ id: AvId.channelBindings, value: hash }];
      const untimed = challenge.targetInfo.filter(({ id }) => id !== AvId.timestamp);
      const asked = encodeChallenge({ ...challenge, targetInfo: [...untimed, ...pairs] });

      const accepted = acceptor.accept(unwrap(initiator.authenticate(asked)).token);

      expect(accepted.ok).toBe(!requiresBinding && isTakenRelaxed);
    }
  });

  test('changed on its way is denied, because the MIC covers all three messages', () => {
    const [initiator, acceptor] = [client(), server()];
    const negotiate = initiator.negotiate();
    negotiate[39] = 0;

    const challenge = unwrap(acceptor.challenge(negotiate));
    const accepted = acceptor.accept(unwrap(initiator.authenticate(challenge)).token);

    expect(accepted).toMatchObject({
      ok: false,
      error: { code: 'auth.denied', details: { reason: 'the MIC does not match' } },
    });
  });

  test('whose flags were changed is denied before they are used', () => {
    const [initiator, acceptor] = [client(), server()];
    const { token } = unwrap(initiator.authenticate(unwrap(acceptor.challenge(initiator.negotiate()))));
    const view = new DataView(token.buffer);
    view.setUint32(60, (view.getUint32(60, true) & ~NtlmFlag.strength128) >>> 0, true);

    const accepted = acceptor.accept(token);

    expect(accepted).toMatchObject({ ok: false, error: { details: { reason: 'the MIC does not match' } } });
  });

  test('cannot be tried twice against one challenge', () => {
    const [initiator, acceptor] = [client(), server()];
    const { token } = unwrap(initiator.authenticate(unwrap(acceptor.challenge(initiator.negotiate()))));

    acceptor.accept(token);

    expect(acceptor.accept(token)).toMatchObject({ ok: false, error: { code: 'auth.malformed-token' } });
  });

  test.each(['sign', 'seal', 'strength128', 'extendedSessionSecurity', 'unicode'] as const)(
    'stops where the server does not take %s',
    (flag) => {
      const initiator = client();
      const offered = unwrap(decodeChallenge(unwrap(server().challenge(initiator.negotiate()))));
      const weaker = encodeChallenge({ ...offered, flags: (offered.flags & ~NtlmFlag[flag]) >>> 0 });

      expect(initiator.authenticate(weaker)).toMatchObject({
        ok: false,
        error: { code: 'auth.weak-session', details: { missing: [flag] } },
      });
    },
  );

  test('stops where the client does not offer sealing', () => {
    const weak = encodeNegotiate({ flags: NtlmFlag.unicode });

    expect(server().challenge(weak)).toMatchObject({ ok: false, error: { code: 'auth.weak-session' } });
  });

  test('works without key exchange', () => {
    const initiator = client();
    const acceptor = server();
    const negotiate = encodeNegotiate({
      flags: (new DataView(initiator.negotiate().buffer).getUint32(12, true) & ~NtlmFlag.keyExchange) >>> 0,
    });

    const challenge = unwrap(acceptor.challenge(negotiate));
    const { token } = unwrap(initiator.authenticate(challenge));

    // The MIC covers the NEGOTIATE that the client believes it sent, so only the layout can be checked here.
    expect(hasFlag(unwrap(decodeAuthenticate(token)).flags, 'keyExchange')).toBe(false);
    expect(unwrap(decodeAuthenticate(token)).encryptedSessionKey).toHaveLength(0);
    expect(acceptor.accept(token)).toMatchObject({
      ok: false,
      error: { details: { reason: 'the MIC does not match' } },
    });
  });

  test('without a MIC is taken where the client said that it sends none', () => {
    const old = hex(vectors.challenge);
    const { token } = unwrap(client().authenticate(old));

    expect(unwrap(decodeAuthenticate(token)).hasMic).toBe(false);
  });
});

describe('the protection of a negotiation’s list', () => {
  const list = Uint8Array.of(1, 2, 3);

  test('is wanted where the handshake has a MIC, and leaves both sides in step', () => {
    const [near, far] = shakeHandsWhole();

    expect([near.wantsMic, far.wantsMic]).toEqual([true, true]);
    expect(far.checkMic(list, unwrap(near.mic(list))).ok).toBe(true);
    expect(near.checkMic(list, unwrap(far.mic(list))).ok).toBe(true);
    for (const [sender, receiver] of [[near, far] as const, [far, near] as const]) {
      const { header, body } = unwrap(sender.seal(Uint8Array.of(9)));
      expect(unwrap(receiver.unseal(header, body))).toEqual(Uint8Array.of(9));
    }
  });

  test('shows a changed list, and nothing is opened after it', () => {
    const [near, far] = shakeHandsWhole();

    const checked = far.checkMic(Uint8Array.of(1, 2), unwrap(near.mic(list)));
    const { header, body } = unwrap(near.seal(list));

    expect(checked).toMatchObject({ ok: false, error: { code: 'auth.bad-seal' } });
    expect(far.unseal(header, body).ok).toBe(false);
  });
});

describe('sealed messages', () => {
  const message = fc.uint8Array({ maxLength: 2000 });

  test('arrive as they were, in both directions and any order of turns', () => {
    const exchange = fc.record({ fromClient: fc.boolean(), plain: message });
    fc.assert(
      fc.property(fc.array(exchange, { maxLength: 20 }), (exchanges) => {
        const [near, far] = shakeHands();
        for (const { fromClient, plain } of exchanges) {
          const [sender, receiver] = fromClient ? [near, far] : [far, near];
          const { header, body } = unwrap(sender.seal(plain));
          expect(unwrap(receiver.unseal(header, body))).toEqual(plain);
        }
      }),
    );
  });

  test('that were changed are refused, whichever bit it was', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, position, bit) => {
        const [near, far] = shakeHands();
        const { header, body } = unwrap(near.seal(plain));
        const whole = Uint8Array.from([...header, ...body]);
        const at = position % whole.length;
        whole[at] = (whole[at] ?? 0) ^ (1 << bit);

        const opened = far.unseal(whole.subarray(0, 16), whole.subarray(16));

        expect(opened).toMatchObject({ ok: false, error: { code: 'auth.bad-seal' } });
      }),
    );
  });

  test('that were lost, repeated or reordered are noticed, and nothing is opened after that', () => {
    const [near, far] = shakeHands();
    const messages = [1, 2, 3].map((content) => unwrap(near.seal(Uint8Array.of(content))));
    const [first, second, third] = messages as [
      (typeof messages)[0],
      (typeof messages)[0],
      (typeof messages)[0],
    ];

    expect(far.unseal(first.header, first.body).ok).toBe(true);
    expect(far.unseal(third.header, third.body)).toMatchObject({
      ok: false,
      error: { details: { reason: 'it is number 2 where 1 was due' } },
    });
    expect(far.unseal(second.header, second.body)).toMatchObject({
      ok: false,
      error: { details: { reason: 'an earlier message of this connection failed' } },
    });
  });

  test('with a signature of another length are refused', () => {
    const [near, far] = shakeHands();
    const { header, body } = unwrap(near.seal(Uint8Array.of(1)));

    expect(far.unseal(header.subarray(1), body)).toMatchObject({
      ok: false,
      error: { details: { reason: 'its signature has 15 bytes instead of 16' } },
    });
  });
});
