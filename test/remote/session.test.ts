import { afterEach, describe, expect, test } from 'vitest';
import { issueWritePermit } from '../../src/core/issue-write-permit.ts';
import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Target } from '../../src/core/target.ts';
import { instant, milliseconds, seconds } from '../../src/core/time.ts';
import { err, ok } from '../../src/core/result.ts';
import { first } from '../../src/lab/server/misbehaviour.ts';
import type { Misbehave, Misbehaviour } from '../../src/lab/server/misbehaviour.ts';
import type { ScriptEngine } from '../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../src/lab/server/winrm-host.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { ReadScript, WriteScript } from '../../src/ports/scripts.ts';
import type { HostSession, ScriptError } from '../../src/ports/session.ts';
import type { Timers } from '../../src/ports/timers.ts';
import { createSessionFactory } from '../../src/remote/session-factory.ts';
import { engineBackends, never, serveHost, sessions } from '../support/winrm-host.ts';
import type { ServedHost } from '../support/winrm-host.ts';

const readScript: ReadScript = { kind: 'read', name: 'get.ps1', text: 'Get-Something' };
const writeScript: WriteScript = { kind: 'write', name: 'set.ps1', text: 'Set-Something' };
const options = { timeout: seconds(10) };
const writeOptions = { ...options, validUntil: instant(Date.UTC(2026, 10, 23, 21)) };
const permit = issueWritePermit('web-01', 'intent-1');

const thrown: ScriptError = {
  message: 'it broke',
  id: 'Broken,Get-Something',
  category: 'InvalidOperation',
  exceptionType: 'System.InvalidOperationException',
  position: '',
};

/** Echoes what it was called with. */
const echo: ScriptEngine['run'] = async (call, streams) => {
  streams.output(JSON.stringify(call.parameters));
  return ok(undefined);
};

/** Never ends by itself. */
const endless: ScriptEngine['run'] = (_call, _streams, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(ok(undefined)));
  });

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function serve(
  engine: ScriptEngine['run'] = echo,
  hostOptions: Partial<WinrmHostOptions> = {},
): Promise<ServedHost> {
  const served = await serveHost(engineBackends(engine), hostOptions);
  toClose.push(() => served.server.close());
  return served;
}

async function open(served: ServedHost, changes: Partial<Target> = {}): Promise<HostSession> {
  const session = await served.open(changes);
  toClose.push(() => session.close());
  return session;
}

/** Misbehaves at the first request with this action. */
function once(action: string, how: Misbehaviour): Misbehave {
  let done = false;
  return (request) => {
    if (done || request.action !== action) return undefined;
    done = true;
    return how;
  };
}

/** As `once`, but not before pipelines run: the pool's own Receive is left alone. */
function onceIn(action: string, how: Misbehaviour): Misbehave {
  const inner = once(action, how);
  let commands = 0;
  return (request) => {
    if (request.action === 'Command') commands += 1;
    return commands > 0 ? inner(request) : undefined;
  };
}

describe('round trips', () => {
  test('opening costs a logon, Create and Receive; a script Command and Receive, and closing pays for its Terminate', async () => {
    const served = await serve();

    const session = await open(served);
    const opening = served.actions().length;
    await session.read(readScript, {}, options, never);
    await session.read(readScript, {}, options, never);
    await session.close();

    expect(served.actions().slice(0, opening)).toEqual(['logon', 'logon', 'Create', 'Receive']);
    expect(served.actions().slice(opening)).toEqual([
      ...['Command', 'Receive'],
      ...['Command', 'Receive'],
      'Delete',
    ]);
    expect(served.events.filter(({ event }) => event === 'connect')).toHaveLength(1);
    expect(served.host.openShells).toBe(0);
  });

  test('everything but the logon is sealed', async () => {
    const served = await serve();
    const session = await open(served);

    await session.read(readScript, {}, options, never);

    const requests = served.events.filter((event) => event.event === 'request');
    expect(requests.filter((event) => !event.sealed).map((event) => event.action)).toEqual([
      'logon',
      'logon',
    ]);
  });

  test('a result does not wait for its Terminate', async () => {
    const served = await serve(echo, { misbehave: once('Signal', 'tarpit') });
    const session = await open(served);

    const result = await session.read(readScript, {}, options, never);

    expect(result.ok).toBe(true);
    served.server.dropConnections();
  });

  test('a large script takes one Send for every further envelope', async () => {
    const served = await serve();
    const session = await open(served);
    const large: ReadScript = { ...readScript, text: '#'.repeat(1_000_000) };

    const result = await session.read(large, {}, options, never);

    expect(result.ok).toBe(true);
    expect(served.actions().filter((action) => action === 'Send')).toHaveLength(2);
  });

  test('a silent script is polled until it ends', async () => {
    const slow: ScriptEngine['run'] = async (_call, streams, signal) => {
      await systemTimers.sleep(milliseconds(450), signal);
      streams.output('late');
      return ok(undefined);
    };
    const served = await serve(slow);
    const session = await open(served, { operationTimeout: milliseconds(100) });

    const result = await session.read(readScript, {}, options, never);

    expect(unwrap(result).output).toEqual(['late']);
    const receives = served.events.filter((event) => event.event === 'request' && event.action === 'Receive');
    expect(
      receives.filter((event) => event.event === 'request' && event.status === 500).length,
    ).toBeGreaterThan(2);
  });
});

