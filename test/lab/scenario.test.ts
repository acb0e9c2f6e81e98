import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../../src/core/time.ts';
import { demoScenario } from '../../src/lab/demo-scenario.ts';
import { generateHosts, generateScenario } from '../../src/lab/generate-scenario.ts';
import { seededChance } from '../../src/lab/prng.ts';
import { facts } from '../../src/lab/scripts/probes.ts';
import { installWindows } from '../../src/lab/windows/install.ts';
import { SimulatedWindows } from '../../src/lab/windows/simulated-windows.ts';
import { Facts } from '../../src/model/facts.ts';
import type { BuildName } from '../../src/model/scenario.ts';
import { BuildName as BuildNames, Scenario, ScenarioHost } from '../../src/model/scenario.ts';
import { WindowsState } from '../../src/model/windows-state.ts';
import { SetClock } from './model.ts';

const at = instant(Date.UTC(2026, 10, 24, 22));

function install(host: Partial<ScenarioHost> & { build: BuildName }): WindowsState {
  const described = ScenarioHost.parse({ name: 'web-01.corp.example', ...host });
  return installWindows(described, at, seededChance('test'));
}

function factsOf(state: WindowsState): Facts {
  return facts(new SimulatedWindows(state, { clock: new SetClock(at) }));
}

test.each(BuildNames.options)('a fresh %s is a valid state, and its facts are valid facts', (build) => {
  const state = install({ build });

  expect(WindowsState.parse(state)).toEqual(state);
  expect(Facts.parse(factsOf(state))).toMatchObject({
    computerName: 'WEB-01',
    pendingReboot: [],
    servicing: 'idle',
    services: { LanmanServer: 'Running', LanmanWorkstation: 'Running', Netlogon: 'Running' },
  });
});

const shipped = (build: BuildName) => {
  const { smbServer, smbClient, features } = install({ build });
  return [
    smbServer?.['EnableSMB1Protocol'],
    features?.['SMB1Protocol'],
    smbClient?.['RequireSecuritySignature'],
  ];
};

// https://learn.microsoft.com/windows-server/storage/file-server/troubleshoot/smbv1-not-installed-by-default-in-windows
test('each release ships with the SMB1 and the signing that its documents say', () => {
  expect(shipped('server-2008-r2')).toEqual([undefined, undefined, undefined]);
  expect(shipped('server-2012')).toEqual([true, undefined, false]);
  expect(shipped('server-2012-r2')).toEqual([true, 'Enabled', false]);
  expect(shipped('server-2016')).toEqual([true, 'Enabled', false]);
  expect(shipped('windows-10-1809')).toEqual([false, 'Disabled', false]);
  expect(shipped('server-2022')).toEqual([false, 'Disabled', false]);
  expect(shipped('windows-11-24h2')).toEqual([false, 'Disabled', true]);
  expect(shipped('server-2025')).toEqual([false, 'Disabled', true]);
});

test('24H2 signs both ways without a registry value, Server 2025 outwards only', () => {
  const client = install({ build: 'windows-11-24h2' });
  const server = install({ build: 'server-2025' });

  expect(client.smbServer).toMatchObject({ RequireSecuritySignature: true });
  expect(server.smbServer).toMatchObject({ RequireSecuritySignature: false });
  expect(JSON.stringify(client.registry)).not.toContain('RequireSecuritySignature');
});

test('a domain controller requires signing by its default policy', () => {
  const state = install({ build: 'server-2016', role: 'domain-controller' });

  expect(state).toMatchObject({ productType: 2, smbServer: { RequireSecuritySignature: true } });
  expect(state.policies).toMatchObject([{ gpo: 'Default Domain Controllers Policy' }, {}]);
});

test('only the client part can be there', () => {
  const { features, windowsFeatures } = install({ build: 'server-2019', smb1: 'client-only' });

  expect(features).toEqual({
    SMB1Protocol: 'Enabled',
    'SMB1Protocol-Client': 'Enabled',
    'SMB1Protocol-Server': 'Disabled',
  });
  expect(windowsFeatures).toEqual({
    'FS-SMB1': 'Installed',
    'FS-SMB1-CLIENT': 'Installed',
    'FS-SMB1-SERVER': 'Available',
  });
});

test('each sign of a pending reboot is found by its source', () => {
  const sources = [
    'component-based-servicing',
    'windows-update',
    'file-rename',
    'computer-rename',
    'server-manager',
  ];

  for (const source of sources) {
    const already = { pendingReboot: [source] } as ScenarioHost['already'];
    expect(factsOf(install({ build: 'server-2019', already })).pendingReboot).toEqual([source]);
  }
});

test('a node of a cluster says how it is', () => {
  const node = (clusterNode: string) =>
    factsOf(install({ build: 'server-2019', already: { clusterNode } })).cluster;

  expect(node('Paused')).toBe('Paused');
  expect(factsOf(install({ build: 'server-2019' })).cluster).toBe('absent');
});

test('an override takes a member away by null, and adds nothing that cannot be there', () => {
  const features = { 'SMB1Protocol-Server': null };
  const state = install({
    build: 'windows-10-22h2',
    already: { features, windowsFeatures: { 'FS-SMB1': 'Installed' } },
  });

  expect(Object.keys(state.features ?? {})).not.toContain('SMB1Protocol-Server');
  expect(state.windowsFeatures).toBeNull();
});

test('the demo has the hosts of the shipped inventory', () => {
  const names = demoScenario().hosts.map(({ name }) => name.replace('.corp.example', ''));

  expect(names).toHaveLength(24);
  expect(names).toEqual(
    expect.arrayContaining(['ws-001', 'ws-008', 'fs-04', 'app-04', 'prn-01', 'old-03', 'dc-02', 'sql-02']),
  );
});

test('a generated fleet follows the groups and names of the inventory', () => {
  const { hosts } = generateScenario(
    [
      { name: 'alpha', groups: ['all', 'domain_controllers'] },
      { name: 'ws-17', groups: ['all', 'ungrouped'] },
      { name: 'beta', groups: ['sql_cluster'] },
      { name: 'gamma', groups: [] },
    ],
    'seed',
  );

  expect(hosts).toMatchObject([
    { name: 'alpha', role: 'domain-controller', groups: ['domain_controllers'], faults: [] },
    { name: 'ws-17', build: expect.stringMatching(/^windows-/), groups: [] },
    { name: 'beta', build: expect.stringMatching(/^server-/), already: { clusterNode: 'Up' }, faults: [] },
    { name: 'gamma', build: expect.stringMatching(/^server-/) },
  ]);
});

test('a generated fleet is the same for the same seed, and a host does not depend on the others', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 60 }), (seed, count) => {
      const scenario = generateScenario(generateHosts(count), seed);

      expect(Scenario.parse(scenario)).toEqual(scenario);
      expect(generateScenario(generateHosts(count), seed)).toEqual(scenario);
      expect(generateScenario(generateHosts(count + 1), seed).hosts.slice(0, count)).toEqual(scenario.hosts);
    }),
  );
});

test('a fleet of any size has a name for each host and something of everything', () => {
  const hosts = generateHosts(48);

  expect(new Set(hosts.map(({ name }) => name)).size).toBe(48);
  expect(new Set(hosts.flatMap(({ groups }) => groups))).toEqual(
    new Set(['clients', 'servers', 'file_servers', 'app_servers', 'domain_controllers', 'sql_cluster']),
  );
});

test('chance stays in its range and reaches both ends', () => {
  const chance = seededChance('dice');
  const rolls = Array.from({ length: 500 }, () => chance.between([1, 6]));

  expect([...new Set(rolls)].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
});
