import { afterEach, describe, expect, test } from 'vitest';
import { failure } from '../../src/core/failure.ts';
import { err, ok, unwrap } from '../../src/core/result.ts';
import { seconds } from '../../src/core/time.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { EnvelopeSize } from '../../src/remote/envelope-size.ts';
import { WsmanClient } from '../../src/remote/wsman-client.ts';
import { WsmanExchange } from '../../src/remote/wsman-exchange.ts';
import { commandStarted, parsePipelineCommand } from '../../src/wire/wsman/command.ts';
import { parseCommandLine } from '../../src/wire/wsman/command-line.ts';
import { configGot } from '../../src/wire/wsman/config.ts';
import { connected, parseConnect } from '../../src/wire/wsman/connect.ts';
import { deleteShell, shellDeleted } from '../../src/wire/wsman/delete.ts';
import { disconnected, parseDisconnect, reconnected } from '../../src/wire/wsman/disconnect.ts';
import { parseEnumerate, parsePull } from '../../src/wire/wsman/enumerate.ts';
import { commandsEnumerated, shellsEnumerated } from '../../src/wire/wsman/enumerated.ts';
import { shellGot } from '../../src/wire/wsman/get-shell.ts';
import { loopbackTarget } from '../support/target.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';
import { never } from '../support/winrm-host.ts';
import { serveScript, wireHost } from '../support/wired-host.ts';
import type { Script, ServedScript } from '../support/wired-host.ts';

const shell = { resourceUri: 'urn:x', shellId: 'S' };
const quota = { code: 2_150_859_173, subcode: 'QuotaLimit', side: 'sender', reason: '30 shells' } as const;
const deleted: Script = () => ({ message: shellDeleted() });

interface Served extends ServedScript {
  readonly client: WsmanClient;
}

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

async function answering(script: Script): Promise<Served> {
  const site = await serveScript(script, { patience: { quota: seconds(0) } });
  toClose.push(() => {
    site.link.close();
    void site.server.close();
  });
  const { wsman } = unwrap(await site.link.lease(never));
  return { ...site, client: wsman };
}

describe('an answer', () => {
  test('to another request is no answer', async () => {
    const { client } = await answering(() => ({ message: shellDeleted(), relatesTo: 'uuid:ANOTHER' }));

    expect(await client.delete(shell, never)).toMatchObject({
      error: { code: 'wsman.malformed', details: { reason: 'it answers another request' } },
    });
  });

  test('that is a fault may relate to nothing, but not to another request', async () => {
    const toNothing = await answering(() => ({ fault: quota, relatesTo: '' }));
    const toAnother = await answering(() => ({ fault: quota, relatesTo: 'uuid:ANOTHER' }));

    expect(await toNothing.client.delete(shell, never)).toMatchObject({ error: { code: 'wsman.quota' } });
    expect(await toAnother.client.delete(shell, never)).toMatchObject({ error: { code: 'wsman.malformed' } });
  });

  test('may spell the id of its request in another case', async () => {
    const { client } = await answering(({ envelope }) => ({
      message: shellDeleted(),
      relatesTo: envelope.messageId.toLowerCase(),
    }));

    expect(await client.delete(shell, never)).toEqual(ok(undefined));
  });
});

