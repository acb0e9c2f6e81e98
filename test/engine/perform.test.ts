import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import type { Control } from '../../src/control/declaration.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { instant, milliseconds, plus } from '../../src/core/time.ts';
import type { HostPorts } from '../../src/engine/host-ports.ts';
import { performer } from '../../src/engine/performer.ts';
import { reconciler } from '../../src/engine/reconcile.ts';
import type { Intent, RebootHost, VerifyHost, WriteControl } from '../../src/model/intent.ts';
import type { Plan } from '../../src/model/plan.ts';
import { FakeHosts, namedScripts } from './fake-hosts.ts';
import { hostOf, phaseOf, planOf } from './plan-fixture.ts';

const toggle: Control = {
  id: 'disable-control',
  title: 'Toggle',
  summary: 'On or off.',
  params: z.strictObject({ on: z.boolean() }),
  fields: [{ name: 'on', source: { kind: 'registry', key: 'HKLM:\\x', value: 'on' } }],
  assess: (state) =>
    state['on'] === true
      ? { compliance: 'compliant', found: state, change: {}, reboot: false, reason: 'on' }
      : { compliance: 'drifted', found: state, change: { on: true }, reboot: true, reason: 'off' },
};

/** Ports over fake hosts; each wait of the timers lets policy time pass as well, as real time would. */
function bench(
  plan: Plan = planOf({ hosts: [hostOf('a', ['disable'])], phases: [phaseOf('disable', ['a'])] }),
) {
  let now = instant(Date.parse('2026-11-23T20:00:00Z'));
  const clock: Clock = { now: () => now, sleepUntil: async () => {} };
  const hosts = new FakeHosts(clock);
  const ports: HostPorts = {
    plan,
    catalog: new Map([[toggle.id, toggle]]),
    sessions: hosts,
    credentials: hosts.credentials,
    scripts: namedScripts,
    clock,
    timers: {
      monotonic: () => now,
      after: () => () => {},
      sleep: async (delay) => {
        now = plus(now, delay);
      },
    },
  };
  const { signal } = new AbortController();
  return {
    host: hosts.host('a'),
    hosts,
    perform: (intent: Intent) => performer(ports).perform(intent, signal),
    reconcile: (intent: Intent) => reconciler(ports).perform({ intent, at: now }, signal),
    wait: (ms: number) => (now = plus(now, milliseconds(ms))),
  };
}

const at = { host: 'a', phase: 'disable' };
const boot = { bootTime: '2026-11-01T01:00:00Z', bootId: 1 };
const validUntil = '2026-11-23T20:01:30Z';
const probe: Intent = { ...at, id: 'p', kind: 'probe-host' };
const write: WriteControl = {
  ...{ ...at, id: 'w', kind: 'write-control', control: toggle.id, validUntil },
  ...{ found: { on: false }, change: { on: true } },
};
const reboot: RebootHost = {
  ...{ ...at, id: 'r', kind: 'reboot-host', nonce: 'nonce-1', validUntil, timeout: '20m' },
  ...{ bootBefore: boot, guards: [] },
};
const verify: VerifyHost = { ...at, id: 'v', kind: 'verify-host', boot: null };

describe('a probe', () => {
  test('finds the host as planned', async () => {
    const outcome = await bench().perform(probe);

    expect(outcome).toMatchObject({
      result: 'done',
      finding: { verdict: 'same', boot, steps: [{ control: toggle.id, change: { on: true } }] },
    });
  });

  test('tells a host that does not answer from one that gives no facts', async () => {
    const { host, perform } = bench();
    host.reachable = false;

    expect(await perform(probe)).toMatchObject({ result: 'unreachable', failure: { code: 'net.refused' } });
  });
});

