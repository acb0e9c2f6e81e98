import { describe, expect, test } from 'vitest';
import { limiter } from '../../src/core/limiter.ts';
import { unwrap } from '../../src/core/result.ts';
import { milliseconds, minutes, seconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import type { HttpHandler } from '../../src/ports/http-listener.ts';
import { ConnectionLimits } from '../../src/remote/connection-limits.ts';
import { openHostLink } from '../../src/remote/open-host-link.ts';
import { commandStarted } from '../../src/wire/wsman/command.ts';
import { received } from '../../src/wire/wsman/receive.ts';
import { signalCodes, signalled } from '../../src/wire/wsman/signal.ts';
import { MemoryNetwork } from '../support/memory-network.ts';
import { ScriptedWsman } from '../support/scripted-wsman.ts';
import { loopbackTarget } from '../support/target.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';
import { never } from '../support/winrm-host.ts';

const shell = { resourceUri: 'urn:shell', shellId: 'S' };
const commandId = 'C';
/** What a script takes on a host that is well. */
const scriptTime = seconds(2);

/** A host whose scripts take their time; what it is asked beside them it answers at once. */
class WellHost implements HttpHandler {
  readonly #wsman = new ScriptedWsman(({ action }) => {
    if (action === 'Command') return { message: commandStarted(commandId) };
    if (action === 'Signal') return { message: signalled() };
    return { message: received(commandId, { streams: [], state: 'done', exitCode: 0 }) };
  });
  readonly #timers: VirtualTimers;

  constructor(timers: VirtualTimers) {
    this.#timers = timers;
  }

  connected(connection: number): void {
    this.#wsman.connected(connection);
  }

  disconnected(connection: number): void {
    this.#wsman.disconnected(connection);
  }

  async request(request: Parameters<HttpHandler['request']>[0]): ReturnType<HttpHandler['request']> {
    const answer = await this.#wsman.request(request);
    if (this.#wsman.actions.at(-1) === 'Receive') await this.#timers.sleep(scriptTime, request.signal);
    return answer;
  }
}

/** Accepts, and never answers. */
const tarpit = (): HttpHandler => new ScriptedWsman(() => 'silence');

interface Night {
  readonly network: MemoryNetwork;
  /** When each host was through, or given up. */
  readonly ends: ReadonlyMap<string, Duration>;
  readonly done: number;
  readonly limits: ConnectionLimits;
}

/** Five scripts on each of 200 hosts, one after another: 10 dead, 10 tarpits. */
async function night(options: { maxConnections: number; atOnce: number }): Promise<Night> {
  const timers = new VirtualTimers();
  const names = Array.from({ length: 200 }, (_, index) => `host-${String(index)}`);
  const handlers = names.map((name, index) => {
    if (index % 20 === 0) return undefined;
    return [name, index % 20 === 1 ? tarpit() : new WellHost(timers)] as const;
  });
  const network = new MemoryNetwork(timers, new Map(handlers.filter((entry) => entry !== undefined)));
  const limits = new ConnectionLimits({ maxConnections: options.maxConnections });
  const ends = new Map<string, Duration>();
  let done = 0;
  const run = limiter(names, options.atOnce, async (address) => {
    const target = loopbackTarget(5986, {
      ...{ host: address, address, scheme: 'https', auth: 'basic' },
      ...{ connectTimeout: seconds(5), operationTimeout: seconds(20) },
    });
    const link = openHostLink({
      ...{ connector: network, timers, limits, target },
      ...{ entropy: systemEntropy, now: () => systemClock.now() },
    });
    for (let script = 0; script < 5; script += 1) {
      const { wsman, release } = unwrap(await link.lease(never));
      const started = await wsman.command(shell, { commandId, fragments: new Uint8Array(1) }, never);
      const ended = started.ok
        ? await wsman.receive(shell, { streams: 'stdout', commandId }, never)
        : started;
      release();
      if (!ended.ok) break;
      await link.control.signal(shell, { commandId, code: signalCodes.terminate }, never);
      done += 1;
    }
    ends.set(address, milliseconds(timers.monotonic()));
    link.close();
  });
  await timers.finish(run, minutes(60));
  return { network, ends, done, limits };
}

const isWell = (name: string): boolean => Number(name.slice(5)) % 20 > 1;

describe('check 23: 200 hosts × 5 scripts, a tenth of them dead or tarpits', () => {
  test('all at once: those that are well take their own time, whatever the others do', async () => {
    const { network, ends, done, limits } = await night({ maxConnections: 1000, atOnce: 200 });

    const well = [...ends].filter(([name]) => isWell(name)).map(([, end]) => end);
    expect(done).toBe(180 * 5);
    expect(Math.max(...well)).toBe(5 * scriptTime);
    // One connection each: what is said beside a script goes over it, too, once it is idle.
    expect(network.peak).toBe(190);
    expect([network.open, limits.open]).toEqual([0, 0]);
  });

  test('with few connections: they are bounded, nobody starves, and a tarpit costs its own timeout only', async () => {
    const maxConnections = 40;
    const { network, ends, done } = await night({ maxConnections, atOnce: 200 });

    expect(done).toBe(180 * 5);
    expect(network.peak).toBeLessThanOrEqual(maxConnections + 1);
    // Twenty that hang take 30 s of their connection each; the rest have at least half of all.
    expect(Math.max(...ends.values())).toBeLessThan((900 / 20) * scriptTime + seconds(60));
  });
});
