import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../src/core/result.ts';
import { formatDuration, minutes, seconds } from '../../src/core/time.ts';
import type { Duration } from '../../src/core/time.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import type { Entropy } from '../../src/ports/entropy.ts';
import type { Waiting } from '../../src/remote/waiting.ts';
import { commandStarted } from '../../src/wire/wsman/command.ts';
import { shellDeleted } from '../../src/wire/wsman/delete.ts';
import { faultCodes } from '../../src/wire/wsman/fault-codes.ts';
import type { WsmanFault } from '../../src/wire/wsman/fault.ts';
import { engineBackends, never, serveHost } from '../support/winrm-host.ts';
import type { Reply } from '../support/scripted-wsman.ts';
import { wireHost } from '../support/wired-host.ts';
import type { Script, WiredHost, WiredOptions } from '../support/wired-host.ts';

const shell = { resourceUri: 'urn:shell', shellId: 'S' };
const pipeline = { commandId: 'C', fragments: new Uint8Array(3) };
const full = (code: number | undefined, subcode = 'QuotaLimit'): Reply => ({
  fault: { code, subcode, side: 'sender', reason: 'too many' } satisfies WsmanFault,
});
const started: Reply = { message: commandStarted('C') };

/** Waits as long as it may, so that times are exact. */
const slowest: Entropy = {
  ...systemEntropy,
  bytes: (count) => (count === 2 ? new Uint8Array(2).fill(255) : systemEntropy.bytes(count)),
};

interface Watched extends WiredHost {
  readonly waits: Waiting[];
}

function watch(script: Script, options: WiredOptions = {}): Watched {
  const waits: Waiting[] = [];
  const onWait = (waiting: Waiting): void => void waits.push(waiting);
  return { ...wireHost(script, { entropy: slowest, onWait, ...options }), waits };
}

async function command(
  { link, timers }: WiredHost,
  signal = never,
): Promise<{ value: unknown; at: Duration }> {
  const { wsman } = unwrap(await link.lease(never));
  return timers.finish(wsman.command(shell, pipeline, signal), minutes(10));
}

