import { afterEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { err, ok } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { milliseconds } from '../../../src/core/time.ts';
import { first } from '../../../src/lab/server/misbehaviour.ts';
import type { Misbehave } from '../../../src/lab/server/misbehaviour.ts';
import { psrpBackends } from '../../../src/lab/server/psrp-backend.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { WinrmClientOptions } from '../../../src/remote/api/client-options.ts';
import type { PipelineRecord } from '../../../src/remote/api/pipeline-output.ts';
import type { RemotePool } from '../../../src/remote/api/pool.ts';
import { toPlain } from '../../../src/remote/api/plain-value.ts';
import type { WinrmClient } from '../../../src/remote/api/winrm-client.ts';
import { clientOf } from '../../support/api-client.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

type Run = ScriptEngine['run'];

const echo: Run = async ({ script }, streams) => {
  streams.output(script);
  return ok(undefined);
};

/** Never ends by itself. */
const endless: Run = (_call, _streams, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(ok(undefined)));
  });

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Site {
  readonly served: ServedHost;
  readonly client: WinrmClient;
}

async function site(
  run: Run = echo,
  hostOptions: Partial<WinrmHostOptions> = {},
  options: Partial<WinrmClientOptions> = {},
): Promise<Site> {
  const served = await serveHost(engineBackends(run), hostOptions);
  const client = clientOf(served, options);
  toClose.push(
    () => served.server.close(),
    () => client.close(),
  );
  return { served, client };
}

const since = (served: ServedHost): (() => readonly string[]) => {
  const before = served.actions().length;
  return () => served.actions().slice(before);
};

const rejection = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => {
      throw new Error('it was expected to fail');
    },
    (reason: unknown) => {
      if (reason instanceof Failure) return reason;
      throw reason;
    },
  );

describe('check 24: round trips', () => {
  test('a first script costs a logon, Create, Receive, Command and Receive; its Delete comes afterwards', async () => {
    const { served, client } = await site();

    const { output } = await client.invoke('first');
    const untilResult = served.actions();
    await client.close();

    expect(output).toEqual(['first']);
    expect(untilResult.filter((action) => action !== 'Delete')).toEqual([
      ...['logon', 'logon', 'Create', 'Receive', 'Command', 'Receive'],
    ]);
    expect(served.actions().at(-1)).toBe('Delete');
    expect(served.events.filter(({ event }) => event === 'connect')).toHaveLength(1);
  });

  test('a script in a warm pool costs Command and Receive, and nothing between', async () => {
    const { served, client } = await site();
    const pool = await client.openPool();
    const actions = since(served);

    for (let i = 0; i < 5; i += 1) await pool.invoke('again');

    expect(actions()).toEqual(Array.from({ length: 5 }, () => ['Command', 'Receive']).flat());
  });

  test('pools of one client share its connection', async () => {
    const { served, client } = await site();

    const one = await client.openPool();
    const two = await client.openPool();
    await one.invoke('a');
    await two.invoke('b');

    expect(served.actions().filter((action) => action === 'logon')).toHaveLength(2);
  });

  test('known input travels with one Send before the first Receive', async () => {
    const { served, client } = await site(async ({ input = [] }, streams) => {
      streams.output(input.length);
      return ok(undefined);
    });
    const pool = await client.openPool();
    const actions = since(served);

    const { output } = await pool.invoke('$input', { input: [1, 'two', { three: 3 }, [4]] });

    expect(output).toEqual([4]);
    expect(actions()).toEqual(['Command', 'Send', 'Receive']);
  });
});

