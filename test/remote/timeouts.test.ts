import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { minutes, seconds } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { openHostLink } from '../../src/remote/open-host-link.ts';
import { shellDeleted } from '../../src/wire/wsman/delete.ts';
import { MemoryNetwork } from '../support/memory-network.ts';
import { loopbackTarget } from '../support/target.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';
import { never } from '../support/winrm-host.ts';
import { serveScript, wireHost } from '../support/wired-host.ts';
import type { WiredHost, WiredOptions } from '../support/wired-host.ts';

const shell = { resourceUri: 'urn:shell', shellId: 'S' };
const limits = { connectTimeout: seconds(7), logonTimeout: seconds(11), operationTimeout: seconds(20) };

async function deletion(
  { link, timers }: Pick<WiredHost, 'link' | 'timers'>,
  signal = never,
): Promise<unknown> {
  const { wsman } = unwrap(await link.lease(never));
  const { value, at } = await timers.finish(wsman.delete(shell, signal), minutes(10));
  return value.ok
    ? { at }
    : { code: value.error.code, sent: value.error.details['sent'], at, text: value.error.message };
}

const silentAt = (silentLeg: number, target = {}): WiredHost => {
  const onLogon: WiredOptions['onLogon'] = (leg) => (leg >= silentLeg ? 'silence' : undefined);
  return wireHost(() => ({ message: shellDeleted() }), { onLogon, target: { ...limits, ...target } });
};

describe('check 13: each timeout fires when it was said to, and says which it was', () => {
  test('connecting to a host that drops packets', async () => {
    const timers = new VirtualTimers();
    const link = openHostLink({
      ...{ connector: new MemoryNetwork(timers, new Map()), timers, entropy: systemEntropy },
      ...{ now: () => systemClock.now(), target: loopbackTarget(5985, limits) },
    });

    expect(await deletion({ link, timers })).toMatchObject({
      code: 'net.timeout',
      sent: false,
      at: seconds(7),
    });
  });

  test.each([
    [1, 'never answered'],
    [2, 'went silent in the middle of the logon'],
  ])(
    'logging on to a host that is silent from leg %i on: one limit for the whole of it',
    async (leg, text) => {
      const answer = await deletion(silentAt(leg));

      expect(answer).toMatchObject({ code: 'net.logon-timeout', sent: false, at: seconds(11) });
      expect(answer).toMatchObject({ text: expect.stringContaining(text) as string });
    },
  );

  test('logging on takes as long as connecting may where nothing else is said', async () => {
    const { logonTimeout: _, ...target } = limits;
    const site = wireHost(() => 'silence', { onLogon: () => 'silence', target });

    expect(await deletion(site)).toMatchObject({ code: 'net.logon-timeout', at: seconds(7) });
  });

  test('an operation that is not answered: its own time, and 10 s for the fault that should come then', async () => {
    const site = wireHost(() => 'silence', { target: limits });

    const answer = await deletion(site);

    expect(answer).toMatchObject({ code: 'net.no-answer', sent: true, at: seconds(30) });
    expect(answer).toMatchObject({
      text: expect.stringContaining('did not answer Delete within 30s') as string,
    });
  });

  test('none of them after the answer came', async () => {
    const site = wireHost(() => ({ message: shellDeleted() }), { target: limits });

    expect(await deletion(site)).toEqual({ at: 0 });
    expect(site.timers.pending).toBe(0);
  });
});

describe('a caller that gives up ends at once', () => {
  test.each([
    ['connecting', 0, { code: 'net.aborted', sent: false }],
    ['logging on', 1, { code: 'net.aborted', sent: false }],
    ['waiting for an answer', 3, { code: 'net.aborted', sent: true }],
  ])('while %s', async (_, silentLeg, expected) => {
    const timers = new VirtualTimers();
    const stop = new AbortController();
    const site =
      silentLeg === 0
        ? {
            link: openHostLink({
              ...{ connector: new MemoryNetwork(timers, new Map()), timers, entropy: systemEntropy },
              ...{ now: () => systemClock.now(), target: loopbackTarget(5985, limits) },
            }),
            timers,
          }
        : wireHost(() => 'silence', {
            onLogon: (leg) => (leg >= silentLeg ? 'silence' : undefined),
            target: limits,
          });
    site.timers.after(seconds(3), () => stop.abort());

    expect(await deletion(site, stop.signal)).toMatchObject({ ...expected, at: seconds(3) });
  });
});

test('over real sockets, a host that takes the connection and is silent costs the logon timeout', async () => {
  const { link, server } = await serveScript(() => 'silence', {
    onLogon: () => 'silence',
    target: { logonTimeout: seconds(0.2) },
  });
  const { wsman } = unwrap(await link.lease(never));

  const answer = await wsman.delete(shell, never);

  expect(answer).toMatchObject({
    error: { code: 'net.logon-timeout', details: { after: '200ms', answers: 0 } },
  });
  link.close();
  await server.close();
});
