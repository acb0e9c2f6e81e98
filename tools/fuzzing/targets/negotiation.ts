import { ok } from '../../../src/core/result.ts';
import { contextTag, DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';
import { decodeKrbError } from '../../../src/wire/kerberos/krb-error.ts';
import { joinWrapToken, splitWrapToken } from '../../../src/wire/kerberos/wrap-token.ts';
import { wantedFlags } from '../../../src/wire/ntlm/flags.ts';
import { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import { SpnegoAcceptor } from '../../../src/wire/spnego/acceptor.ts';
import type { AcceptorMechanism } from '../../../src/wire/spnego/acceptor.ts';
import { decodeInit, encodeInit, isInit } from '../../../src/wire/spnego/init-token.ts';
import { SpnegoInitiator } from '../../../src/wire/spnego/initiator.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';
import { rawMechanism } from '../../../src/wire/spnego/raw-token.ts';
import { decodeResponse, encodeResponse } from '../../../src/wire/spnego/response-token.ts';
import { ContractBroken, valueOf } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';

const mechanisms = [Mechanism.kerberos, Mechanism.ntlm];
const token = Uint8Array.of(1, 2, 3);
const init = encodeInit({ mechanisms, token });
const responses = [
  encodeResponse({ state: 'accept-incomplete', mechanism: Mechanism.ntlm, token }),
  encodeResponse({ state: 'accept-completed', token, mic: new Uint8Array(16) }),
  encodeResponse({ state: 'request-mic', mechanism: Mechanism.kerberos }),
  encodeResponse({ state: 'reject' }),
];

/** Takes any token, and is established by the second. */
function patientMechanism(mechanism: string): AcceptorMechanism<string> {
  let steps = 0;
  const integrity = new NtlmContext('acceptor', wantedFlags, new Uint8Array(16));
  return {
    mechanism,
    step(received) {
      steps += 1;
      if (steps === 1) return ok({ kind: 'continue', token: received });
      return ok({ kind: 'established', identity: 'ops', integrity });
    },
  };
}

const newAcceptor = (): SpnegoAcceptor<string> =>
  new SpnegoAcceptor([patientMechanism(Mechanism.ntlm), patientMechanism(Mechanism.kerberos)]);

/** An error that a Kerberos service sends instead of an answer. */
function krbError(): Uint8Array {
  const text = (tag: number, content: string): Uint8Array => writeDer(tag, Buffer.from(content, 'latin1'));
  const field = (number: number, value: Uint8Array): Uint8Array => writeDer(contextTag(number), value);
  const error = writeDer(
    0x7e,
    writeDer(
      DerTag.sequence,
      field(0, writeDer(DerTag.integer, Uint8Array.of(5))),
      field(4, text(0x18, '20261125020000Z')),
      field(6, writeDer(DerTag.integer, Uint8Array.of(37))),
      field(11, text(DerTag.generalString, 'Clock skew too great')),
    ),
  );
  const oid = writeDer(DerTag.oid, encodeOid(Mechanism.kerberos));
  return writeDer(0x60, oid, Uint8Array.of(3, 0), error);
}

const dictionary = [
  '\xa1\x03\x02\x01\x00',
  '\x0a\x01\x00',
  '\x0a\x01\x03',
  '\xa2\x0c\x04\x0a',
  '\x60\x80',
  'NTLMSSP\0',
];

export const negotiationTargets: readonly FuzzTarget[] = [
  {
    name: 'spnego-init',
    shape: 'der',
    dictionary,
    seeds: () => [init, encodeInit({ mechanisms: [Mechanism.ntlm], token: new Uint8Array(300) })],
    run(input) {
      isInit(input);
      rawMechanism(input);
      valueOf(decodeInit(input));
      const acceptor = newAcceptor();
      valueOf(acceptor.receive(input));
      valueOf(acceptor.receive(responses[0] ?? input));
    },
  },
  {
    name: 'spnego-response',
    shape: 'der',
    dictionary,
    seeds: () => responses,
    run(input) {
      valueOf(decodeResponse(input));
      const initiator = new SpnegoInitiator(mechanisms);
      initiator.init(token);
      const answer = valueOf(initiator.receive(input));
      if (answer !== undefined) initiator.respond(answer.token, answer.mic);
      const acceptor = newAcceptor();
      valueOf(acceptor.receive(init));
      valueOf(acceptor.receive(input));
    },
  },
  {
    name: 'kerberos-error',
    shape: 'der',
    dictionary,
    seeds: () => [krbError()],
    run(input) {
      decodeKrbError(input);
    },
  },
  {
    name: 'kerberos-wrap-token',
    dictionary: ['\x05\x04\x06\xff\x00\x00\x00\x1c', '\x05\x04\x07\xff', '\xff\xff'],
    seeds: () => [Buffer.concat([Buffer.from('050406ff0000001c0000000000000001', 'hex'), Buffer.alloc(60)])],
    run(input) {
      const joined = valueOf(joinWrapToken(input.subarray(0, 60), input.subarray(60)));
      if (joined !== undefined && joined.length !== input.length) throw new ContractBroken('bytes got lost');
      valueOf(splitWrapToken(input, Math.max(0, input.length - 60)));
    },
  },
];