describe('check 18: a quota that is used up', () => {
  test.each([
    ['shells of the user', faultCodes.shellQuota],
    ['operations of the user', faultCodes.operationQuota],
    ['commands of the shell', faultCodes.commandQuota],
    ['load of the user', faultCodes.userQuota],
    ['a quota without a code', undefined],
  ])('(%s) is waited for, longer each time, and then used', async (_, code) => {
    const site = watch((__, order) => (order < 4 ? full(code) : started));

    const { value, at } = await command(site);

    expect(value).toEqual({ ok: true, value: 'C' });
    expect(at).toBe(seconds(1 + 2 + 4));
    expect(site.waits.map(({ attempt, delay }) => [attempt, delay])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 4000],
    ]);
  });

  test('is told to the caller as waiting: where, for what and why', async () => {
    const site = watch((_, order) => (order === 1 ? full(faultCodes.shellQuota) : started));

    await command(site);

    expect(site.waits).toMatchObject([
      {
        ...{ host: 'web-01', action: 'Command', why: 'quota', attempt: 1, delay: 1000 },
        refusal: { code: 'wsman.quota', details: { wsmanCode: faultCodes.shellQuota, quota: 'shells' } },
      },
    ]);
  });

  test('is asked anew each time: a refused request has no effect, so even a command may be sent again', async () => {
    const site = watch((_, order) => (order < 3 ? full(faultCodes.operationQuota) : started));

    await command(site);

    expect(new Set(site.host.asked.map(({ envelope }) => envelope.messageId)).size).toBe(3);
  });

  test('for longer than we wait is a failure that says how long that was, and never an empty success', async () => {
    const site = watch(() => full(faultCodes.shellQuota));

    const { value, at } = await command(site);

    expect(value).toMatchObject({ error: { code: 'wsman.quota', details: { waited: formatDuration(at) } } });
    expect(value).toMatchObject({ error: { message: expect.stringContaining('was waited for') as string } });
    expect(at).toBeGreaterThan(minutes(1.5));
    expect(at).toBeLessThanOrEqual(minutes(2));
  });

  test('for longer than the caller wants to wait, the caller decides', async () => {
    const site = watch(() => full(faultCodes.shellQuota), { patience: { quota: seconds(10) } });

    expect((await command(site)).at).toBe(seconds(7));
    const impatient = watch(() => full(faultCodes.shellQuota), { patience: { quota: seconds(0) } });
    expect(await command(impatient)).toMatchObject({ value: { ok: false }, at: 0 });
    expect(impatient.waits).toEqual([]);
  });

  test('and a caller that gives up while waiting: nothing was sent that took effect', async () => {
    const site = watch(() => full(faultCodes.shellQuota));
    const stop = new AbortController();
    site.timers.after(seconds(5), () => stop.abort());

    const { value, at } = await command(site, stop.signal);

    expect(value).toMatchObject({ error: { code: 'net.aborted', details: { sent: false } } });
    expect(at).toBe(seconds(5));
  });

  test('spreads clients that were turned away together', async () => {
    const ends = new Set<number>();
    for (let client = 0; client < 10; client += 1) {
      const site = watch((_, order) => (order < 4 ? full(faultCodes.shellQuota) : started), {
        entropy: systemEntropy,
      });
      ends.add((await command(site)).at);
    }

    expect(ends.size).toBeGreaterThan(5);
  });

  test('and an answer that got lost before it count apart', async () => {
    const replies: readonly Reply[] = [
      'drop',
      full(faultCodes.operationQuota),
      'drop',
      { message: shellDeleted() },
    ];
    const site = watch((_, order) => replies[order - 1] ?? 'drop');
    const { wsman } = unwrap(await site.link.lease(never));

    const { value } = await site.timers.finish(wsman.delete(shell, never), minutes(1));

    expect(value).toEqual({ ok: true, value: undefined });
    expect(site.host.asked).toHaveLength(4);
  });

  test('of a lab host with room for one shell: the second session waits for the first to go', async () => {
    const served = await serveHost(
      engineBackends(() => Promise.resolve(ok(undefined))),
      { maxShellsPerUser: 1 },
    );
    const first = await served.open();

    const second = served.open();
    await expect
      .poll(() => served.actions().filter((action) => action === 'Create').length)
      .toBeGreaterThan(1);
    await first.close();

    await (await second).close();
    expect(served.host.openShells).toBe(0);
    await served.server.close();
  });
});

describe('a service that is starting', () => {
  const starting: Script = (_, order) => (order < 4 ? { status: 503 } : { message: shellDeleted() });

  test('is waited for where the request may be repeated, and told to the caller', async () => {
    const site = watch(starting);
    const { wsman } = unwrap(await site.link.lease(never));

    const { value, at } = await site.timers.finish(wsman.delete(shell, never), minutes(1));

    expect(value).toEqual({ ok: true, value: undefined });
    expect(at).toBe(500 + 1000 + 2000);
    expect(site.waits.map(({ why, action }) => [why, action])).toEqual(
      Array(3).fill(['unavailable', 'Delete']),
    );
  });

  test('is waited for when it says so to a logon, too', async () => {
    const site = watch(() => ({ message: shellDeleted() }), {
      onLogon: (_, connection) => (connection < 3 ? { status: 503 } : undefined),
    });
    const { wsman } = unwrap(await site.link.lease(never));

    const { value } = await site.timers.finish(wsman.delete(shell, never), minutes(1));

    expect(value).toEqual({ ok: true, value: undefined });
  });

  test('is not asked a second time to run a command', async () => {
    const site = watch(starting);

    expect(await command(site)).toMatchObject({ value: { error: { code: 'http.status' } }, at: 0 });
    expect(site.host.asked).toHaveLength(1);
  });

  test('for longer than we wait is a failure that says how long that was', async () => {
    const site = watch(() => ({ status: 503 }));
    const { wsman } = unwrap(await site.link.lease(never));

    const { value, at } = await site.timers.finish(wsman.delete(shell, never), minutes(1));

    expect(value).toMatchObject({
      error: { code: 'http.status', details: { status: 503, waited: formatDuration(at) } },
    });
    expect(at).toBeLessThanOrEqual(seconds(30));
  });
});
