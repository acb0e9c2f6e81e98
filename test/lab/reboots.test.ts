import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { TestFleet, object, read, rebootArguments } from './fleet.ts';

const name = 'fs-01.corp.example';
const host = { name, build: 'server-2016' };
const feature = { installed: 'Enabled', leaving: 'DisablePending', gone: 'Disabled' };

async function restart(fleet: TestFleet, nonce = 'nonce-1') {
  const session = await fleet.session(name);
  const before = await read(session, 'survey/readiness');
  const answer = object(await fleet.write(session, 'engine/reboot-request', rebootArguments(before, nonce)));
  return { session, before, answer };
}

function reboots(fleet: TestFleet): number {
  return fleet.log.filter(({ event }) => event === 'reboot').length;
}

test('a restart refuses for a while and brings another boot', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });

  const { before, answer } = await restart(fleet);
  const after = await fleet.waitForBootAfter(name, before['bootId']);

  expect(answer).toMatchObject({ accepted: true, exitCode: 0, bootId: before['bootId'] });
  expect(after['bootId']).toBe(Number(before['bootId']) + 1);
  expect(after['bootTime']).toBe('2026-11-24T22:00:00Z');
  expect(reboots(fleet)).toBe(1);
});

test('the port refuses while the host is down', async () => {
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults: [{ kind: 'stays-down' }] }] });

  await restart(fleet);

  await expect.poll(() => openCode(fleet)).toBe('net.refused');
});

test('a host whose WinRM is just starting answers 503', async () => {
  const fleet = await TestFleet.start({ hosts: [host], reboot: { startingMs: [300, 300] } });

  const { before } = await restart(fleet);
  await fleet.waitForBootAfter(name, before['bootId']);

  const statuses = fleet.log.flatMap((it) => (it.event === 'request' ? [it.status] : []));
  expect(statuses).toContain(503);
});

test('a host that stays down is still down when the lab starts again', async () => {
  const hosts = [{ ...host, faults: [{ kind: 'stays-down' }] }];
  const first = await TestFleet.start({ hosts });
  await restart(first);
  const snapshot = first.fleet.snapshot();
  await first.fleet.close();

  const second = await TestFleet.start({ hosts }, { snapshot });

  expect(await openCode(second)).toBe('net.refused');
});

test('a session of before the restart is gone after it', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const { session, before } = await restart(fleet);

  await fleet.waitForBootAfter(name, before['bootId']);

  await expect(read(session, 'survey/readiness')).rejects.toMatchObject({ code: expect.any(String) });
});

test('a feature goes at the boot, and with it its driver and the sign of a pending reboot', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const first = await fleet.session(name);
  const change = { feature: 'Disabled', roleFeature: 'Available' };

  const set = object(await fleet.write(first, 'controls/smb1-feature/set', change));
  const leaving = await read(first, 'controls/smb1-feature/get');
  const { before } = await restart(fleet);
  await fleet.waitForBootAfter(name, before['bootId']);
  const second = await fleet.session(name);

  expect(set).toMatchObject({ restartNeeded: true });
  expect(leaving).toMatchObject({
    feature: feature.leaving,
    roleFeature: 'UninstallPending',
    driverStart: 2,
  });
  expect(before).toMatchObject({ pendingReboot: ['component-based-servicing'], servicing: 'waiting' });
  expect(await read(second, 'survey/readiness')).toMatchObject({ pendingReboot: [], servicing: 'idle' });
  expect(await read(second, 'controls/smb1-feature/get')).toMatchObject({
    ...{ feature: feature.gone, roleFeature: 'Available', driverStart: 'absent' },
  });
  expect(await read(second, 'controls/smb1-server/get')).toMatchObject({ enabled: false });
});

test('servicing that wants a second boot leaves the feature pending after the first', async () => {
  const faults = [{ kind: 'servicing-needs-boots' }];
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults }] });
  await fleet.write(await fleet.session(name), 'controls/smb1-feature/set', { feature: 'Disabled' });

  const states: unknown[] = [];
  for (const nonce of ['nonce-1', 'nonce-2']) {
    const { before } = await restart(fleet, nonce);
    await fleet.waitForBootAfter(name, before['bootId']);
    const session = await fleet.session(name);
    const { pendingReboot } = await read(session, 'survey/readiness');
    states.push([(await read(session, 'controls/smb1-feature/get'))['feature'], pendingReboot]);
  }

  expect(states).toEqual([
    [feature.leaving, ['component-based-servicing']],
    [feature.gone, []],
  ]);
});