describe('a pool with several runspaces', () => {
  test('runs as many pipelines at once as it has runspaces, and the others after them', async () => {
    let running = 0;
    let most = 0;
    const { client } = await site(async ({ script }, streams, signal) => {
      running += 1;
      most = Math.max(most, running);
      await systemTimers.sleep(milliseconds(80), signal);
      running -= 1;
      streams.output(script);
      return ok(undefined);
    });
    const pool = await client.openPool({ maxRunspaces: 3 });

    const results = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => pool.invoke(name)));

    expect(results.map(({ output }) => output)).toEqual([['a'], ['b'], ['c'], ['d'], ['e'], ['f']]);
    expect(most).toBe(3);
  });

  test('lets one that waits for its turn be given up, and never sends it', async () => {
    const { served, client } = await site(endless);
    const pool = await client.openPool();
    const running = pool.start('runs');
    await expect.poll(() => served.actions().includes('Command')).toBe(true);
    const stop = new AbortController();

    const waiting = rejection(pool.invoke('waits', { signal: stop.signal }));
    stop.abort();

    expect(await waiting).toMatchObject({ code: 'net.aborted', details: { sent: false } });
    await running.stop();
    expect(served.actions().filter((action) => action === 'Command')).toHaveLength(1);
  });

  test('tells how many are free, and takes new bounds', async () => {
    const { client } = await site();
    const pool = await client.openPool({ maxRunspaces: 2 });

    const before = await pool.getAvailableRunspaces();
    await pool.setMaxRunspaces(5);
    await pool.setMinRunspaces(2);
    const refused = await rejection(pool.setMinRunspaces(9));

    expect(before).toBe(2);
    expect(await pool.getAvailableRunspaces()).toBe(5);
    expect([pool.minRunspaces, pool.maxRunspaces]).toEqual([2, 5]);
    expect(refused).toMatchObject({ code: 'pool.request-refused', details: { count: 9 } });
    expect(await pool.resetRunspaceState()).toBe(true);
  });
});

describe('reading a pipeline', () => {
  const streams: Run = async (_call, out) => {
    out.output(1);
    out.warning('careful');
    out.output(2);
    out.error({
      message: 'odd',
      id: 'Odd,Get-It',
      category: 'InvalidData',
      exceptionType: 'System.Exception',
      position: '',
    });
    out.verbose('detail');
    out.output(3);
    return ok(undefined);
  };

  test('check 14: gives every record in the order in which the host wrote them', async () => {
    const { client } = await site(streams);
    const pool = await client.openPool();

    const records: PipelineRecord[] = [];
    for await (const record of pool.start('x')) records.push(record);

    expect(records).toMatchObject([
      { stream: 'output', value: 1 },
      { stream: 'warning', message: 'careful' },
      { stream: 'output', value: 2 },
      {
        stream: 'error',
        error: { message: 'odd', fullyQualifiedErrorId: 'Odd,Get-It', category: 'InvalidData' },
      },
      { stream: 'verbose', message: 'detail' },
      { stream: 'output', value: 3 },
    ]);
  });

  test('gives the output alone, and keeps the rest for the result', async () => {
    const { client } = await site(streams);
    const pipeline = (await client.openPool()).start('x');

    const values: unknown[] = [];
    for await (const value of pipeline.output) values.push(value);
    const result = await pipeline.result;

    expect(values).toEqual([1, 2, 3]);
    expect(result).toMatchObject({
      ...{ state: 'Completed', hadErrors: true, output: [], warnings: ['careful'], verbose: ['detail'] },
      errors: [{ message: 'odd' }],
    });
  });

  test('says how a script failed, and what it had written before', async () => {
    const { client } = await site(async (_call, out) => {
      out.output('before');
      return err({
        message: 'it broke',
        id: 'Broken',
        category: 'OperationStopped',
        exceptionType: 'System.Exception',
        position: '',
      });
    });

    const result = await client.invoke('throw');

    expect(result).toMatchObject({
      ...{ state: 'Failed', hadErrors: true, output: ['before'], exitCode: undefined },
      reason: { message: 'it broke', fullyQualifiedErrorId: 'Broken', category: 'OperationStopped' },
    });
  });

  test('leaving the loop early stops the pipeline, and the pool goes on', async () => {
    let stopped = false;
    const { client } = await site(async ({ script }, out, signal) => {
      if (script === 'next') return ok(undefined);
      signal.addEventListener('abort', () => (stopped = true));
      for (let i = 0; !signal.aborted; i += 1) {
        out.output(i);
        await systemTimers.sleep(milliseconds(5), signal);
      }
      return ok(undefined);
    });
    const pool = await client.openPool();

    for await (const value of pool.start('count').output) if (value === 3) break;

    expect((await pool.invoke('next')).state).toBe('Completed');
    expect(stopped).toBe(true);
  });

  test('input comes from a loop that writes while the pipeline runs', async () => {
    const { client } = await site(async ({ input = [] }, out) => {
      for (const value of input) out.output(value);
      return ok(undefined);
    });
    const pipeline = (await client.openPool()).start('$input', { input: true });

    for (const word of ['one', 'two', 'three']) await pipeline.write(word);
    await pipeline.endInput();

    expect((await pipeline.result).output).toEqual(['one', 'two', 'three']);
  });

  test('an input that breaks stops the pipeline, and its error reaches the caller', async () => {
    const { client } = await site();
    const pool = await client.openPool();
    async function* broken(): AsyncGenerator<number, void, undefined> {
      yield 1;
      await Promise.resolve();
      throw new RangeError('no more');
    }

    await expect(pool.invoke('$input', { input: broken() })).rejects.toThrow(RangeError);
    expect((await pool.invoke('next')).output).toEqual(['next']);
  });

  test('a cap on the output is said, not kept quiet', async () => {
    const { client } = await site(async (_call, out) => {
      for (let i = 0; i < 100; i += 1) out.output('x'.repeat(10_000));
      return ok(undefined);
    });
    const pool = await client.openPool();

    const refused = await rejection(pool.invoke('much', { maxOutputBytes: 100_000 }));

    expect(refused).toMatchObject({ code: 'pipeline.output-limit', details: { maxBytes: 100_000 } });
  });
});