describe('a request', () => {
  test('has an id of its own; all of all connections have the session in common', async () => {
    const { client, link, host } = await answering(deleted);

    unwrap(await client.delete(shell, never));
    unwrap(await client.delete(shell, never));
    unwrap(await link.control.delete(shell, never));

    const requests = host.asked.map(({ envelope }) => envelope);
    expect(host.connections).toBe(2);
    expect(new Set(requests.map(({ messageId }) => messageId)).size).toBe(3);
    expect(new Set(requests.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(requests[0]).toMatchObject({ maxEnvelopeBytes: 153_600, operationTimeout: seconds(20) });
  });

  test('has the session that is given, for a shell that another process made', async () => {
    const { link, host } = wireHost(deleted, { sessionId: 'A-SESSION' });

    unwrap(await link.control.delete(shell, never));

    expect(host.asked[0]?.envelope.sessionId).toBe('uuid:A-SESSION');
  });

  test('that is larger than agreed is not sent', async () => {
    const connection = { post: () => Promise.reject(new Error('sent')), close: () => undefined };
    const exchange = new WsmanExchange({ target: loopbackTarget(1), connection, sessionId: 'S' });

    const answer = await exchange.ask(
      deleteShell(),
      shell,
      { messageId: 'M', maxEnvelopeBytes: 1000 },
      never,
    );

    expect(answer).toMatchObject({ kind: 'failure', failure: { code: 'wsman.envelope-too-large' } });
  });

  test('names an IPv6 host in brackets', async () => {
    const sent: string[] = [];
    const connection = {
      post: (envelope: Uint8Array) => {
        sent.push(new TextDecoder().decode(envelope));
        return Promise.resolve(err(failure('net.reset', { sent: true })));
      },
      close: () => undefined,
    };
    const target = loopbackTarget(5985, { address: 'fe80::1' });
    const exchange = new WsmanExchange({ target, connection, sessionId: 'S' });

    await exchange.ask(deleteShell(), shell, { messageId: 'M', maxEnvelopeBytes: 10_000 }, never);

    expect(sent[0]).toContain('<a:To>http://[fe80::1]:5985/wsman</a:To>');
  });

  test('to a large server carries more, over every connection of the link', async () => {
    const { client, link, host } = await answering(deleted);

    const before = client.maxPayloadBytes;
    link.useLargeEnvelopes();
    unwrap(await client.delete(shell, never));
    unwrap(await link.control.delete(shell, never));

    expect([before, client.maxPayloadBytes, link.control.maxPayloadBytes]).toEqual([
      113_664, 382_464, 382_464,
    ]);
    expect(host.asked.map(({ envelope }) => envelope.maxEnvelopeBytes)).toEqual([512_000, 512_000]);
  });
});

test('a client of one connection keeps its own envelope size, and closes that connection', () => {
  let isClosed = false;
  const connection = { post: () => Promise.reject(new Error('sent')), close: () => (isClosed = true) };
  const exchange = new WsmanExchange({ target: loopbackTarget(1), connection, sessionId: 'S' });
  const services = { entropy: systemEntropy, timers: new VirtualTimers() };
  const [one, other] = [new WsmanClient(exchange, services), new WsmanClient(exchange, services)];
  const shared = new WsmanClient(exchange, { ...services, envelopes: new EnvelopeSize() });

  one.useLargeEnvelopes();
  one.close();

  expect([one, other, shared].map(({ maxPayloadBytes }) => maxPayloadBytes)).toEqual([
    382_464, 113_664, 113_664,
  ]);
  expect(isClosed).toBe(true);
});

test('a link closes what nobody uses after the time that is given, and its control stays usable', async () => {
  const { link, network, timers } = wireHost(deleted, { idleTimeout: seconds(5) });
  const leases = [unwrap(await link.lease(never)), unwrap(await link.lease(never))];
  for (const { wsman, release } of leases) {
    unwrap(await wsman.delete(shell, never));
    release();
  }

  await timers.advance(seconds(6));
  link.control.close();

  expect(network.open).toBe(1);
  expect(await link.control.delete(shell, never)).toEqual(ok(undefined));
});

describe('verbs', () => {
  test('start a pipeline or a program, and give the id that the server chose', async () => {
    const { client, host } = await answering(() => ({ message: commandStarted('THEIRS') }));

    const pipeline = await client.command(
      shell,
      { commandId: 'OURS', fragments: Uint8Array.of(1, 2) },
      never,
    );
    const program = await client.run(shell, { command: 'ping', arguments: ['-n', '1'] }, never);

    expect([pipeline, program]).toEqual([ok('THEIRS'), ok('THEIRS')]);
    const [first, second] = host.asked;
    expect(first && unwrap(parsePipelineCommand(first.envelope)).commandId).toBe('OURS');
    expect(second && unwrap(parseCommandLine(second.envelope))).toMatchObject({
      ...{ command: 'ping', arguments: ['-n', '1'] },
    });
  });

  test('leave a shell, take it up again, and take over that of another', async () => {
    const { client, host } = await answering(({ action }) => ({
      message: { Disconnect: disconnected(), Reconnect: reconnected() }[action] ?? connected({}),
    }));

    unwrap(await client.disconnect(shell, { idleTimeout: seconds(90) }, never));
    unwrap(await client.reconnect(shell, never));
    unwrap(await client.connect(shell, { connectXml: Uint8Array.of(3) }, [], never));

    expect(host.actions).toEqual(['Disconnect', 'Reconnect', 'Connect']);
    const [first, second, third] = host.asked.map(({ envelope }) => envelope);
    expect(first && unwrap(parseDisconnect(first))).toEqual({ idleTimeout: seconds(90) });
    expect(second?.selectors.get('ShellId')).toBe('S');
    expect(third && unwrap(parseConnect(third))).toEqual({ connectXml: Uint8Array.of(3) });
  });

  test('tell of one shell, and of the service', async () => {
    const description = { shellId: 'S', resourceUri: 'urn:x', owner: 'CORP\\ops' };
    const { client, host } = await answering(({ envelope }) => ({
      message: envelope.selectors.has('ShellId')
        ? shellGot(description)
        : configGot({ maxEnvelopeBytes: 512_000 }),
    }));

    expect(await client.getShell('S', never)).toEqual(ok(description));
    expect(await client.getConfig(never)).toEqual(ok({ maxEnvelopeBytes: 512_000 }));
    expect(host.asked.map(({ envelope }) => envelope.resourceUri)).toEqual([
      'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
      'http://schemas.microsoft.com/wbem/wsman/1/config',
    ]);
  });
});

describe('a list', () => {
  const item = (id: number): { shellId: string; resourceUri: string } => ({
    ...{ shellId: `S${String(id)}`, resourceUri: 'urn:x' },
  });

  test('that fits into one answer costs one round trip', async () => {
    const { client, host } = await answering(() => ({
      message: shellsEnumerated('enumerate', { items: [item(1), item(2)], context: undefined }),
    }));

    expect(await client.listShells(never)).toEqual(ok([item(1), item(2)]));
    expect(host.actions).toEqual(['Enumerate']);
  });

  test('of commands is that of one shell', async () => {
    const command = { commandId: 'C', commandLine: 'ping', state: 'Running' };
    const { client, host } = await answering(() => ({
      message: commandsEnumerated('enumerate', { items: [command], context: undefined }),
    }));

    expect(await client.listCommands('S1', never)).toEqual(ok([command]));
    const request = host.asked[0];
    expect(request && unwrap(parseEnumerate(request.envelope)).shellId).toBe('S1');
  });

  test('that is longer is pulled page by page, with the context of the page before', async () => {
    const { client, host } = await answering((_, order) => ({
      message: shellsEnumerated(order === 1 ? 'enumerate' : 'pull', {
        items: [item(order)],
        context: order === 3 ? undefined : `after ${String(order)}`,
      }),
    }));

    expect(await client.listShells(never)).toEqual(ok([item(1), item(2), item(3)]));
    const pulls = host.asked.slice(1).map(({ envelope }) => unwrap(parsePull(envelope)).context);
    expect(pulls).toEqual(['after 1', 'after 2']);
  });

  test('whose next page got lost is not pulled twice, since that would skip one', async () => {
    const { client, host } = await answering((_, order) =>
      order === 1
        ? { message: shellsEnumerated('enumerate', { items: [item(1)], context: 'more' }) }
        : 'drop',
    );

    expect(await client.listShells(never)).toMatchObject({ error: { code: 'net.reset' } });
    expect(host.actions).toEqual(['Enumerate', 'Pull']);
  });

  test('that never ends is given up', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => item(index));
    const { client, host } = await answering((_, order) => ({
      message: shellsEnumerated(order === 1 ? 'enumerate' : 'pull', { items, context: 'more' }),
    }));

    expect(await client.listShells(never)).toMatchObject({
      error: { code: 'wsman.malformed', details: { reason: 'its list does not end' } },
    });
    expect(host.asked.length).toBeLessThan(20);
  });
});
