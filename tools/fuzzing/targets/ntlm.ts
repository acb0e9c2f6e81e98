import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { decodeAuthenticate } from '../../../src/wire/ntlm/authenticate-message.ts';
import { decodeAvPairs, encodeAvPairs } from '../../../src/wire/ntlm/av-pairs.ts';
import { decodeChallenge } from '../../../src/wire/ntlm/challenge-message.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { decodeNegotiate } from '../../../src/wire/ntlm/negotiate-message.ts';
import { valueOf } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';

const fixed = { random: (count: number) => new Uint8Array(count).fill(7), now: instant(0) };
const password = new Secret('Pä$$wörd');

function newAcceptor(): NtlmAcceptor {
  const names = { targetName: 'CORP', computerName: 'WEB-01', domainName: 'CORP' };
  return new NtlmAcceptor({ ...names, lookup: () => password, ...fixed });
}

function newInitiator(): NtlmInitiator {
  return new NtlmInitiator({ user: 'Ops', domain: 'CORP', password, spn: 'HTTP/web-01', ...fixed });
}

/** One whole handshake, in which nothing is left to chance. */
function handshake(): Record<'negotiate' | 'challenge' | 'authenticate', Uint8Array> {
  const [initiator, acceptor] = [newInitiator(), newAcceptor()];
  const negotiate = initiator.negotiate();
  const challenge = must(valueOf(acceptor.challenge(negotiate)));
  const { token: authenticate } = must(valueOf(initiator.authenticate(challenge)));
  return { negotiate, challenge, authenticate };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('our own handshake failed');
  return value;
}

const dictionary = ['NTLMSSP\0', '\x01\0\0\0', '\x02\0\0\0', '\x03\0\0\0', '\0\0\0\0', '\x01\x01\0\0'];

export const ntlmTargets: readonly FuzzTarget[] = [
  {
    name: 'ntlm-negotiate',
    dictionary,
    seeds: () => [handshake().negotiate],
    run(input) {
      valueOf(decodeNegotiate(input));
      valueOf(newAcceptor().challenge(input));
    },
  },
  {
    name: 'ntlm-challenge',
    dictionary,
    seeds: () => [handshake().challenge],
    run(input) {
      valueOf(decodeChallenge(input));
      const initiator = newInitiator();
      initiator.negotiate();
      valueOf(initiator.authenticate(input));
    },
  },
  {
    name: 'ntlm-authenticate',
    dictionary,
    seeds: () => [handshake().authenticate],
    run(input) {
      valueOf(decodeAuthenticate(input));
      const acceptor = newAcceptor();
      valueOf(acceptor.challenge(newInitiator().negotiate()));
      valueOf(acceptor.accept(input));
    },
  },
  {
    name: 'ntlm-av-pairs',
    seeds: () => [
      encodeAvPairs([
        { id: 2, value: Uint8Array.of(0x43, 0) },
        { id: 7, value: new Uint8Array(8) },
      ]),
    ],
    run(input) {
      valueOf(decodeAvPairs(input, 'CHALLENGE'));
    },
  },
];
