import { connect } from 'node:net';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import type { FleetSnapshot } from '../../src/model/fleet-snapshot.ts';
import { FleetSnapshot as FleetSnapshotSchema } from '../../src/model/fleet-snapshot.ts';
import { demoScenario } from '../../src/lab/demo-scenario.ts';
import { TestFleet, object, read, rebootArguments } from './fleet.ts';

const name = 'fs-01.corp.example';
const host = { name, build: 'server-2019', smb1: 'on', groups: ['servers'] };

test('a fleet of two dozen hosts starts within a second and leaves no port', async () => {
  const began = performance.now();
  const { fleet } = await TestFleet.start(demoScenario());
  const took = performance.now() - began;

  const ports = fleet.hosts.map(({ port }) => port);
  await fleet.close();

  expect(took).toBeLessThan(1000);
  expect(new Set(ports).size).toBe(24);
  expect(await Promise.all([isOpen(ports[0]!), isOpen(ports[23]!)])).toEqual([false, false]);
});

test('a fleet that is closed in the middle of a restart leaves nothing behind', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const session = await fleet.session(name);
  const boot = await read(session, 'survey/readiness');

  await fleet.write(session, 'engine/reboot-request', rebootArguments(boot, 'nonce'));
  await fleet.fleet.close();

  expect(await isOpen(fleet.fleet.hosts[0]!.port)).toBe(false);
  expect(fleet.fleet.windows(name)?.state.bootTime).toBe(boot['bootTime']);
});

test('a snapshot brings the same machines back on the same ports', async () => {
  const first = await TestFleet.start({ hosts: [host] });
  await first.write(await first.session(name), 'controls/smb1-feature/set', { feature: 'Disabled' });
  const snapshot = reread(first.fleet.snapshot());
  await first.fleet.close();

  const second = await TestFleet.start({ hosts: [host] }, { snapshot });

  expect(second.fleet.snapshot()).toEqual(snapshot);
  expect(second.fleet.hosts).toEqual(first.fleet.hosts);
  expect(await read(await second.session(name), 'controls/smb1-feature/get')).toMatchObject({
    ...{ feature: 'DisablePending', client: 'DisablePending', server: 'DisablePending' },
  });
});

test('a snapshot is told of before the answer, so that a killed lab forgets nothing it has said', async () => {
  const snapshots: FleetSnapshot[] = [];
  const onChange = (): void => void snapshots.push(reread(first.fleet.snapshot()));
  const first: TestFleet = await TestFleet.start({ hosts: [host] }, { onChange });
  const session = await first.session(name);
  const boot = await read(session, 'survey/readiness');

  object(await first.write(session, 'engine/reboot-request', rebootArguments(boot, 'nonce')));
  const [accepted] = snapshots;
  await first.fleet.close();
  const second = await TestFleet.start({ hosts: [host] }, { snapshot: accepted! });
  const evidence = await read(await second.session(name), 'engine/reboot-evidence', { Nonce: 'nonce' });

  expect(accepted?.hosts[name]?.state.shutdown).toEqual({ comment: 'Countersign nonce', by: 'request' });
  expect(evidence).toMatchObject({ requested: 'yes', bootId: Number(boot['bootId']) + 1 });
});

test('a port that somebody else has taken meanwhile is replaced', async () => {
  const first = await TestFleet.start({ hosts: [host] });

  const second = await TestFleet.start({ hosts: [host] }, { snapshot: reread(first.fleet.snapshot()) });

  expect(second.fleet.hosts[0]!.port).not.toBe(first.fleet.hosts[0]!.port);
  expect(await read(await second.session(name), 'survey/readiness')).toMatchObject({ servicing: 'idle' });
});

test('equal seeds give equal machines, and others do not', async () => {
  const states = async (seed: string) => {
    const { fleet } = await TestFleet.start(demoScenario(), { seed });
    const { hosts } = fleet.snapshot();
    await fleet.close();
    return Object.values(hosts).map(({ state }) => state);
  };

  const first = await states('a');

  expect(await states('a')).toEqual(first);
  expect(await states('b')).not.toEqual(first);
});

test('the inventory names every host with its port, in its groups', async () => {
  const { fleet } = await TestFleet.start({ hosts: [host, { ...host, name: 'no', groups: [] }] });

  const inventory: unknown = parse(fleet.inventoryYaml());

  expect(inventory).toMatchObject({
    all: {
      vars: { ansible_connection: 'psrp', ansible_password: "{{ lookup('env', 'COUNTERSIGN_PASSWORD') }}" },
      hosts: {
        [name]: { ansible_host: '127.0.0.1', ansible_port: fleet.hosts[0]!.port },
        no: { ansible_host: '127.0.0.1', ansible_port: fleet.hosts[1]!.port },
      },
      children: { servers: { hosts: { [name]: null } } },
    },
  });
});

test('the log tells what each host saw, by the name in the inventory', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });

  await fleet.write(await fleet.session(name), 'controls/smb1-audit/set', { enabled: true });

  const events = fleet.log.map(({ event }) => event);
  expect(new Set(events)).toEqual(new Set(['connect', 'request', 'pipeline', 'write']));
  expect(fleet.log.every((entry) => entry.host === name && entry.at === '2026-11-24T22:00:00Z')).toBe(true);
  expect(fleet.log.filter((it) => it.event === 'request' && it.action !== 'logon')).not.toHaveLength(0);
});

/** A snapshot as it comes from a file. */
function reread(snapshot: FleetSnapshot): FleetSnapshot {
  return FleetSnapshotSchema.parse(JSON.parse(JSON.stringify(snapshot)));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
