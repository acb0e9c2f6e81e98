import type { RsaKeyPair } from '../../../src/core/rsa-key-pair.ts';
import { Secret } from '../../../src/core/secret.ts';
import { decodeCommandMetadata, decodeCommandQuery } from '../../../src/wire/psrp/command-metadata.ts';
import {
  decodePublicKey,
  decryptSessionKey,
  encodePublicKey,
  SessionKey,
} from '../../../src/wire/psrp/session-key.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import { readServerMessage } from '../../../src/wire/psrp/client-event.ts';
import { decodeMessage, encodeMessage } from '../../../src/wire/psrp/message.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';
import { PsrpServer } from '../../../src/wire/psrp/server.ts';
import { readClientMessage } from '../../../src/wire/psrp/server-read.ts';
import { mustAgree, valueOf } from '../contract.ts';
import { pickSeeds, recordedFragments } from '../recordings.ts';
import type { FuzzTarget } from '../target.ts';
import { clixmlTargets } from './clixml.ts';
import { ownConversation, pipelineId, poolId } from './psrp-seeds.ts';

const dictionary = [
  ...[
    '\xef\xbb\xbf',
    '\x01\0\0\0',
    '\x02\0\0\0',
    '\x02\x10\x04\0',
    '\x06\x10\x04\0',
    '\x05\x10\x02\0',
    '\x03',
    '\0',
  ],
  ...(clixmlTargets[0]?.dictionary ?? []),
];

const capability = { protocolVersion: '2.3', psVersion: '2.0', serializationVersion: '1.1.0.1' };

/** Messages of a side, put together from its fragments. */
function messagesIn(fragments: readonly Uint8Array[]): readonly Uint8Array[] {
  return fragments.flatMap((bytes) => valueOf(new Reassembler().receive(bytes)) ?? []);
}

function readAsEither(message: PsrpMessage): void {
  valueOf(readServerMessage(message, pipelineId));
  valueOf(readServerMessage(message, undefined));
  valueOf(readClientMessage(message, pipelineId, capability));
  valueOf(readClientMessage(message, undefined, undefined));
  decodeCommandQuery(message.body);
  if (message.body !== undefined) decodeCommandMetadata([message.body]);
}

/** A key pair whose private operation leaves the number as it is, so that what is behind it is reached. */
const openKey: RsaKeyPair = {
  modulus: new Uint8Array(256).fill(0xc5),
  exponent: Uint8Array.of(1, 0, 1),
  decrypt: (ciphertext) => (ciphertext.length === 256 ? ciphertext : undefined),
};

/** ENCRYPTED_SESSION_KEY under the open key: header, then a padded block with its last byte first. */
function sessionKeyText(): string {
  const block = Buffer.concat([
    Uint8Array.of(0, 2),
    Buffer.alloc(221, 7),
    Uint8Array.of(0),
    Buffer.alloc(32, 9),
  ]);
  const header = Buffer.from('010200001066000000a40000', 'hex');
  return Buffer.concat([header, block.reverse()]).toString('base64');
}

/** Whole, and in pieces of a length that the input itself chooses. */
function reassemble(input: Uint8Array): void {
  const whole = valueOf(new Reassembler().receive(input));
  const parts = new Reassembler();
  const step = 1 + (((input[0] ?? 0) ^ (input[8] ?? 0)) % 40);
  const pieces: Uint8Array[] = [];
  let failed = false;
  for (let at = 0; at < input.length && !failed; at += step) {
    const messages = valueOf(parts.receive(input.subarray(at, at + step)));
    if (messages === undefined) failed = true;
    else pieces.push(...messages);
  }
  mustAgree('whole or in pieces', whole?.length, failed ? undefined : pieces.length);
}

const { handshake } = ownConversation();

function openedClient(): PsrpClient {
  const client = new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 1, maxFragmentBytes: 32_768 });
  valueOf(client.open());
  for (const bytes of handshake) valueOf(client.receive(bytes));
  valueOf(client.createPipeline({ id: pipelineId, commands: [], noInput: true }));
  return client;
}

export const psrpTargets: readonly FuzzTarget[] = [
  {
    name: 'psrp-fragments',
    dictionary,
    seeds: () => [...ownConversation().fromServer, ...pickSeeds(recordedFragments('response'))],
    run: reassemble,
  },
  {
    name: 'psrp-message',
    shape: 'xml',
    dictionary,
    seeds: () => [
      ...messagesIn([...ownConversation().fromServer, ...ownConversation().fromClient]),
      ...pickSeeds(messagesIn([...recordedFragments('response'), ...recordedFragments('request')])),
    ],
    run(input) {
      const message = valueOf(decodeMessage(input));
      if (message === undefined) return;
      readAsEither(message);
      const written = valueOf(encodeMessage(message));
      if (written !== undefined) valueOf(decodeMessage(written));
    },
  },
  {
    name: 'psrp-client',
    shape: 'xml',
    dictionary,
    seeds: () => [...ownConversation().fromServer, ...pickSeeds(recordedFragments('response'))],
    run(input) {
      const client = openedClient();
      // The first half is the pool's, so that both streams are reached.
      const half = (input.length >> 1) * ((input.length + (input[0] ?? 0)) & 1);
      valueOf(client.receive(input.subarray(0, half)));
      valueOf(client.receive(input.subarray(half), pipelineId));
      while (client.next() !== undefined);
    },
  },
  {
    name: 'psrp-server',
    shape: 'xml',
    dictionary,
    seeds: () => [...ownConversation().fromClient, ...pickSeeds(recordedFragments('request'))],
    run(input) {
      const server = new PsrpServer({ psVersion: '5.1.1.1', protocolVersion: '2.3', maxFragmentBytes: 4096 });
      valueOf(server.receive(input));
      valueOf(server.receive(input, pipelineId));
      while (server.next() !== undefined);
      server.take(undefined);
    },
  },
  {
    name: 'psrp-keys',
    dictionary: ['=', '==', 'AAAA', 'BgIAAACkAABSU0ExAAgAAA', 'AQIAABBmAAAApAAA'],
    seeds: () => {
      const secret = new SessionKey(new Uint8Array(32)).encrypt(new Secret('Pä$$wörd'));
      return [encodePublicKey(openKey), sessionKeyText(), secret].map((text) => Buffer.from(text));
    },
    run(input) {
      const text = Buffer.from(input).toString('latin1');
      decodePublicKey(text);
      valueOf(decryptSessionKey(text, openKey));
      new SessionKey(new Uint8Array(32)).decrypt(text);
    },
  },
];