describe('check 11: large scripts', () => {
  test('one of 1 MB travels in several envelopes', async () => {
    const { served, client } = await site(async ({ script }, out) => {
      out.output(script.length);
      return ok(undefined);
    });
    const pool = await client.openPool();
    const actions = since(served);

    const { output } = await pool.invoke('#'.repeat(1_000_000));

    expect(output).toEqual([1_000_000]);
    expect(actions()).toEqual(['Command', 'Send', 'Send', 'Receive']);
  });

  test('an object beyond what servers take fails before anything is sent', async () => {
    const { served, client } = await site();
    const pool = await client.openPool();
    const actions = since(served);

    const refused = await rejection(pool.invoke('param($x)', { parameters: { x: 'x'.repeat(11_000_000) } }));

    expect(refused).toMatchObject({ code: 'psrp.object-too-large' });
    expect(actions()).toEqual([]);
  });
});

describe('check 12: a slow reader', () => {
  test('is not overrun: nothing is asked for while it reads, and nothing is lost', async () => {
    let written = 0;
    const { served, client } = await site(async (_call, out, signal) => {
      for (let i = 0; i < 1000 && !signal.aborted; i += 1) {
        out.output('x'.repeat(20_000));
        written += 1;
        await out.drained();
      }
      return ok(undefined);
    });
    const pipeline = (await client.openPool()).start('much');

    const reader = pipeline.output;
    await reader.next();
    await expect.poll(() => settledCount(served)).toBe(true);
    const whilePaused = written;
    let read = 1;
    for await (const value of reader) read += value === 'x'.repeat(20_000) ? 1 : 0;

    // What the host itself keeps, 8 MiB, and a little more than one envelope here.
    expect(whilePaused).toBeLessThan(600);
    expect(read).toBe(1000);
  });
});

/** Whether the host has seen nothing new for a while. */
async function settledCount(served: ServedHost): Promise<boolean> {
  const before = served.actions().length;
  await systemTimers.sleep(milliseconds(150), new AbortController().signal);
  return served.actions().length === before;
}

describe('check 16: stopping', () => {
  test('a signal stops the pipeline on the host, and the pool can be used again', async () => {
    const { served, client } = await site(async (call, out, signal) =>
      call.script === 'next' ? echo(call, out, signal) : endless(call, out, signal),
    );
    const pool = await client.openPool();
    const stop = new AbortController();

    const running = rejection(pool.invoke('runs', { signal: stop.signal }));
    await expect.poll(() => served.actions().at(-1)).toBe('Command');
    stop.abort();

    expect(await running).toMatchObject({ code: 'net.aborted', details: { stopped: true } });
    expect((await pool.invoke('next')).output).toEqual(['next']);
  });

  test('stop() ends it as Stopped', async () => {
    const { served, client } = await site(endless);
    const pipeline = (await client.openPool()).start('runs');
    await expect.poll(() => served.actions().at(-1)).toBe('Command');

    await pipeline.stop();

    expect(await pipeline.result).toMatchObject({ state: 'Stopped', hadErrors: false });
  });

  test('a second stop terminates what does not stop, and the third deletes the shell', async () => {
    const hung: Misbehave = ({ action }) => (action === 'Signal' ? 'tarpit' : undefined);
    const { served, client } = await site(endless, { misbehave: hung });
    const pool = await client.openPool();
    const pipeline = pool.start('runs');
    await expect.poll(() => served.actions().at(-1)).toBe('Command');

    void pipeline.stop();
    await expect.poll(() => served.events.filter(({ event }) => event === 'connect').length).toBe(2);
    void pipeline.stop();
    await pipeline.stop();

    expect(await rejection(pipeline.result)).toMatchObject({ code: 'net.aborted' });
    await expect.poll(() => served.host.openShells).toBe(0);
    expect(pool.state).toBe('broken');
  });
});

