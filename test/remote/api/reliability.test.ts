import { afterEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { ok } from '../../../src/core/result.ts';
import { milliseconds, minutes, seconds } from '../../../src/core/time.ts';
import type { Duration } from '../../../src/core/time.ts';
import { faults } from '../../../src/lab/server/faults.ts';
import { first } from '../../../src/lab/server/misbehaviour.ts';
import type { Misbehave, Misbehaviour } from '../../../src/lab/server/misbehaviour.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { Timers } from '../../../src/ports/timers.ts';
import type { WinrmClient } from '../../../src/remote/api/winrm-client.ts';
import { clientOf, virtualHost } from '../../support/api-client.ts';
import { engineBackends, never, serveHost } from '../../support/winrm-host.ts';

type Run = ScriptEngine['run'];

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** Sleeps as long as the script says, in the host's time. */
const sleeper =
  (timers: () => Timers): Run =>
  async ({ script }, streams, signal) => {
    await timers().sleep(milliseconds(Number(script)), signal);
    streams.output('awake');
    return ok(undefined);
  };

const settled = <T>(work: Promise<T>): Promise<T | Failure> =>
  work.catch((reason: unknown) => {
    if (reason instanceof Failure) return reason;
    throw reason;
  });

function virtual(options: Partial<WinrmHostOptions> = {}): ReturnType<typeof virtualHost> {
  const host: ReturnType<typeof virtualHost> = virtualHost(
    engineBackends(sleeper(() => host.timers)),
    options,
  );
  return host;
}

describe('check 13: time', () => {
  test('a command that is silent for 30 minutes is polled until it ends', async () => {
    const host = virtual();
    const client = host.client();
    const pool = await open(host, client);

    const { value, at } = await host.timers.finish(settled(pool.invoke(String(minutes(30)))), minutes(40));

    expect(value).toMatchObject({ state: 'Completed', output: ['awake'] });
    expect(at).toBeGreaterThanOrEqual(minutes(30));
    expect(at).toBeLessThan(minutes(30) + seconds(5));
    expect(host.actions().filter((action) => action === 'Receive').length).toBeGreaterThanOrEqual(30);
  });

  test.each([
    ['total', { total: seconds(90) }],
    ['inactivity', { inactivity: seconds(90) }],
  ])(
    'the bound on %s fires within a second of its setting, and the pipeline is stopped',
    async (limit, timeouts) => {
      const host = virtual();
      const pool = await open(host, host.client());
      const begun = host.timers.monotonic();

      const { value, at } = await host.timers.finish(
        settled(pool.invoke(String(minutes(30)), { timeouts })),
        minutes(40),
      );

      expect(value).toMatchObject({
        code: 'pipeline.timeout',
        details: { limit, after: '1m30s', stopped: true },
      });
      expect(at - begun).toBeGreaterThanOrEqual(seconds(90));
      expect(at - begun).toBeLessThan(seconds(91));
    },
  );

  test('a bound fires in time also where the host does not answer any more', async () => {
    const hung: Misbehave = ({ action }) =>
      action === 'Receive' || action === 'Signal' ? 'tarpit' : undefined;
    let hangs = false;
    const host = virtual({ misbehave: (request) => (hangs ? hung(request) : undefined) });
    const pool = await open(host, host.client());
    hangs = true;
    const begun = host.timers.monotonic();

    const { value, at } = await host.timers.finish(
      settled(pool.invoke(String(minutes(30)), { timeouts: { total: seconds(10) } })),
      minutes(10),
    );

    expect(value).toMatchObject({ code: 'pipeline.timeout', details: { stopped: false } });
    expect((value as Failure).hint).toContain('did not say that it stopped');
    expect(at - begun).toBeLessThan(seconds(11));
  });

  test('output that keeps coming keeps the bound on inactivity from firing', async () => {
    const host: ReturnType<typeof virtualHost> = virtualHost(
      engineBackends(async (_call, streams, signal) => {
        for (let i = 0; i < 5; i += 1) {
          await host.timers.sleep(seconds(40), signal);
          streams.output(i);
        }
        return ok(undefined);
      }),
    );
    const pool = await open(host, host.client());

    const { value } = await host.timers.finish(
      settled(pool.invoke('slow', { timeouts: { inactivity: seconds(50) } })),
      minutes(10),
    );

    expect(value).toMatchObject({ state: 'Completed', output: [0, 1, 2, 3, 4] });
  });
});

async function open(
  host: ReturnType<typeof virtualHost>,
  client: WinrmClient,
): ReturnType<WinrmClient['openPool']> {
  const { value } = await host.timers.finish(client.openPool(), minutes(1));
  return value;
}

/** The answer to the first Receive after a Command is lost with its connection. */
function lostAnswerOfReceive(): (action: string) => Misbehaviour | undefined {
  let isNext = false;
  return (action) => {
    const isLost = isNext && action === 'Receive';
    isNext = action === 'Command' || (isNext && !isLost);
    return isLost ? 'lose-answer' : undefined;
  };
}

/** Lets the host's time pass until it has seen a request with this action. */
async function reach(host: ReturnType<typeof virtualHost>, action: string): Promise<void> {
  while (host.actions().at(-1) !== action) await host.timers.advance(milliseconds(10));
}

describe('check 20: a reboot under a running pipeline', () => {
  test('is waited out, and reported as what it is: the shell is gone, the outcome unknown', async () => {
    let isStarting = false;
    const host = virtual({
      misbehave: ({ action }) => {
        if (isStarting && action !== 'logon') return 'unavailable';
        return breaksAfterCommand(action);
      },
    });
    const breaksAfterCommand = lostAnswerOfReceive();
    const client = host.client();
    const pool = await open(host, client);
    const running = settled(pool.invoke(String(minutes(30))));
    await reach(host, 'Command');

    // Drops amid the Receive, refuses for 20 s, says 503 for 5 s, and knows no shell then.
    host.isDown = true;
    await host.host.restart();
    await host.timers.advance(seconds(20));
    [host.isDown, isStarting] = [false, true];
    await host.timers.advance(seconds(5));
    isStarting = false;
    const { value } = await host.timers.finish(running, minutes(2));

    expect(value).toMatchObject({
      code: 'pipeline.outcome-unknown',
      details: { host: 'web-01', because: 'wsman.shell-gone' },
      hint: expect.stringContaining('look at the host') as string,
    });
    expect(host.actions().filter((action) => action === 'Command')).toHaveLength(1);
  });

  test('the next pipeline gets a shell on the host that has come back', async () => {
    const host = virtual();
    const client = host.client();
    const pool = await open(host, client);
    host.isDown = true;
    await host.host.restart();
    host.isDown = false;

    const { value } = await host.timers.finish(settled(pool.invoke('5')), minutes(1));

    expect(value).toMatchObject({ state: 'Completed', output: ['awake'] });
  });

  test('a host that stays away is given up after the time that was set', async () => {
    const breaksAfterCommand = lostAnswerOfReceive();
    const host = virtual({ misbehave: ({ action }) => breaksAfterCommand(action) });
    const { value: pool } = await host.timers.finish(
      host.client().openPool({ reconnectFor: seconds(30) }),
      minutes(1),
    );
    const running = settled(pool.invoke(String(minutes(30))));
    await reach(host, 'Command');
    const begun = host.timers.monotonic();

    host.isDown = true;
    await host.host.restart();
    const { value, at } = await host.timers.finish(running, minutes(10));

    expect(value).toMatchObject({ code: 'pipeline.outcome-unknown' });
    expect(at - begun).toBeGreaterThan(seconds(29));
    expect(at - begun).toBeLessThan(seconds(40));
  });
});

describe('a connection that breaks under a running pipeline', () => {
  test('check 6: output that was taken for a lost answer comes with the next one, and exactly once', async () => {
    let lost = 0;
    let isBreaking = false;
    const served = await serveHost(
      engineBackends(async (_call, streams, signal) => {
        for (let i = 0; i < 20; i += 1) {
          streams.output(i);
          await systemTimers.sleep(milliseconds(20), signal);
        }
        return ok(undefined);
      }),
      {
        misbehave: ({ action }) => {
          if (action === 'Command') isBreaking = true;
          if (!isBreaking || action !== 'Receive') return undefined;
          lost += 1;
          return lost % 2 === 1 ? 'lose-answer' : undefined;
        },
      },
    );
    const client = clientOf(served);
    toClose.push(
      () => served.server.close(),
      () => client.close(),
    );
    const pool = await client.openPool();

    const { output } = await pool.invoke('count');

    expect(output).toEqual(Array.from({ length: 20 }, (_, i) => i));
    // At least one answer was lost, and its Receive repeated.
    expect(lost).toBeGreaterThanOrEqual(2);
  });

  test('a pool that the host has disconnected meanwhile is reconnected, and its output read on', async () => {
    let isGone = false;
    const served = await serveHost(
      engineBackends(async (_call, streams, signal) => {
        for (let i = 0; i < 3; i += 1) streams.output(i);
        await systemTimers.sleep(milliseconds(800), signal);
        for (let i = 3; i < 30; i += 1) streams.output(i);
        return ok(undefined);
      }),
      {
        limits: { vanishGrace: milliseconds(50) },
        misbehave: ({ action }) => (isGone && action === 'Receive' ? 'drop' : undefined),
      },
    );
    const client = clientOf(served);
    toClose.push(
      () => served.server.close(),
      () => client.close(),
    );
    const pool = await client.openPool();
    const pipeline = pool.start('count');

    const values: unknown[] = [];
    for await (const value of pipeline.output) {
      values.push(value);
      if (values.length !== 3) continue;
      // So that the next Receive waits on the host by then.
      await systemTimers.sleep(milliseconds(150), never);
      isGone = true;
      served.server.dropConnections();
      await systemTimers.sleep(milliseconds(400), never);
      isGone = false;
    }

    expect(values).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(served.actions()).toContain('Reconnect');
    expect(served.actions().filter((action) => action === 'Command')).toHaveLength(1);
  });
});

describe('check 17: many pipelines in one pool', () => {
  test('2000 one after another meet no quota, since each is terminated, and take no memory', async () => {
    const served = await serveHost(
      engineBackends(async ({ script }, streams) => {
        streams.output(script);
        return ok(undefined);
      }),
      { limits: { maxCommandsPerShell: 25, maxOperationsPerUser: 25 } },
    );
    const client = clientOf(served);
    toClose.push(
      () => served.server.close(),
      () => client.close(),
    );
    const pool = await client.openPool();
    const run = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i += 1) await pool.invoke(`$x = ${i}`);
    };

    await run(500);
    const before = process.memoryUsage().heapUsed;
    await run(1500);
    const growth = process.memoryUsage().heapUsed - before;
    const actions = served.actions();

    expect(actions.filter((action) => action === 'Command')).toHaveLength(2000);
    expect(actions.filter((action) => action === 'Signal').length).toBeGreaterThan(1970);
    expect(growth).toBeLessThan(60_000_000);
  });
});