test('a second request while one is under way is refused and changes nothing', async () => {
  const fleet = await TestFleet.start({
    hosts: [{ ...host, faults: [{ kind: 'lingers', forMs: 50 }] }],
    reboot: { quietMs: [400, 400] },
  });
  const { session, before } = await restart(fleet);

  const scheduled = object(await fleet.write(session, 'engine/reboot-request', rebootArguments(before, 'b')));
  await fleet.waitForBootAfter(name, before['bootId']);

  expect(scheduled).toMatchObject({ accepted: false, exitCode: 1190, reason: 'shutdown-already-scheduled' });
  expect(reboots(fleet)).toBe(1);
});

test('a restart that somebody else has scheduled is neither cancelled nor repeated', async () => {
  const already = { foreignShutdown: 'Patching by SCCM' };
  const fleet = await TestFleet.start({ hosts: [{ ...host, already }] });

  const { answer } = await restart(fleet);

  expect(answer).toMatchObject({ accepted: false, exitCode: 1190 });
  expect(fleet.fleet.windows(name)?.state.shutdown).toEqual({ comment: 'Patching by SCCM', by: 'somebody' });
});

test('a request for a boot that is over is not carried out', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const { before } = await restart(fleet);
  await fleet.waitForBootAfter(name, before['bootId']);

  const again = await fleet.write(
    await fleet.session(name),
    'engine/reboot-request',
    rebootArguments(before, 'nonce-2'),
  );

  expect(object(again)).toMatchObject({ accepted: false, exitCode: null, reason: 'already-rebooted' });
  expect(reboots(fleet)).toBe(1);
});

test('the event log tells whether a request arrived', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const { before } = await restart(fleet, 'nonce-1');
  await fleet.waitForBootAfter(name, before['bootId']);
  const session = await fleet.session(name);
  const ask = (args: JsonObject) => read(session, 'engine/reboot-evidence', args);

  expect(await ask({ Nonce: 'nonce-1' })).toMatchObject({
    ...{ requested: 'yes', requestedAt: '2026-11-24T22:00:00Z' },
  });
  expect(await ask({ Nonce: 'other', Since: '2026-11-24T21:59:00Z' })).toMatchObject({ requested: 'no' });
  expect(await ask({ Nonce: 'other', Since: '2020-01-01T00:00:00Z' })).toMatchObject({
    requested: 'unknown',
  });
  expect(await ask({ Nonce: 'other' })).toMatchObject({ requested: 'unknown', requestedAt: null });
});

test('a host can answer on its old boot after the shutdown was due', async () => {
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults: [{ kind: 'lingers', forMs: 900 }] }] });

  const { session, before } = await restart(fleet);
  const answer = async () =>
    object(await fleet.write(session, 'engine/reboot-request', rebootArguments(before, 'b')));

  await expect.poll(async () => (await answer())['reason']).toBe('shutdown-in-progress');
  await fleet.waitForBootAfter(name, before['bootId']);
  expect(reboots(fleet)).toBe(1);
});

test('a host can restart once more by itself', async () => {
  const fleet = await TestFleet.start({
    hosts: [{ ...host, faults: [{ kind: 'second-reboot', afterMs: 20 }] }],
  });

  const { before } = await restart(fleet);
  await expect.poll(() => reboots(fleet)).toBe(2);
  const after = await fleet.waitForBootAfter(name, Number(before['bootId']) + 1);

  expect(after['bootId']).toBe(Number(before['bootId']) + 2);
});

test('a slow host stays down longer', async () => {
  const fleet = await TestFleet.start({
    hosts: [{ ...host, faults: [{ kind: 'slow-reboot', extraMs: 400 }] }],
  });
  const began = performance.now();

  const { before } = await restart(fleet);
  await fleet.waitForBootAfter(name, before['bootId']);

  expect(performance.now() - began).toBeGreaterThan(400);
});

test('Workstation does not start while it depends on the disabled SMB1 driver', async () => {
  const driver = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\mrxsmb10`;
  const already = { registry: { [driver]: { Start: 4 } } };
  const fleet = await TestFleet.start({ hosts: [{ name, build: 'server-2012', already }] });

  const { before } = await restart(fleet);
  const after = await fleet.waitForBootAfter(name, before['bootId']);

  expect(after['services']).toEqual({
    LanmanServer: 'Running',
    LanmanWorkstation: 'Stopped',
    Netlogon: 'Stopped',
  });
});

async function openCode(fleet: TestFleet): Promise<string | undefined> {
  const opened = await fleet.open(name);
  if (!opened.ok) return opened.error.code;
  await opened.value.close();
  return undefined;
}
