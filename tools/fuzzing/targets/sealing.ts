import { instant } from '../../../src/core/time.ts';
import { wantedFlags } from '../../../src/wire/ntlm/flags.ts';
import { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { findAuth, formatAuth, parseAuth } from '../../../src/wire/sealing/authorization.ts';
import { readBasic } from '../../../src/wire/sealing/basic-credentials.ts';
import { decodeSealed, encodeSealed } from '../../../src/wire/sealing/multipart-encrypted.ts';
import { ServerAuth } from '../../../src/wire/sealing/server-auth.ts';
import { ContractBroken, valueOf } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';

const key = new Uint8Array(16).fill(9);

function sealedBody(plain: string): Uint8Array {
  const context = new NtlmContext('initiator', wantedFlags, key);
  const bytes = Buffer.from(plain);
  const sealed = valueOf(context.seal(bytes));
  if (sealed === undefined) throw new Error('our own sealing failed');
  return encodeSealed(context.protocol, sealed, bytes.length);
}

function newServerAuth(): ServerAuth {
  const fixed = { random: (count: number) => new Uint8Array(count), now: instant(0) };
  const names = { targetName: 'T', computerName: 'C' };
  return new ServerAuth({
    acceptor: () => new NtlmAcceptor({ ...names, lookup: () => undefined, ...fixed }),
  });
}

export const sealingTargets: readonly FuzzTarget[] = [
  {
    name: 'multipart-encrypted',
    dictionary: [
      ...['--Encrypted Boundary', '-- Encrypted Boundary', '--Encrypted Boundary--\r\n', '\r\n', '\t'],
      ...['Length=', ';Length=0\r\n', 'Content-Type: application/octet-stream\r\n', '\x10\0\0\0'],
    ],
    seeds: () => [sealedBody(''), sealedBody('<s:Envelope/>'), sealedBody('x'.repeat(700))],
    run(input) {
      const frame = valueOf(decodeSealed(input));
      if (frame === undefined) return;
      if (frame.body.length !== frame.plainBytes) throw new ContractBroken('lengths that do not fit');
      valueOf(new NtlmContext('acceptor', wantedFlags, key).unseal(frame.header, frame.body));
    },
  },
  {
    name: 'authorization',
    dictionary: ['Negotiate ', 'NTLM ', 'Basic realm="', '"', '\\"', ',', ', ', '=', '==', 'TlRMTVNTUAAB'],
    seeds: () =>
      [
        formatAuth('Negotiate', key),
        'Negotiate, NTLM, Basic realm="WSMAN, \\"x\\""',
        'Kerberos',
        'Basic b3BzOnBhc3N3b3Jk',
        `${formatAuth('NTLM', new Uint8Array(300))}, Digest nonce="a,b"`,
      ].map((text) => Buffer.from(text, 'latin1')),
    run(input) {
      const text = Buffer.from(input).toString('latin1');
      findAuth(parseAuth(text.split('\n')), 'negotiate');
      readBasic(input);
      newServerAuth().receive({ headers: { authorization: [text] }, body: new Uint8Array(0) });
    },
  },
];