describe('check 19: a shell that is gone', () => {
  test('is replaced once, where nothing was under way', async () => {
    const { served, client } = await site();
    const pool = await client.openPool();
    const { id } = pool;
    await served.host.restart();

    const { output } = await pool.invoke('again');

    expect(output).toEqual(['again']);
    expect(pool.id).not.toBe(id);
    expect(served.host.openShells).toBe(1);
  });

  test('is not replaced while a command was under way, whose outcome is unknown', async () => {
    const { served, client } = await site(endless);
    const pool = await client.openPool({ maxRunspaces: 2 });
    const running = rejection(pool.invoke('runs'));
    await expect.poll(() => served.actions().at(-1)).toBe('Command');

    await served.host.restart();

    expect(await running).toMatchObject({
      code: 'pipeline.outcome-unknown',
      details: { host: 'web-01' },
    });
    expect(served.actions().filter((action) => action === 'Create')).toHaveLength(1);
  });

  test('is only reported where the caller wants no new one', async () => {
    const { served, client } = await site();
    const pool = await client.openPool({ renew: false });
    await served.host.restart();

    expect(await rejection(pool.invoke('again'))).toMatchObject({ code: 'wsman.shell-gone' });
  });

  test('check 6: a Command whose answer is lost is not repeated, and its outcome is unknown', async () => {
    const { served, client } = await site(echo, { misbehave: first(1, 'Command', 'lose-answer') });
    const pool = await client.openPool();

    const unknown = await rejection(pool.invoke('once'));

    expect(unknown).toMatchObject({ code: 'pipeline.outcome-unknown', details: { because: 'net.reset' } });
    expect(served.actions().filter((action) => action === 'Command')).toHaveLength(1);
  });
});

describe('check 22: an endpoint without a language', () => {
  async function jea(): Promise<Site> {
    const backends = psrpBackends(
      { run: echo },
      {
        ...{ psVersion: '5.1.17763.1971', protocolVersion: '2.3', maxFragmentBytes: 32_768 },
        noLanguage: { allowedCommands: ['Get-Service'] },
      },
    );
    const { served, client } = await site(
      echo,
      { configurations: { JEARole: backends }, isAdministrator: () => false },
      { configuration: 'JEARole' },
    );
    return { served, client };
  }

  test('runs a command with parameters, and needs no look at the settings of the service', async () => {
    const { served, client } = await jea();
    const pool = await client.openPool();

    const { state, output } = await pool.command('Get-Service', { Name: 'spooler' });

    expect(state).toBe('Completed');
    expect(output).toHaveLength(1);
    expect(served.actions()).not.toContain('Get');
    expect(await rejection(client.config())).toMatchObject({ code: 'wsman.access-denied' });
  });

  test('refuses a script, and the failure says what to call instead', async () => {
    const { client } = await jea();

    const refused = await rejection(client.invoke('Get-Service spooler'));

    expect(refused.code).toBe('pipeline.scripts-not-allowed');
    expect(refused.message).toContain('JEARole');
    expect(refused.hint).toContain('pool.command(');
  });
});

describe('check 25: what is left behind', () => {
  test('closing a client leaves no shell, whatever still ran', async () => {
    const { served, client } = await site(endless);
    const pool = await client.openPool({ maxRunspaces: 2 });
    await client.openPool();
    const running = [pool.start('a').result, pool.start('b').result].map(rejection);
    await expect.poll(() => served.actions().filter((action) => action === 'Command')).toHaveLength(2);

    await client.close();

    expect(served.host.openShells).toBe(0);
    for (const failed of running) expect(await failed).toMatchObject({ code: 'pipeline.outcome-unknown' });
  });

  test('no failure shows a password or a secret argument', async () => {
    const { client, served } = await site();
    const wrong = clientOf(served, { password: new Secret('wr0ng-g3heim') });
    const denied = await rejection(wrong.invoke('x'));
    const tooLarge = await rejection(
      client.invoke('x', { parameters: { a: `t0p-g3heim${'x'.repeat(11_000_000)}` } }),
    );
    await wrong.close();

    for (const shown of [denied, tooLarge]) {
      const everything = `${String(shown)} ${JSON.stringify(shown)} ${shown.stack ?? ''} ${String(shown.hint)}`;
      expect(everything).not.toContain('g3heim');
      expect(everything).not.toContain('Pä$$wörd');
    }
  });
});

