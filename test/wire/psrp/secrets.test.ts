import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { credentialOf, psCredential, secretOf } from '../../../src/core/ps-credential.ts';
import { psRecord } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import { askingHost } from '../../../src/wire/psrp/host.ts';
import { sessionKeyPaddingBytes } from '../../../src/wire/psrp/session-key.ts';
import type { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpServer } from '../../../src/wire/psrp/server.ts';
import { anyText } from '../clixml/values.ts';
import {
  clientSays,
  deliver,
  eventsOf,
  give,
  id,
  openPair,
  pair,
  script,
  serverSays,
  testKeyPair,
} from './roles.ts';

const key = new Uint8Array(32).fill(5);
const padding = new Uint8Array(sessionKeyPaddingBytes).fill(9);
const secure = (text: string): PsValue => ({ kind: 'secureString', secret: new Secret(text) });
const revealed = (value: PsValue | undefined): string | undefined => secretOf(value)?.reveal();

/** A pair that has exchanged its keys, with nothing left to say. */
function keyedPair(...options: Parameters<typeof openPair>) {
  const { client, server } = openPair(...options);
  exchange(client, server);
  return { client, server };
}

function exchange(client: PsrpClient, server: PsrpServer): void {
  for (const fragment of unwrap(client.exchangeKeys(testKeyPair))) unwrap(server.receive(fragment));
  expect(eventsOf(server)).toEqual([{ kind: 'public-key' }]);
  unwrap(server.sendSessionKey(key, padding));
  deliver(server, client);
  expect(eventsOf(client)).toEqual([{ kind: 'session-key' }]);
}