describe('check 21: a pool that is left on the host', () => {
  const counting: Run = async (_call, streams, signal) => {
    for (let i = 0; i < 10; i += 1) {
      streams.output(i);
      await systemTimers.sleep(milliseconds(20), signal);
    }
    return ok(undefined);
  };
  const serve = async (misbehave?: Misbehave): Promise<Awaited<ReturnType<typeof serveHost>>> => {
    const served = await serveHost(engineBackends(counting), misbehave && { misbehave });
    toClose.push(() => served.server.close());
    return served;
  };

  test('is collected by another client, every record exactly once', async () => {
    const served = await serve();
    const owner = clientOf(served);
    const left = await owner.openPool({ name: 'nightly' });
    const pipeline = left.start('count');
    const reader = pipeline.output;
    const fetched = [(await reader.next()).value];
    await left.disconnect({ idleTimeout: minutes(5) });
    expect(await left.isAlive()).toBe(false);
    await owner.close();
    await expect(collect(reader, fetched)).rejects.toThrow(Failure);
    expect(served.host.openShells).toBe(1);

    const second = clientOf(served);
    toClose.push(() => second.close());
    const [shell] = await second.shells();
    const [command] = await second.commands(shell?.shellId ?? '');
    const pool = await second.connectPool(shell?.shellId ?? '');
    const result = await pool.connectPipeline(command?.commandId ?? '').result;
    await pool.close();

    expect(shell).toMatchObject({ name: 'nightly', state: 'Disconnected' });
    expect(result.state).toBe('Completed');
    expect([...fetched, ...result.output]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(result.output.length).toBeGreaterThan(0);
    expect(served.host.openShells).toBe(0);
  });

  test('goes on under its own client after a reconnect', async () => {
    const served = await serve();
    const client = clientOf(served);
    toClose.push(() => client.close());
    const pool = await client.openPool();
    const pipeline = pool.start('count');
    const result = pipeline.result;
    await expect.poll(() => served.actions().at(-1)).toBe('Receive');

    await pool.disconnect();
    expect(pool.state).toBe('disconnected');
    await pool.reconnect();

    expect(await result).toMatchObject({ output: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
    expect(pool.state).toBe('opened');
    expect(await pool.isAlive()).toBe(true);
  });

  test('takes along what was started just before, and begins later what is started meanwhile', async () => {
    const served = await serve();
    const client = clientOf(served);
    toClose.push(() => client.close());
    const pool = await client.openPool({ maxRunspaces: 2 });
    const before = pool.start('count');
    await pool.disconnect();
    const meanwhile = pool.start('count');
    const actions = served.actions();
    await pool.reconnect();

    const results = [await before.result, await meanwhile.result];

    expect(actions.filter((action) => action === 'Command')).toHaveLength(1);
    expect(actions.lastIndexOf('Command')).toBeLessThan(actions.indexOf('Disconnect'));
    expect(results.map(({ output }) => output.length)).toEqual([10, 10]);
  });

  test('is left at once where its pipeline does not begin and nobody wants to wait', async () => {
    const served = await serve(first(1, 'Command', 'tarpit'));
    const client = clientOf(served);
    toClose.push(() => client.close());
    const pool = await client.openPool();
    const pipeline = pool.start('count');
    pipeline.result.catch(() => undefined);

    await expect(pool.disconnect({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: 'net.aborted',
    });
    await pipeline.stop();
  });

  test('that the host disconnected by itself is reconnected for the next pipeline', async () => {
    const refused = { kind: 'fault', fault: faults.shellDisconnected } as const;
    const served = await serve(first(1, 'Command', refused));
    const client = clientOf(served);
    toClose.push(() => client.close());
    const pool = await client.openPool();

    const { output } = await pool.invoke('count');

    expect(output).toHaveLength(10);
    expect(served.actions().filter((action) => action === 'Reconnect')).toHaveLength(1);
  });

  test('is found by its name and deleted, by anybody who may see it', async () => {
    const served = await serve();
    const owner = clientOf(served);
    const left = await owner.openPool({ name: 'forgotten' });
    await left.disconnect();
    await owner.close();

    const reaper = clientOf(served);
    toClose.push(() => reaper.close());
    for (const { name, shellId } of await reaper.shells()) {
      if (name === 'forgotten') await reaper.deleteShell(shellId);
    }
    await reaper.deleteShell(left.id);

    expect(await reaper.shells()).toEqual([]);
    expect(served.host.openShells).toBe(0);
  });

  test('is not alive once it was deleted', async () => {
    const served = await serve();
    const client = clientOf(served);
    toClose.push(() => client.close());
    const pool = await client.openPool();

    await client.deleteShell(pool.id);

    expect(await pool.isAlive()).toBe(false);
  });
});

async function collect(values: AsyncIterable<unknown>, into: unknown[]): Promise<void> {
  for await (const value of values) into.push(value);
}

describe('check 25: a client that crashes', () => {
  test('leaves a shell that frees itself', async () => {
    const host = virtual();
    const { value: pool } = await host.timers.finish(
      host.client().openPool({ idleTimeout: minutes(2) }),
      minutes(1),
    );
    expect(pool.state).toBe('opened');

    await host.timers.advance((minutes(2) + seconds(1)) as Duration);

    expect(host.host.openShells).toBe(0);
  });
});
