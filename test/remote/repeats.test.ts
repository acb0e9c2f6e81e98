import { afterEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { milliseconds, minutes, seconds } from '../../src/core/time.ts';
import type { HostLink } from '../../src/remote/host-link.ts';
import type { WsmanClient } from '../../src/remote/wsman-client.ts';
import { commandStarted } from '../../src/wire/wsman/command.ts';
import { connected } from '../../src/wire/wsman/connect.ts';
import { shellDeleted } from '../../src/wire/wsman/delete.ts';
import { disconnected, reconnected } from '../../src/wire/wsman/disconnect.ts';
import { faultCodes } from '../../src/wire/wsman/fault-codes.ts';
import type { WsmanFault } from '../../src/wire/wsman/fault.ts';
import { shellGot } from '../../src/wire/wsman/get-shell.ts';
import { received } from '../../src/wire/wsman/receive.ts';
import { sent } from '../../src/wire/wsman/send.ts';
import { shellCreated } from '../../src/wire/wsman/shell-created.ts';
import { signalCodes, signalled } from '../../src/wire/wsman/signal.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import type { Entropy } from '../../src/ports/entropy.ts';
import { never } from '../support/winrm-host.ts';
import type { Asked, Reply } from '../support/scripted-wsman.ts';
import { serveScript, wireHost } from '../support/wired-host.ts';
import type { Script, ServedScript, WiredOptions } from '../support/wired-host.ts';

/** Waits as long as it may. */
const slowest: Entropy = { ...systemEntropy, bytes: (count) => new Uint8Array(count).fill(255) };

/** Does not wait at all. */
const quickest: Entropy = {
  ...systemEntropy,
  bytes: (count) => (count === 2 ? new Uint8Array(2) : systemEntropy.bytes(count)),
};

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

async function serve(script: Script, options: WiredOptions = {}): Promise<ServedScript> {
  const served = await serveScript(script, options);
  toClose.push(() => {
    served.link.close();
    void served.server.close();
  });
  return served;
}

const shell = { resourceUri: 'urn:shell', shellId: 'S' };
const commandId = 'C';
const description = { shellId: 'S', resourceUri: 'urn:shell' };
const fault = (code: number | undefined, subcode = ''): WsmanFault => ({
  ...{ code, subcode, side: 'sender', reason: 'as scripted' },
});
const create = { shellId: 'S', inputStreams: 'stdin', outputStreams: 'stdout', idleTimeout: undefined };

/** What a well host answers. */
function well({
  action,
  envelope,
}: Pick<Asked, 'action' | 'envelope'>): Extract<Reply, { message: unknown }> {
  const messages = {
    Create: shellCreated('http://web-01/wsman', description),
    Command: commandStarted(commandId),
    Send: sent(),
    Signal: signalled(),
    Delete: shellDeleted(),
    Disconnect: disconnected(),
    Reconnect: reconnected(),
    Connect: connected({}),
    Get: shellGot(description),
    Receive: received(commandId, {
      streams: [{ stream: 'stdout', data: new TextEncoder().encode(envelope.messageId) }],
      ...{ state: 'done', exitCode: 0 },
    }),
  };
  return { message: messages[action as keyof typeof messages] };
}

/** The requests by their names; each is answered where the host is well. */
const requests: Readonly<Record<string, (wsman: WsmanClient) => Promise<Result<unknown>>>> = {
  create: (wsman) => wsman.create('urn:shell', { ...create, creationXml: undefined }, [], never),
  'create, the id left to the server': (wsman) =>
    wsman.create('urn:shell', { ...create, shellId: undefined, creationXml: undefined }, [], never),
  command: (wsman) => wsman.command(shell, { commandId, fragments: new Uint8Array(3) }, never),
  run: (wsman) => wsman.run(shell, { command: 'whoami', arguments: [] }, never),
  send: (wsman) => wsman.send(shell, { stream: 'stdin', commandId, data: new Uint8Array(3) }, never),
  receive: (wsman) => wsman.receive(shell, { streams: 'stdout', commandId }, never),
  'stop signal': (wsman) => wsman.signal(shell, { commandId, code: signalCodes.stopPipeline }, never),
  ctrl_c: (wsman) => wsman.signal(shell, { commandId, code: signalCodes.ctrlC }, never),
  terminate: (wsman) => wsman.signal(shell, { commandId, code: signalCodes.terminate }, never),
  delete: (wsman) => wsman.delete(shell, never),
  disconnect: (wsman) => wsman.disconnect(shell, {}, never),
  reconnect: (wsman) => wsman.reconnect(shell, never),
  connect: (wsman) => wsman.connect(shell, {}, [], never),
  'get shell': (wsman) => wsman.getShell('S', never),
};
const onceOnly = [
  'create, the id left to the server',
  'command',
  'run',
  'send',
  'stop signal',
  'ctrl_c',
  'connect',
];
const repeated = ['create', 'receive', 'terminate', 'delete', 'disconnect', 'reconnect', 'get shell'];

async function ask(link: HostLink, name: string): Promise<unknown> {
  const lease = unwrap(await link.lease(never));
  const result = await requests[name]?.(lease.wsman);
  lease.release();
  if (result?.ok === true) return 'ok';
  return { code: result?.error.code, sent: result?.error.details['sent'] };
}

/** Loses the answers to the first requests. */
const losing =
  (count: number): Script =>
  (asked, order) =>
    order <= count ? 'drop' : well(asked);

describe('check 5: the server closes the keep-alive socket between requests', () => {
  test.each(['command', 'receive'])('and the next %s goes on: a new logon, sealed anew', async (name) => {
    const { host, server, link } = await serve(well);
    expect(await ask(link, name)).toBe('ok');

    server.dropConnections();
    await expect.poll(() => ask(link, name)).toBe('ok');

    const bodies = host.asked.map(({ body }) => Buffer.from(body).toString('latin1'));
    expect(new Set(bodies).size).toBe(bodies.length);
    expect(host.connections).toBe(2);
    expect(host.logonLegs).toBe(4);
  });

  test('and one that has been idle for long is not trusted with a command, whatever its socket says', async () => {
    const { host, link, timers } = wireHost(well);
    expect(await ask(link, 'command')).toBe('ok');
    await timers.advance(minutes(1));
    expect(await ask(link, 'command')).toBe('ok');
    expect(host.connections).toBe(1);

    await timers.advance(minutes(2));

    expect(await ask(link, 'command')).toBe('ok');
    expect(host.connections).toBe(2);
  });

  test('and again while we log on anew: nothing was sent, so even a command is sent after all', async () => {
    const onLogon = (leg: number, connection: number): 'drop' | undefined =>
      connection === 1 && leg === 2 ? 'drop' : undefined;
    const { host, link } = await serve(well, { onLogon });

    expect(await ask(link, 'command')).toBe('ok');
    expect(host.actions).toEqual(['Command']);
  });

  test('and each time while we log on: once is enough', async () => {
    const { host, link } = await serve(well, { onLogon: () => 'drop' });

    expect(await ask(link, 'command')).toEqual({ code: 'net.reset', sent: false });
    expect(host.connections).toBe(2);
  });
});

describe('check 5: a server that closes the connection soon after each answer, without a word', () => {
  test('is not trusted with a second command', async () => {
    const site = wireHost((asked) => {
      site.timers.after(milliseconds(3), () => site.network.closeSocket(asked.connection));
      return well(asked);
    });

    for (const name of ['create', 'command', 'command', 'receive', 'command', 'send', 'terminate'])
      expect([name, (await site.timers.finish(ask(site.link, name), minutes(1))).value]).toEqual([
        name,
        'ok',
      ]);

    expect(site.host.actions).toHaveLength(7);
    expect(site.host.connections).toBe(7);
  });

  test('is found out by the first Receive that gets lost, however late it closes', async () => {
    const { host, link, timers } = wireHost((asked) =>
      host.asked.filter(({ connection }) => connection === asked.connection).length > 1
        ? 'drop'
        : well(asked),
    );

    for (const name of ['create', 'receive', 'command', 'command'])
      expect([name, (await timers.finish(ask(link, name), minutes(1))).value]).toEqual([name, 'ok']);

    expect(host.actions).toEqual(['Create', 'Receive', 'Receive', 'Command', 'Command']);
  });

  test('is trusted again once it kept one', async () => {
    const { host, link, timers } = wireHost((asked, order) => (order === 2 ? 'drop' : well(asked)));

    for (const name of ['create', 'receive', 'receive', 'command', 'command'])
      expect([name, (await timers.finish(ask(link, name), minutes(1))).value]).toEqual([name, 'ok']);

    expect(host.connections).toBe(2);
  });
});

describe('check 6: reset after request bytes were sent', () => {
  test.each(onceOnly)('%s is not repeated, and says that it was sent', async (name) => {
    const { host, link } = await serve(losing(1));

    expect(await ask(link, name)).toEqual({ code: 'net.reset', sent: true });
    expect(host.asked).toHaveLength(1);
  });

  test.each(repeated)('%s is repeated on a new logon and sealed anew', async (name) => {
    const { host, link } = await serve(losing(1));

    expect(await ask(link, name)).toBe('ok');

    expect(host.asked).toHaveLength(2);
    // Only the answer to a Receive is kept for its MessageID; all else is asked for anew.
    const ids = new Set(host.asked.map(({ envelope }) => envelope.messageId));
    expect(ids.size).toBe(name === 'receive' ? 1 : 2);
    expect(new Set(host.asked.map(({ body }) => Buffer.from(body).toString('latin1'))).size).toBe(2);
    expect(new Set(host.asked.map(({ connection }) => connection)).size).toBe(2);
  });

  test.each([
    ['create', 2],
    ['receive', 3],
    ['delete', 3],
  ])('%s is given up after %i tries', async (name, tries) => {
    const { host, link } = await serve(losing(100));

    expect(await ask(link, name)).toEqual({ code: 'net.reset', sent: true });
    expect(host.asked).toHaveLength(tries);
  });

  test('a request whose repetition gets another answer has that answer', async () => {
    const gone = { fault: fault(faultCodes.invalidSelectors) };
    const { link } = await serve((_, order) => (order === 1 ? 'drop' : gone));

    expect(await ask(link, 'receive')).toMatchObject({ code: 'wsman.shell-gone' });
  });

  test('a caller that gives up meanwhile ends it', async () => {
    const stop = new AbortController();
    const { host, link, timers } = wireHost(() => {
      stop.abort();
      return 'drop';
    });
    const { wsman } = unwrap(await link.lease(never));

    const receiving = wsman.receive(shell, { streams: 'stdout', commandId }, stop.signal);

    expect((await timers.finish(receiving, minutes(5))).value).toMatchObject({
      error: { details: { sent: true } },
    });
    expect(host.asked).toHaveLength(1);
  });

  test('a caller that gives up while it waits a little before the repetition ends it', async () => {
    const stop = new AbortController();
    const { host, link, timers } = wireHost(() => 'drop', { entropy: slowest });
    const { wsman } = unwrap(await link.lease(never));

    const receiving = wsman.receive(shell, { streams: 'stdout', commandId }, stop.signal);
    timers.after(milliseconds(10), () => stop.abort());

    expect((await timers.finish(receiving, minutes(5))).value).toMatchObject({
      error: { code: 'net.reset' },
    });
    expect(host.asked).toHaveLength(1);
  });
});

describe('an answer that came, but tells nothing', () => {
  test.each([400, 502, 504])('HTTP %i: a Receive is repeated, a command is not', async (status) => {
    const script: Script = (asked, order) => (order === 1 ? { status } : well(asked));

    expect(await ask((await serve(script)).link, 'receive')).toBe('ok');
    expect(await ask((await serve(script)).link, 'command')).toMatchObject({ code: 'http.status' });
  });

  test.each(['sealing', 'framing'] as const)(
    'a changed %s: a Receive is repeated, a command is not',
    async (changed) => {
      const script: Script = (asked, order) => ({
        ...well(asked),
        ...(order === 1 ? { changed } : {}),
      });

      expect(await ask((await serve(script)).link, 'receive')).toBe('ok');
      expect(await ask((await serve(script)).link, 'command')).toMatchObject({
        code: changed === 'sealing' ? 'auth.bad-seal' : 'auth.malformed-sealing',
      });
    },
  );

  test.each([404, 403])('HTTP %i is final', async (status) => {
    const { host, link } = await serve(() => ({ status }));

    expect(await ask(link, 'receive')).toMatchObject({ code: 'http.status' });
    expect(host.asked).toHaveLength(1);
  });

  test('silence: a Receive is repeated once, since much time was lost already, and nothing else is', async () => {
    const one = wireHost(() => 'silence');
    const receiving = await one.timers.finish(ask(one.link, 'receive'), minutes(5));
    const other = wireHost(() => 'silence');
    const deleting = await other.timers.finish(ask(other.link, 'delete'), minutes(5));

    expect(receiving.value).toEqual({ code: 'net.no-answer', sent: true });
    expect(deleting.value).toEqual({ code: 'net.no-answer', sent: true });
    expect([one.host.asked.length, other.host.asked.length]).toEqual([2, 1]);
    expect(deleting.at).toBe(seconds(30));
  });
});

describe('a shell that is made under our own id', () => {
  const there = (code: number | undefined, subcode: string): Script => {
    return (_, order) => (order === 1 ? 'drop' : { fault: fault(code, subcode) });
  };

  test.each([
    [faultCodes.alreadyExists, ''],
    [undefined, 'AlreadyExists'],
  ])(
    'and exists already when its Create is repeated (%s %s) was made by the first',
    async (code, subcode) => {
      const { link } = await serve(there(code, subcode));
      const { wsman } = unwrap(await link.lease(never));

      const created = await wsman.create('urn:shell', { ...create, creationXml: undefined }, [], never);

      expect(created).toEqual({ ok: true, value: { shellId: 'S', resourceUri: 'urn:shell' } });
    },
  );

  test('and exists already without a lost answer is refused: it is not ours', async () => {
    const { link } = await serve(() => ({ fault: fault(faultCodes.alreadyExists) }));

    expect(await ask(link, 'create')).toEqual({ code: 'wsman.rejected', sent: undefined });
  });

  test('and is refused when its Create is repeated may exist all the same, to be deleted by its id', async () => {
    const { link } = await serve(there(faultCodes.accessDenied, 'AccessDenied'));

    expect(await ask(link, 'create')).toEqual({ code: 'wsman.access-denied', sent: true });
  });
});

describe('what is gone already', () => {
  test.each([
    [faultCodes.invalidSelectors, ''],
    [undefined, 'InvalidSelectors'],
  ])('(%s %s) is fine for Terminate and Delete, and not for others', async (code, subcode) => {
    const { link } = await serve(() => ({ fault: fault(code, subcode) }));

    const answers = [];
    for (const name of ['terminate', 'delete', 'stop signal', 'receive', 'get shell'])
      answers.push(await ask(link, name));

    expect(answers.slice(0, 2)).toEqual(['ok', 'ok']);
    expect(answers.slice(2)).toMatchObject(Array(3).fill({ code: 'wsman.shell-gone' }));
  });

  test('with the host process is not the same as freed', async () => {
    const { link } = await serve(() => ({ fault: fault(faultCodes.hiveUnloaded) }));

    expect(await ask(link, 'delete')).toMatchObject({ code: 'wsman.shell-gone' });
  });
});

describe('a Receive that waits', () => {
  test('while nothing comes has an empty answer, and is asked again by who wants more', async () => {
    const { link } = await serve(() => ({ fault: fault(faultCodes.timedOut, 'TimedOut') }));
    const { wsman } = unwrap(await link.lease(never));

    const answer = await wsman.receive(shell, { streams: 'stdout', commandId }, never);

    expect(answer).toEqual({ ok: true, value: { streams: [], state: undefined, exitCode: undefined } });
  });

  test.each([
    [995, 'wsman.aborted'],
    [1223, 'wsman.aborted'],
    [2_150_859_204, 'wsman.disconnected'],
    [2_150_859_230, 'wsman.disconnected'],
  ])('ends quietly when its shell is closed or disconnected: fault %i is %s, once', async (code, kind) => {
    const { host, link } = await serve(() => ({ fault: fault(code, 'InternalError') }));

    expect(await ask(link, 'receive')).toMatchObject({ code: kind });
    expect(host.asked).toHaveLength(1);
  });
});

describe('check 20: a host that restarts in the middle of a Receive', () => {
  test('drops it, refuses connections, says 503 for a while, and then has no such shell', async () => {
    const script: Script = (_, order) => {
      if (order === 1) return 'drop';
      return order < 4 ? { status: 503 } : { fault: fault(faultCodes.invalidSelectors, 'InvalidSelectors') };
    };
    const waits: string[] = [];
    const { host, link } = await serve(script, { entropy: quickest, onWait: ({ why }) => waits.push(why) });

    expect(await ask(link, 'receive')).toMatchObject({ code: 'wsman.shell-gone' });
    expect(waits).toEqual(['unavailable', 'unavailable']);
    expect(host.actions).toEqual(['Receive', 'Receive', 'Receive', 'Receive']);
  });

  test('and does not come back at once: its port says so, and who asked decides how long to try', async () => {
    const { server, link } = await serve(() => {
      void server.suspend();
      return 'drop';
    });

    expect(await ask(link, 'receive')).toEqual({ code: 'net.refused', sent: false });
  });
});