describe('secrets under a session key', () => {
  test('travel as arguments, input, output and in credentials, whatever their text', () => {
    const { client, server } = keyedPair();
    expect(client.hasSessionKey).toBe(true);
    fc.assert(
      fc.property(anyText, (text) => {
        const credential = psCredential({ userName: text, password: new Secret(text) });
        give(unwrap(client.createPipeline({ ...script('x', secure(text)), noInput: false })), server);
        give(unwrap(client.input(id, credential)), server);
        const [created, input] = eventsOf(server);
        server.output(id, secure(text));
        server.finish(id, 'Completed');
        deliver(server, client, id);
        const [output] = eventsOf(client);
        server.close(id);

        const argument = created?.kind === 'pipeline' ? created.commands[0]?.parameters[0]?.value : null;
        expect(revealed(argument)).toBe(text);
        const received = input?.kind === 'input' ? credentialOf(input.value) : undefined;
        expect([received?.userName, received?.password.reveal()]).toEqual([text, text]);
        expect(output?.kind === 'output' ? revealed(output.value) : undefined).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test('travel in what a host is asked, and in what it answers later', () => {
    const { client, server } = keyedPair({ host: askingHost('minimal') });
    give(unwrap(client.createPipeline(script('x'))), server);
    server.hostCall(id, { methodId: 12, parameters: [secure('asked')], callId: 1n });
    deliver(server, client, id);
    eventsOf(server);

    const [call] = eventsOf(client);
    const event = call?.kind === 'host-call' ? call : undefined;
    expect(revealed(event?.call.parameters[0])).toBe('asked');
    expect(eventsOf(client)).toEqual([]);
    give(unwrap(client.answerHostCall(event!, { kind: 'value', value: secure('answered') })), server);

    const [answer] = eventsOf(server);
    expect(answer?.kind === 'host-response' ? revealed(answer.value) : undefined).toBe('answered');
  });

  test('are never seen on the wire', () => {
    const { client } = keyedPair({ maxFragmentBytes: 10_000 });

    const [fragment] = unwrap(client.createPipeline(script('x', secure('pa55word'))));

    const bytes = Buffer.from(fragment ?? []);
    expect(bytes.includes('pa55word')).toBe(false);
    expect(bytes.includes(Buffer.from('pa55word', 'utf16le').toString('base64').slice(0, 12))).toBe(false);
  });
});

describe('secrets from protocol 2.4 on', () => {
  test('travel without a key, where both sides know that version', () => {
    const { client, server } = openPair({ protocolVersion: '2.4' }, { protocolVersion: '2.4' });
    expect([client.protocolVersion, server.protocolVersion, client.hasSessionKey]).toEqual([
      '2.4',
      '2.4',
      true,
    ]);

    give(unwrap(client.createPipeline(script('x', secure('pä😀')))), server);
    const [created] = eventsOf(server);

    const argument = created?.kind === 'pipeline' ? created.commands[0]?.parameters[0]?.value : null;
    expect(revealed(argument)).toBe('pä😀');
    expect(
      client.receive(serverSays('pipeline-output', { kind: 'encryptedString', text: 'Q' }), id),
    ).toMatchObject({ error: { code: 'clixml.malformed' } });
  });

  test('have no keys to exchange: it is done at once', () => {
    const { client } = openPair({ protocolVersion: '2.4' }, { protocolVersion: '2.4' });

    expect(client.exchangeKeys(testKeyPair)).toEqual({ ok: true, value: [] });

    expect(eventsOf(client)).toEqual([{ kind: 'session-key' }]);
  });

  test.each([
    ['2.3', '2.4'],
    ['2.4', '2.3'],
  ] as const)('need a key where one side only speaks 2.3: client %s, server %s', (ours, theirs) => {
    const { client, server } = openPair({ protocolVersion: ours }, { protocolVersion: theirs });

    expect([client.protocolVersion, server.protocolVersion, client.hasSessionKey]).toEqual([
      '2.3',
      '2.3',
      false,
    ]);
  });
});

describe('secrets without a session key', () => {
  test('are not sent: the failure says to exchange keys first, and the pool stays usable', () => {
    const { client, server } = openPair();

    expect(client.createPipeline(script('x', secure('p')))).toMatchObject({
      error: { code: 'psrp.no-session-key', hint: expect.stringContaining('Exchange keys first') as string },
    });

    expect(client.hasSessionKey).toBe(false);
    exchange(client, server);
    give(unwrap(client.createPipeline(script('x', secure('p')))), server);
    expect(client.input(id, secure('p')).ok).toBe(true);
  });

  test('stay closed when they arrive', () => {
    const { client } = openPair();
    unwrap(client.createPipeline(script('x')));

    unwrap(client.receive(serverSays('pipeline-output', { kind: 'encryptedString', text: 'QUJD' }), id));

    expect(eventsOf(client)).toMatchObject([{ value: { kind: 'encryptedString', text: 'QUJD' } }]);
  });
});

describe('a server that asks for the public key', () => {
  test('gets it at once where the client has one', () => {
    const { client, server } = openPair({ keyPair: testKeyPair });

    server.requestPublicKey();
    deliver(server, client);

    const told = eventsOf(client);
    expect(told).toMatchObject([
      { kind: 'public-key-request' },
      { kind: 'send', stream: 'stdin', pipelineId: undefined },
    ]);
    for (const event of told) {
      if (event.kind === 'send') for (const one of event.fragments) unwrap(server.receive(one));
    }
    expect(eventsOf(server)).toEqual([{ kind: 'public-key' }]);
  });

  test('only makes an event where it has none', () => {
    const { client, server } = openPair();

    server.requestPublicKey();
    deliver(server, client);

    expect(eventsOf(client)).toEqual([{ kind: 'public-key-request' }]);
  });

  test('before the pool is open ends the session, as does one for which there is no room', () => {
    const { client } = pair({ keyPair: testKeyPair });
    expect(client.receive(serverSays('public-key-request', '', emptyGuid))).toMatchObject({
      error: { code: 'psrp.state' },
    });
    const tight = openPair({ keyPair: testKeyPair }).client;
    tight.setMaxFragmentBytes(1);
    expect(tight.receive(serverSays('public-key-request', '', emptyGuid))).toMatchObject({
      error: { code: 'psrp.fragment-size' },
    });
  });
});

describe('an exchange of keys', () => {
  test('that the client did not begin is refused', () => {
    const { client } = openPair();

    expect(
      client.receive(serverSays('encrypted-session-key', psRecord({ EncryptedSessionKey: '' }), emptyGuid)),
    ).toMatchObject({ error: { code: 'psrp.malformed' } });
  });

  test('that gives no key is refused', () => {
    const { client } = openPair();
    unwrap(client.exchangeKeys(testKeyPair));

    expect(client.receive(serverSays('encrypted-session-key', '', emptyGuid))).toMatchObject({
      error: { code: 'psrp.malformed' },
    });
  });

  test('needs an opened pool', () => {
    expect(pair().client.exchangeKeys(testKeyPair)).toMatchObject({ error: { code: 'psrp.state' } });
  });

  test('needs a public key that is one', () => {
    const { server } = openPair();
    expect(server.sendSessionKey(key, padding)).toMatchObject({ error: { code: 'psrp.state' } });

    unwrap(server.receive(clientSays('public-key', '', emptyGuid)));

    expect(server.sendSessionKey(key, padding)).toMatchObject({ error: { code: 'psrp.state' } });
    const zeros = Buffer.from('060200000 0a40000525341310008000001000100'.replace(' ', ''), 'hex');
    const impossible = Buffer.concat([zeros, new Uint8Array(256)]).toString('base64');
    unwrap(server.receive(clientSays('public-key', psRecord({ PublicKey: impossible }), emptyGuid)));
    expect(server.sendSessionKey(key, padding)).toMatchObject({ error: { code: 'psrp.malformed' } });
  });
});

describe('a credential', () => {
  test('is read only where it is one, and open', () => {
    expect(credentialOf('x')).toBeUndefined();
    expect(credentialOf(psRecord({ UserName: 'u' }))).toBeUndefined();
    const typeName = 'Deserialized.System.Management.Automation.PSCredential';
    expect(credentialOf(psRecord({ Password: secure('p') }, [typeName]))).toBeUndefined();
    expect(credentialOf(psRecord({ UserName: 'u', Password: 'p' }, [typeName]))).toBeUndefined();
    expect(credentialOf(psRecord({ UserName: 'u', Password: secure('p') }, [typeName]))?.userName).toBe('u');
    expect(secretOf(undefined)).toBeUndefined();
    expect(secretOf({ kind: 'encryptedString', text: 'QUJD' })).toBeUndefined();
  });
});