describe('a write', () => {
  test('is judged by what the host reads back', async () => {
    const { host, perform } = bench();

    const outcome = await perform(write);

    expect(outcome).toMatchObject({ result: 'done', after: { on: true }, restartNeeded: true, boot });
    expect(host.writes).toEqual(['controls/disable-control/set']);
  });

  test('that something undoes has failed, whatever the script said', async () => {
    const { host, perform } = bench();
    host.reverts = true;

    expect(await perform(write)).toMatchObject({ result: 'failed', failure: { code: 'run.not-as-written' } });
  });

  test('whose script refuses has failed', async () => {
    const { host, perform } = bench();
    host.scriptFails = true;

    expect(await perform(write)).toMatchObject({ result: 'failed', failure: { code: 'script.failed' } });
  });

  test.each([
    ['before', 'not-done'],
    ['after', 'done'],
  ] as const)('whose connection breaks %s it took effect is %s', async (breaks, result) => {
    const { host, perform } = bench();
    host.breaks = breaks;

    expect(await perform(write)).toMatchObject({ result });
  });

  test('that comes too late is not sent', async () => {
    const { host, perform, wait } = bench();
    wait(91_000);

    expect(await perform(write)).toMatchObject({ result: 'not-done', failure: { code: 'run.intent-late' } });
    expect(host.writes).toEqual([]);
  });

  test('is valid in host time, however wrong the host clock is', async () => {
    const { host, perform } = bench();
    host.offsetMs = 7_200_000;

    expect(await perform(write)).toMatchObject({ result: 'done' });
  });

  test('is not made while Windows installs components', async () => {
    const { host, perform } = bench();
    host.servicing = 'working';

    expect(await perform(write)).toMatchObject({ result: 'not-done', failure: { code: 'run.servicing' } });
  });

  test('to a host that does not answer was not sent', async () => {
    const { host, perform } = bench();
    host.reachable = false;

    expect(await perform(write)).toMatchObject({ result: 'unreachable' });
  });
});

describe('a reboot', () => {
  test('is done when the host runs another boot and its services', async () => {
    const { host, perform } = bench();
    host.looksUntilReady = 2;

    const outcome = await perform(reboot);

    expect(outcome).toMatchObject({
      result: 'done',
      by: 'countersign',
      bootBefore: boot,
      bootAfter: { bootId: 2 },
      requestedAt: '2026-11-23T20:00:00Z',
    });
    expect(host.writes).toEqual(['engine/reboot-request']);
  });

  test('is not requested where the boot has changed already, and attributed to somebody else', async () => {
    const { host, perform } = bench();
    host.boots = 2;

    expect(await perform(reboot)).toMatchObject({ result: 'done', by: 'elsewhere' });
    expect(host.writes).toEqual([]);
  });

  test.each([
    [1190, 'failed', 'reboot.already-scheduled'],
    [1191, 'failed', 'reboot.users-logged-on'],
    [5, 'failed', 'reboot.refused'],
  ])('that Windows refuses with %i is %s', async (shutdownExit, result, code) => {
    const { host, perform } = bench();
    host.shutdownExit = shutdownExit;

    expect(await perform(reboot)).toMatchObject({ result, failure: { code } });
    expect(host.boots).toBe(1);
  });

  test('waits for a shutdown that somebody else began', async () => {
    const { host, perform } = bench();
    host.shutdownExit = 1115;

    expect(await perform(reboot)).toMatchObject({ result: 'done', by: 'elsewhere' });
  });

  test('of a host that stays away ends unreachable, with the request on record', async () => {
    const { host, perform } = bench();
    host.comesBack = false;

    expect(await perform(reboot)).toMatchObject({
      result: 'unreachable',
      failure: { code: 'reboot.not-back' },
      requestedAt: '2026-11-23T20:00:00Z',
    });
  });

  test('of a host whose services stay down has failed', async () => {
    const { host, perform } = bench();
    host.looksUntilReady = Infinity;

    expect(await perform(reboot)).toMatchObject({
      result: 'failed',
      failure: { code: 'reboot.not-ready', message: expect.stringContaining('LanmanServer is Stopped') },
    });
  });

  test.each(['before', 'after'] as const)(
    'whose connection breaks %s it arrived is proven, not repeated',
    async (breaks) => {
      const { host, perform } = bench();
      host.breaks = breaks;

      const outcome = await perform(reboot);

      expect(outcome.result).toBe(breaks === 'after' ? 'done' : 'not-done');
      expect(host.boots).toBe(breaks === 'after' ? 2 : 1);
    },
  );

  test('is not requested while a partner is down, which is named', async () => {
    const { hosts, host, perform } = bench();
    hosts.host('b').reachable = false;
    hosts.host('c').stopped = ['LanmanServer'];
    const guards = [{ set: 'dc', partners: ['b', 'c', 'd'], minHealthy: 2 }];

    const outcome = await perform({ ...reboot, guards });

    expect(outcome).toMatchObject({ result: 'not-done', unhealthy: ['b', 'c'] });
    expect(outcome.reason).toContain('c (service LanmanServer is Stopped)');
    expect(host.writes).toEqual([]);
  });

  test('goes ahead when enough partners are up', async () => {
    const { hosts, perform } = bench();
    hosts.host('b').reachable = false;

    const guards = [{ set: 'dc', partners: ['b', 'c', 'd'], minHealthy: 2 }];

    expect(await perform({ ...reboot, guards })).toMatchObject({ result: 'done' });
  });
});