describe('secrets', () => {
  test('get a key by themselves, once for a pool', async () => {
    const backends = psrpBackends(
      {
        run: async ({ parameters }, out) => {
          out.output(Object.keys(parameters).join());
          return ok(undefined);
        },
      },
      {
        ...{ psVersion: '5.1.17763.1971', protocolVersion: '2.3', maxFragmentBytes: 32_768 },
        entropy: systemEntropy,
      },
    );
    const served = await serveHost(backends);
    const client = clientOf(served);
    toClose.push(
      () => served.server.close(),
      () => client.close(),
    );
    const pool = await client.openPool();
    const actions = since(served);

    await pool.invoke('param($p)', { parameters: { p: new Secret('geheim') } });
    await pool.invoke('param($p)', { parameters: { p: new Secret('geheim') } });

    expect(actions()).toEqual(['Send', 'Receive', 'Command', 'Receive', 'Command', 'Receive']);
  });

  test('fail in time where the host sends no key', async () => {
    const { client } = await site();
    const pool = await client.openPool();

    const late = await rejection(pool.exchangeKeys({ timeout: milliseconds(200) }));

    expect(late).toMatchObject({ code: 'pool.key-timeout', details: { after: '200ms' } });
  });
});

test('output can be had as the CLIXML that came', async () => {
  const { client } = await site(async (_call, out) => {
    out.output('é');
    out.output(7);
    out.warning('read as ever');
    return ok(undefined);
  });

  const result = await client.invoke('x', { rawOutput: true });

  expect(result.output).toEqual(['<S>é</S>', '<I32>7</I32>']);
  expect(result.warnings).toEqual(['read as ever']);
});

describe('a pool whose shell was deleted by a third stop', () => {
  const hungSignals: Misbehave = ({ action }) => (action === 'Signal' ? 'tarpit' : undefined);
  const some: Run = (call, out, signal) =>
    call.script === 'next' ? echo(call, out, signal) : endless(call, out, signal);
  async function broken(renew: boolean): Promise<RemotePool> {
    const { served, client } = await site(some, { misbehave: hungSignals });
    const pool = await client.openPool({ renew });
    const pipeline = pool.start('runs');
    await expect.poll(() => pipeline.commandId).toBeDefined();
    for (let i = 0; i < 3; i += 1) void pipeline.stop();
    await expect.poll(() => served.host.openShells).toBe(0);
    await pipeline.stop();
    return pool;
  }

  test('gets a new one with the next pipeline', async () => {
    const pool = await broken(true);

    expect((await pool.invoke('next')).output).toEqual(['next']);
    expect(pool.state).toBe('opened');
  });

  test('refuses the next pipeline where the caller wants no new one', async () => {
    const pool = await broken(false);

    expect(await rejection(pool.invoke('next'))).toMatchObject({
      code: 'psrp.pool-broken',
      details: { sent: false },
    });
  });
});

describe('what the server says', () => {
  test('is known once the pool is open', async () => {
    const { client } = await site();
    const pool = await client.openPool();

    expect(pool.server).toMatchObject({
      ...{ protocol: '2.3', powershell: '5.1.17763.1971' },
      versionTable: { PSVersion: '5.1.17763.1971', PSEdition: 'Desktop' },
    });
    expect(pool.state).toBe('opened');
    expect(await pool.isAlive()).toBe(true);
    await pool.close();
    expect(pool.state).toBe('closed');
  });

  test('plain values go out typed and come back plain', async () => {
    const { client } = await site(async ({ parameters }, out) => {
      out.output(JSON.stringify(parameters));
      return ok(undefined);
    });

    const { output } = await client.invoke('param($v)', { parameters: { v: { a: [1, 'b', null] } } });

    expect(output.map(toPlain)).toEqual(['{"v":{"a":[1,"b",null]}}']);
  });
});