describe('a script', () => {
  test('gets its arguments as values, and a write its latest start as well', async () => {
    const session = await open(await serve());

    const read = await session.read(readScript, { name: 'x', on: true }, options, never);
    const write = await session.write(writeScript, {}, permit, writeOptions, never);

    expect(unwrap(read).output).toEqual(['{"Arguments":{"name":"x","on":true}}']);
    expect(unwrap(write).output).toEqual(['{"Arguments":{},"ValidUntil":"2026-11-23T21:00:00Z"}']);
  });

  test('gives output, errors, warnings and verbose texts apart', async () => {
    const session = await open(
      await serve(async (_call, streams) => {
        streams.warning('careful');
        streams.output(1);
        streams.error(thrown);
        streams.verbose('detail');
        streams.output({ kind: 'guid', text: '0533352d-95c5-4715-bf50-1f449ff1fc9b' });
        return ok(undefined);
      }),
    );

    const result = await session.read(readScript, {}, options, never);

    expect(unwrap(result)).toEqual({
      output: [1, '0533352d-95c5-4715-bf50-1f449ff1fc9b'],
      errors: [thrown],
      warnings: ['careful'],
      verbose: ['detail'],
    });
  });

  test('that throws fails with the error', async () => {
    const session = await open(await serve(async () => err(thrown)));

    const result = await session.read(readScript, {}, options, never);

    expect(result).toMatchObject({
      error: {
        code: 'script.failed',
        details: { script: 'get.ps1', host: 'web-01', reason: 'it broke', errorId: 'Broken,Get-Something' },
      },
    });
  });

  test('that the host finds too late is refused, and said to be', async () => {
    const session = await open(await serve(async () => err({ ...thrown, id: 'CountersignLate' })));

    const write = await session.write(writeScript, {}, permit, writeOptions, never);
    const read = await session.read(readScript, {}, options, never);

    expect(write).toMatchObject({
      error: { code: 'session.refused-late', details: { validUntil: '2026-11-23T21:00:00Z' } },
    });
    expect(read).toMatchObject({ error: { code: 'script.failed' } });
  });

  test('waits for the one before it in the same session', async () => {
    const running: string[] = [];
    const session = await open(
      await serve(async (_call, streams, signal) => {
        running.push('begins');
        await systemTimers.sleep(milliseconds(20), signal);
        running.push('ends');
        streams.output(running.join(' '));
        return ok(undefined);
      }),
    );

    const [first, second] = await Promise.all([
      session.read(readScript, {}, options, never),
      session.read(readScript, {}, options, never),
    ]);

    expect(unwrap(first).output).toEqual(['begins ends']);
    expect(unwrap(second).output).toEqual(['begins ends begins ends']);
  });

  test('tells what the server said of itself', async () => {
    const session = await open(await serve());

    expect(session.server).toEqual({ protocol: '2.3', powershell: '5.1.17763.1971' });
  });
});

describe('a permit', () => {
  test('must be a genuine one, for this very host', async () => {
    const session = await open(await serve());
    const forged = { host: 'web-01', intent: 'intent-1' } as unknown as typeof permit;
    const other = issueWritePermit('web-02', 'intent-1');

    await expect(session.write(writeScript, {}, forged, writeOptions, never)).rejects.toThrow(TypeError);
    await expect(session.write(writeScript, {}, other, writeOptions, never)).rejects.toThrow('web-02');
  });

  test('is no way around the kinds: read takes no script that writes', async () => {
    const served = await serve();
    const session = await open(served);
    const disguised = writeScript as unknown as ReadScript;

    await expect(session.read(disguised, {}, options, never)).rejects.toThrow(TypeError);
    expect(served.actions()).not.toContain('Command');
  });
});

