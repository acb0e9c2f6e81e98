import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failure } from '../../../src/core/failure.ts';
import { err, ok, unwrap } from '../../../src/core/result.ts';
import type { NegotiationIntegrity } from '../../../src/wire/security-context.ts';
import { SpnegoAcceptor } from '../../../src/wire/spnego/acceptor.ts';
import type { AcceptorMechanism } from '../../../src/wire/spnego/acceptor.ts';
import { encodeInit } from '../../../src/wire/spnego/init-token.ts';
import { SpnegoInitiator } from '../../../src/wire/spnego/initiator.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';
import { decodeResponse, encodeResponse } from '../../../src/wire/spnego/response-token.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const { kerberos, microsoftKerberos, ntlm } = Mechanism;

/** A MIC that is the list itself with a name before it: changed lists and MICs show. */
function integrity(wantsMic: boolean): NegotiationIntegrity {
  const mic = (list: Uint8Array): Uint8Array => Uint8Array.of(77, ...list);
  return {
    wantsMic,
    mic: (list) => ok(mic(list)),
    checkMic: (list, given) =>
      Buffer.compare(mic(list), given) === 0
        ? ok(undefined)
        : err(failure('auth.bad-seal', { reason: 'the list of mechanisms was changed on its way' })),
  };
}

/** Takes `legs` tokens of its initiator, answers each but the last, and then knows who it is. */
function mechanism(name: string, legs: number, wantsMic = false): AcceptorMechanism<string> {
  let seen = 0;
  return {
    mechanism: name,
    step: (token) => {
      if (Buffer.from(token).toString() !== `${String(seen)} to ${name}`)
        return err(failure('auth.malformed-token', { message: name }));
      seen += 1;
      return seen < legs
        ? ok({ kind: 'continue', token: bytes(`${String(seen)} from ${name}`) })
        : ok({ kind: 'established', identity: name, integrity: integrity(wantsMic) });
    },
  };
}

interface Talk {
  readonly offered: readonly string[];
  readonly acceptor: SpnegoAcceptor<string>;
  readonly wantsMic?: boolean;
  /** Changes a token on its way to the acceptor. */
  readonly change?: (token: Uint8Array, leg: number) => Uint8Array;
}

/** Talks until one side is done; the initiator's mechanisms are made to fit those of `mechanism`. */
function talk({ offered, acceptor, wantsMic = false, change = (token) => token }: Talk): {
  identity: string | undefined;
  micChecked: boolean;
  failure?: string;
  legs: number;
} {
  const initiator = new SpnegoInitiator(offered);
  let [sent, micChecked, legs, chosen] = [0, false, 0, offered[0] ?? ''];
  const next = (): Uint8Array => bytes(`${String(sent++)} to ${chosen}`);
  let token = initiator.init(next());
  for (;;) {
    const answer = acceptor.receive(change(token, ++legs));
    if (!answer.ok) return { identity: undefined, micChecked, failure: answer.error.code, legs };
    const heard = unwrap(initiator.receive(answer.value.token));
    if (heard.mechanism !== chosen) [chosen, sent] = [heard.mechanism, 0];
    if (heard.mic !== undefined) {
      unwrap(integrity(wantsMic).checkMic(initiator.mechanismList, heard.mic));
      micChecked = true;
    }
    if (heard.outcome === 'completed') return { identity: answer.value.identity, micChecked, legs };
    const mic = initiator.needsMic || wantsMic ? integrity(wantsMic).mic(initiator.mechanismList) : undefined;
    token = initiator.respond(next(), mic === undefined ? undefined : unwrap(mic));
  }
}

describe('a negotiation', () => {
  test('takes the preferred mechanism, whose first token came with the offer', () => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2), mechanism(kerberos, 1)]);

    const ended = talk({ offered: [kerberos, microsoftKerberos, ntlm], acceptor });

    expect(ended).toEqual({ identity: kerberos, micChecked: false, legs: 1 });
  });

  test('takes another one, and then both sides protect the list', () => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2)]);

    const ended = talk({ offered: [kerberos, ntlm], acceptor });

    expect(ended).toEqual({ identity: ntlm, micChecked: true, legs: 3 });
  });

  test('protects the list for a mechanism that wants it, even the preferred one', () => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2, true)]);

    const ended = talk({ offered: [ntlm], acceptor, wantsMic: true });

    expect(ended).toEqual({ identity: ntlm, micChecked: true, legs: 2 });
  });

  test('ends in the first mechanism that both know, however they are ordered', () => {
    const names = [kerberos, ntlm, '1.2.3', '1.2.4', '2.5.6'];
    const some = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 3 }), (offered, known, legs) => {
        const acceptor = new SpnegoAcceptor(known.map((name) => mechanism(name, legs)));

        // A mechanism of one token is done before a MIC could come, so only the preferred one may be.
        const common = offered.find((name) => known.includes(name));
        const ended = talk({ offered, acceptor });

        if (common === undefined) expect(ended.failure).toBe('auth.negotiation');
        else expect(ended).toMatchObject({ identity: common, micChecked: common !== offered[0] });
      }),
    );
  });

  test('whose list was shortened on its way fails', () => {
    const acceptor = new SpnegoAcceptor([mechanism(kerberos, 2), mechanism(ntlm, 2)]);
    const shorter = encodeInit({ mechanisms: [ntlm], token: bytes(`0 to ${ntlm}`) });

    const initiator = new SpnegoInitiator([kerberos, ntlm]);
    const answer = unwrap(acceptor.receive(shorter));
    unwrap(initiator.receive(answer.token));
    expect(initiator.needsMic).toBe(true);
    const mic = unwrap(integrity(true).mic(initiator.mechanismList));
    const last = acceptor.receive(initiator.respond(bytes(`1 to ${ntlm}`), mic));

    expect(last).toMatchObject({ ok: false, error: { code: 'auth.bad-seal' } });
  });

  test('whose list goes unprotected although another mechanism was taken fails', () => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 1)]);
    unwrap(acceptor.receive(encodeInit({ mechanisms: [kerberos, ntlm], token: bytes('x') })));

    const last = acceptor.receive(encodeResponse({ token: bytes(`0 to ${ntlm}`) }));

    expect(last).toMatchObject({ ok: false, error: { code: 'auth.negotiation' } });
  });
});

