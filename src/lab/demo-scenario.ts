import { Scenario } from '../model/scenario.ts';
import type { ScenarioHost } from '../model/scenario.ts';
import { keys } from './windows/registry.ts';

type Described = Partial<ScenarioHost> & Pick<ScenarioHost, 'name' | 'build'>;

const legacyNasPolicy = {
  source: 'security-option',
  gpo: 'Legacy NAS access',
  key: keys.server,
  value: 'RequireSecuritySignature',
  data: 0,
} as const;

const hardened = {
  smbServer: { AuditSmb1Access: true, RequireSecuritySignature: true },
  smbClient: { RequireSecuritySignature: true },
  registry: {
    [keys.server]: { AuditSmb1Access: 1, RequireSecuritySignature: 1 },
    [keys.client]: { RequireSecuritySignature: 1 },
  },
};

/** Its feature was switched off by hand some days ago, and nobody has restarted it. */
const waitingForBoot = {
  features: { SMB1Protocol: 'DisablePending' },
  windowsFeatures: { 'FS-SMB1': 'UninstallPending' },
  pendingReboot: ['component-based-servicing' as const],
};

const clients: readonly Described[] = [
  { name: 'ws-001', build: 'windows-10-22h2' },
  { name: 'ws-002', build: 'windows-10-1809', smb1: 'on' },
  { name: 'ws-003', build: 'windows-11-23h2' },
  { name: 'ws-004', build: 'windows-10-22h2', smb1: 'client-only' },
  { name: 'ws-005', build: 'windows-11-23h2' },
  { name: 'ws-006', build: 'windows-10-1809', smb1: 'client-only' },
  { name: 'ws-007', build: 'windows-10-22h2', smb1: 'on' },
  { name: 'ws-008', build: 'windows-11-24h2', already: hardened },
];

const servers: readonly Described[] = [
  { name: 'fs-01', build: 'server-2016' },
  { name: 'fs-02', build: 'server-2019', smb1: 'on' },
  { name: 'fs-03', build: 'server-2012-r2', already: { pendingReboot: ['windows-update'] } },
  { name: 'fs-04', build: 'server-2022' },
  { name: 'app-01', build: 'server-2025' },
  { name: 'app-02', build: 'server-2022' },
  { name: 'app-03', build: 'server-2019', already: { policies: [legacyNasPolicy] } },
  { name: 'app-04', build: 'server-2019', faults: [{ kind: 'unreachable' }] },
  { name: 'prn-01', build: 'server-2016' },
  { name: 'old-01', build: 'server-2008-r2' },
  { name: 'old-02', build: 'server-2012-r2' },
  { name: 'old-03', build: 'server-2016', already: waitingForBoot },
  { name: 'dc-01', build: 'server-2019', role: 'domain-controller', smb1: 'on' },
  { name: 'dc-02', build: 'server-2022', role: 'domain-controller', smb1: 'on' },
  { name: 'sql-01', build: 'server-2019', smb1: 'on', already: { clusterNode: 'Up' } },
  { name: 'sql-02', build: 'server-2019', smb1: 'on', already: { clusterNode: 'Up' } },
];

const groupsByPrefix: Readonly<Record<string, readonly string[]>> = {
  ws: ['clients'],
  fs: ['servers', 'file_servers'],
  app: ['servers', 'app_servers'],
  prn: ['servers', 'print_servers'],
  old: ['servers', 'legacy'],
  dc: ['servers', 'domain_controllers'],
  sql: ['servers', 'sql_cluster'],
};
const canaries = ['fs-01', 'ws-001'];

/**
 * The fleet of the shipped inventory: clients, file, application and print servers, two domain controllers and a cluster
 * pair; some are fine already, and some are rightly held.
 */
export function demoScenario(): Scenario {
  const hosts = [...clients, ...servers].map((host) => ({
    ...host,
    name: `${host.name}.corp.example`,
    groups: [
      ...(groupsByPrefix[host.name.slice(0, host.name.indexOf('-'))] ?? []),
      ...(canaries.includes(host.name) ? ['canary'] : []),
    ],
  }));
  return Scenario.parse({
    hosts,
    reboot: { quietMs: [100, 250], downMs: [300, 1200], startingMs: [0, 150] },
  });
}