describe('when the connection breaks', () => {
  test('a Receive whose answer is lost is asked for again, and nothing is lost', async () => {
    const served = await serve(echo, { misbehave: onceIn('Receive', 'lose-answer') });
    const session = await open(served);

    const result = await session.read(readScript, {}, options, never);

    expect(unwrap(result).output).toEqual(['{"Arguments":{}}']);
    expect(served.events.filter(({ event }) => event === 'connect')).toHaveLength(2);
  });

  test('a Command is never repeated, and the outcome of a write is unknown', async () => {
    for (const how of ['drop', 'lose-answer'] as const) {
      const served = await serve(echo, { misbehave: once('Command', how) });
      const session = await open(served);

      const result = await session.write(writeScript, {}, permit, writeOptions, never);

      expect(result).toMatchObject({
        error: { code: 'session.outcome-unknown', details: { because: 'net.reset' } },
      });
      expect(served.actions().filter((action) => action === 'Command')).toHaveLength(1);
    }
  });

  test('a pipeline that may run although its Command was lost is terminated', async () => {
    const served = await serve(endless, { misbehave: once('Command', 'lose-answer') });
    const session = await open(served);

    await session.write(writeScript, {}, permit, writeOptions, never);
    await session.close();

    expect(served.actions().slice(-2)).toEqual(['Signal', 'Delete']);
  });

  test('a read says what broke', async () => {
    const served = await serve(echo, { misbehave: once('Command', 'drop') });
    const session = await open(served);

    expect(await session.read(readScript, {}, options, never)).toMatchObject({
      error: { code: 'net.reset' },
    });
    expect(unwrap(await session.read(readScript, {}, options, never)).output).toHaveLength(1);
  });

  test('a gateway in the way proves nothing about a write, a service that is not ready does', async () => {
    const behindGateway = await open(await serve(echo, { misbehave: once('Command', 'bad-gateway') }));
    const notReady = await open(await serve(echo, { misbehave: once('Command', 'unavailable') }));

    expect(await behindGateway.write(writeScript, {}, permit, writeOptions, never)).toMatchObject({
      error: { code: 'session.outcome-unknown' },
    });
    expect(await notReady.write(writeScript, {}, permit, writeOptions, never)).toMatchObject({
      error: { code: 'http.status', details: { status: 503 } },
    });
  });

  test('an idle connection that the host closed is opened anew', async () => {
    const served = await serve();
    const session = await open(served);

    served.server.dropConnections();
    // Opening another session takes many turns of the event loop, in which the first one sees its socket close.
    await open(served);
    const result = await session.write(writeScript, {}, permit, writeOptions, never);

    expect(result.ok).toBe(true);
  });

  test('a restarted host has lost the shell, which is no unknown outcome', async () => {
    const served = await serve();
    const session = await open(served);

    await served.host.restart();

    const write = await session.write(writeScript, {}, permit, writeOptions, never);
    expect(write).toMatchObject({
      error: { code: 'wsman.shell-gone', details: { wsmanCode: 2_150_858_843 } },
    });
  });

  test('a host that restarts in the middle of a write leaves it unknown', async () => {
    const served = await serve(endless);
    const session = await open(served);

    const writing = session.write(writeScript, {}, permit, writeOptions, never);
    await expect.poll(() => served.actions().at(-1)).toBe('Command');
    await served.host.restart();

    expect(await writing).toMatchObject({ error: { code: 'session.outcome-unknown' } });
  });
});

describe('stopping', () => {
  test('a caller that gives up stops the script on the host, over a second connection, and can go on', async () => {
    let running: ScriptEngine['run'] = endless;
    const served = await serve((...call) => running(...call));
    const session = await open(served);
    const stop = new AbortController();

    const reading = session.read(readScript, {}, options, stop.signal);
    await expect.poll(() => served.actions().at(-1)).toBe('Command');
    stop.abort();
    const result = await reading;
    running = echo;
    const next = await session.read(readScript, {}, options, never);

    expect(result).toMatchObject({ error: { code: 'net.aborted' } });
    expect(next.ok).toBe(true);
    expect(served.events.filter(({ event }) => event === 'connect')).toHaveLength(2);
  });

  test('a write that is stopped half-way is unknown', async () => {
    const served = await serve(endless);
    const session = await open(served);
    const stop = new AbortController();

    const writing = session.write(writeScript, {}, permit, writeOptions, stop.signal);
    await expect.poll(() => served.actions().at(-1)).toBe('Command');
    stop.abort();

    expect(await writing).toMatchObject({
      error: { code: 'session.outcome-unknown', details: { because: 'net.aborted' } },
    });
  });

  test('a script that takes too long is stopped and said to be', async () => {
    const session = await open(await serve(endless));

    const result = await session.read(readScript, {}, { timeout: milliseconds(200) }, never);

    expect(result).toMatchObject({
      error: { code: 'script.timeout', details: { after: '200ms', started: true, stopped: true } },
    });
  });

  test('a host that does not even stop is given up soon', async () => {
    const stuck: Misbehave = ({ action }) =>
      action === 'Signal' || action === 'Delete' ? 'tarpit' : undefined;
    const served = await serve(endless, { misbehave: stuck });
    const factory = createSessionFactory({
      connector: systemConnector,
      timers: hurried,
      entropy: systemEntropy,
      now: () => systemClock.now(),
    });
    const session = unwrap(
      await factory.open(
        { ...served.target, connectTimeout: seconds(500), logonTimeout: seconds(500) },
        never,
      ),
    );

    const result = await session.read(readScript, {}, { timeout: seconds(10) }, never);
    await session.close();

    expect(result).toMatchObject({ error: { code: 'script.timeout', details: { stopped: false } } });
  });

  test('a session that was given up before it began sends nothing', async () => {
    const served = await serve();
    const session = await open(served);

    const result = await session.read(readScript, {}, options, AbortSignal.abort());

    expect(result).toMatchObject({ error: { code: 'net.aborted' } });
    expect(served.actions()).not.toContain('Command');
  });
});