describe('an acceptor', () => {
  const offer = (name: string, token: string | undefined): Uint8Array =>
    encodeInit({ mechanisms: [name], token: token === undefined ? undefined : bytes(token) });

  test('asks for a first token that did not come with the offer', () => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2)]);

    const answer = unwrap(acceptor.receive(offer(ntlm, undefined)));

    expect(unwrap(decodeResponse(answer.token))).toEqual({ state: 'accept-incomplete', mechanism: ntlm });
  });

  test.each([
    ['an offer of nothing it knows', offer('1.2.3', 'x'), 'auth.negotiation'],
    ['what is no offer', bytes('rubbish'), 'auth.malformed-token'],
    ['a token that the mechanism refuses', offer(ntlm, 'rubbish'), 'auth.malformed-token'],
  ])('refuses %s', (_, token, code) => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2)]);

    expect(acceptor.receive(token)).toMatchObject({ ok: false, error: { code } });
  });

  test.each([
    ['a second offer', offer(ntlm, 'x'), 'auth.malformed-token'],
    ['a token of nothing', encodeResponse({}), 'auth.negotiation'],
  ])('refuses %s where the mechanism goes on', (_, token, code) => {
    const acceptor = new SpnegoAcceptor([mechanism(ntlm, 2)]);
    unwrap(acceptor.receive(offer(ntlm, `0 to ${ntlm}`)));

    expect(acceptor.receive(token)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('an initiator', () => {
  test('takes it for the preferred mechanism where the acceptor names none', () => {
    const initiator = new SpnegoInitiator([kerberos, ntlm]);

    const heard = unwrap(initiator.receive(encodeResponse({ token: bytes('x') })));

    expect(heard).toEqual({ mechanism: kerberos, token: bytes('x'), mic: undefined, outcome: 'open' });
    expect(initiator.needsMic).toBe(false);
  });

  test('protects the list where it is asked to, though its preferred mechanism was taken', () => {
    const initiator = new SpnegoInitiator([kerberos]);

    unwrap(initiator.receive(encodeResponse({ state: 'request-mic', mechanism: microsoftKerberos })));
    unwrap(initiator.receive(encodeResponse({ state: 'accept-incomplete' })));

    expect(initiator.needsMic).toBe(true);
  });

  test('hears of a rejection', () => {
    const initiator = new SpnegoInitiator([ntlm]);

    expect(unwrap(initiator.receive(encodeResponse({ state: 'reject' }))).outcome).toBe('rejected');
  });

  test.each([
    ['chooses what was not offered', [encodeResponse({ mechanism: ntlm })], 'auth.negotiation'],
    [
      'changes its choice',
      [kerberos, ntlm].map((it) => encodeResponse({ mechanism: it })),
      'auth.negotiation',
    ],
    ['sends something malformed', [Uint8Array.of(0xa1, 5)], 'auth.malformed-token'],
    ['sends something else', [bytes('rubbish')], 'auth.negotiation'],
    ['answers NTLM to Kerberos, unwrapped', [bytes('NTLMSSP\0')], 'auth.negotiation'],
  ])('stops where the acceptor %s', (_, tokens, code) => {
    const initiator = new SpnegoInitiator([kerberos]);

    const heard = tokens.map((token) => initiator.receive(token));

    expect(heard.at(-1)).toMatchObject({ ok: false, error: { code } });
  });

  test('answers in kind where the acceptor does not wrap its tokens', () => {
    const initiator = new SpnegoInitiator([ntlm]);

    const heard = unwrap(initiator.receive(bytes('NTLMSSP\0 2')));

    expect(heard).toEqual({ mechanism: ntlm, token: bytes('NTLMSSP\0 2'), mic: undefined, outcome: 'open' });
    expect(initiator.respond(bytes('NTLMSSP\0 3'), undefined)).toEqual(bytes('NTLMSSP\0 3'));
    expect(initiator.respond(undefined, undefined)).toEqual(bytes(''));
    expect([initiator.isRaw, initiator.needsMic]).toEqual([true, false]);
    expect(initiator.receive(bytes('NTLMSSP\0 4')).ok).toBe(true);
  });

  test('takes no unwrapped token after a wrapped one, since nothing would protect the list', () => {
    const initiator = new SpnegoInitiator([kerberos, ntlm]);
    unwrap(initiator.receive(encodeResponse({ mechanism: ntlm })));

    expect(initiator.receive(bytes('NTLMSSP\0'))).toMatchObject({ ok: false });
  });
});