describe('a verification', () => {
  test('finds the host as wanted', async () => {
    const { host, perform } = bench();
    host.on = true;

    expect(await perform(verify)).toMatchObject({ result: 'done', finding: { verdict: 'as-wanted' } });
  });

  test.each([
    ['a state that did not last', {}, null, 'not-as-wanted'],
    ['one more reboot', { on: true, boots: 3 }, { ...boot, bootId: 2 }, 'not-settled'],
    ['components being installed', { on: true, servicing: 'working' as const }, null, 'not-settled'],
  ])('notices %s', async (_, found, expected, verdict) => {
    const { host, perform } = bench();
    Object.assign(host, found);

    expect(await perform({ ...verify, boot: expected })).toMatchObject({ finding: { verdict } });
  });
});

describe('after the death of a controller', () => {
  test.each([probe, verify])('$kind is simply made again', async (intent) => {
    expect(await bench().reconcile(intent)).toMatchObject({ result: 'not-done', reconciled: true });
  });

  test.each([
    [true, 'done'],
    [false, 'not-done'],
  ])('a write is told from the state it left: on is %s, so %s', async (on, result) => {
    const { host, reconcile } = bench();
    host.on = on;

    expect(await reconcile(write)).toMatchObject({ result, reconciled: true });
    expect(host.writes).toEqual([]);
  });

  test('a write on a host that does not answer stays unknown', async () => {
    const { host, reconcile } = bench();
    host.reachable = false;

    expect(await reconcile(write)).toMatchObject({ result: 'unknown' });
  });

  test('a reboot that happened is attributed by the nonce in the log', async () => {
    const { host, hosts, reconcile } = bench();
    host.log.push('nonce-1');
    hosts.goDown('a');

    expect(await reconcile(reboot)).toMatchObject({ result: 'done', by: 'countersign', reconciled: true });
    expect(host.writes).toEqual([]);
  });

  test('a reboot that somebody else made is done as well, and says so', async () => {
    const { hosts, reconcile } = bench();
    hosts.goDown('a');

    expect(await reconcile(reboot)).toMatchObject({ result: 'done', by: 'elsewhere' });
  });

  test('a reboot that nobody requested is not done, once the host would refuse it', async () => {
    const { host, reconcile } = bench();

    const outcome = await reconcile(reboot);

    expect(outcome).toMatchObject({ result: 'not-done', reconciled: true });
    expect(host.writes).toEqual([]);
  });

  test('a request that is in the log is waited for, and unknown when the host never goes', async () => {
    const { host, reconcile } = bench();
    host.log.push('nonce-1');

    expect(await reconcile(reboot)).toMatchObject({
      result: 'unknown',
      failure: { code: 'reboot.not-back' },
    });
  });

  test('silence of a log that does not reach back proves nothing', async () => {
    const { host, reconcile } = bench();
    host.logReaches = false;

    expect(await reconcile(reboot)).toMatchObject({
      result: 'unknown',
      failure: { code: 'reboot.unproven' },
    });
  });

  test('a host that stays silent is left to a person', async () => {
    const { host, reconcile } = bench();
    host.reachable = false;

    expect(await reconcile(reboot)).toMatchObject({
      result: 'unknown',
      failure: { code: 'reboot.unproven' },
    });
  });
});