describe('opening', () => {
  test('tells a wrong password from a host that is not there', async () => {
    const served = await serve();
    const denied = await sessions.open({ ...served.target, password: new Secret('wrong') }, never);
    await served.server.suspend();
    const refused = await sessions.open(served.target, never);

    expect(denied).toMatchObject({ error: { code: 'auth.denied' } });
    expect(refused).toMatchObject({ error: { code: 'net.refused' } });
  });

  test('deletes a shell whose pool does not open', async () => {
    const misbehave: Misbehave = ({ action }) => (action === 'Receive' ? 'unavailable' : undefined);
    const served = await serve(echo, { misbehave });

    const result = await sessions.open(served.target, never);

    expect(result).toMatchObject({ error: { code: 'http.status' } });
    expect(served.actions().at(-1)).toBe('Delete');
    expect(served.host.openShells).toBe(0);
  });

  test('asks once more for a shell whose creation was not confirmed, and takes the one that is there', async () => {
    const served = await serve(echo, { misbehave: once('Create', 'lose-answer') });

    const session = await open(served);
    const result = await session.read(readScript, {}, options, never);

    expect(result.ok).toBe(true);
    expect(served.host.openShells).toBe(1);
  });

  test('deletes a shell whose creation was never confirmed', async () => {
    const served = await serve(echo, { misbehave: first(2, 'Create', 'lose-answer') });

    const result = await sessions.open(served.target, never);

    expect(result).toMatchObject({ error: { code: 'net.reset' } });
    expect(served.host.openShells).toBe(0);
  });

  test('is told when the account has too many shells, once it was not waited for any longer', async () => {
    const served = await serve(echo, { maxShellsPerUser: 1 });
    await open(served);

    const second = await impatient.open(served.target, never);

    expect(second).toMatchObject({ error: { code: 'wsman.quota', details: { wsmanCode: 2_150_859_173 } } });
  });

  test('fails on an answer that is no WS-Management', async () => {
    const served = await serve(echo, {
      misbehave: ({ action }) => (action === 'Create' ? 'garbage' : undefined),
    });

    const result = await sessions.open(served.target, never);

    expect(result).toMatchObject({ error: { code: 'auth.unsealed' } });
  });

  test('can be given up while a host does not answer', async () => {
    const served = await serve(echo, { misbehave: once('logon', 'tarpit') });
    const stop = new AbortController();

    const opening = sessions.open(served.target, stop.signal);
    await expect.poll(() => served.events.length).toBeGreaterThan(0);
    stop.abort();

    expect(await opening).toMatchObject({ error: { code: 'net.aborted' } });
  });

  test('keeps to small envelopes with a host that is older than Windows 8', async () => {
    const old = await serveHost(engineBackends(echo, { psVersion: '2.0', protocolVersion: '2.1' }), {
      maxEnvelopeBytes: 153_600,
    });
    toClose.push(() => old.server.close());
    const session = await open(old);
    const large: ReadScript = { ...readScript, text: '#'.repeat(300_000) };

    const result = await session.read(large, {}, options, never);

    expect(session.server.protocol).toBe('2.1');
    expect(result.ok).toBe(true);
    expect(old.actions().filter((action) => action === 'Send')).toHaveLength(2);
  });
});

/** Waits for no room on a host. */
const impatient = createSessionFactory({
  ...{
    connector: systemConnector,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
  },
  patience: { quota: milliseconds(0) },
});

/** Real time, a hundred times as fast. */
const hurried: Timers = {
  monotonic: () => systemTimers.monotonic(),
  after: (delay, act) => systemTimers.after(milliseconds(delay / 100), act),
  sleep: (delay, signal) => systemTimers.sleep(milliseconds(delay / 100), signal),
};
