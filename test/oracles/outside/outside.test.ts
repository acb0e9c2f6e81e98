import { watch } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { findPython } from '../ntlm/acceptor.ts';
import { OutsideFleet } from './outside-fleet.ts';
import { domainController, fileServer, server2012, workstation } from './outside-hosts.ts';

/** Starting a PowerShell takes seconds on a busy machine, and a night has some forty of them. */
const patience = 600_000;
const isThere = (): boolean => findPowerShell() !== undefined && findPython() !== undefined;

const playbook = `version: 1
name: outside
hosts: all
windows:
  now: { always: true }
defaults:
  concurrency: 4
  budget: { failed: 4, unreachable: 4, unknown: 0 }
phases:
  - name: audit
    controls:
      smb1-audit: { enabled: true }
  - name: hardening
    needs: [audit]
    window: now
    controls:
      smb1-server: { enabled: false }
      smb1-feature: { installed: false }
      smb-client-signing: { require: true }
      smb-server-signing: { require: true }
    reboot: { when: needed, timeout: 5m, settle: 1s }
    waves: [rest]
`;

oracle('Windows hosts of an outside server', isThere, () => {
  let fleet: OutsideFleet;
  const hardened = ['fs-01', 'ws-01', 'old-01'];
  beforeAll(async () => {
    const hosts = [
      fileServer('fs-01', { starting: 3 }),
      workstation('ws-01'),
      domainController('dc-01', { faults: { chunked: true } }),
      server2012('old-01'),
    ];
    fleet = await OutsideFleet.start(hosts, playbook);
  }, patience);
  afterAll(async () => {
    await fleet.stop();
  });

  test(
    'status tells each generation apart, in another language and another XML',
    async () => {
      const run = await fleet.cli(['status', '--json']);

      const { hosts } = JSON.parse(run.stdout) as { hosts: Status[] };
      const found = hosts.map((host) => [
        host.host,
        host.reach,
        host.facts?.os.build,
        host.facts?.os.role,
        host.facts?.bootTime,
        Object.fromEntries(host.controls.map(({ id, compliance }) => [id, compliance])),
      ]);
      const drifted = { 'smb1-feature': 'drifted', 'smb-client-signing': 'drifted' };
      const boot = '2026-11-20T03:59:58Z';
      const all = { 'smb1-audit': 'drifted', 'smb1-server': 'drifted', 'smb-server-signing': 'drifted' };
      expect(found).toEqual([
        ['fs-01', 'ok', 17_763, 'server', boot, { ...drifted, ...all }],
        ['ws-01', 'ok', 19_045, 'workstation', boot, { ...drifted, ...all, 'smb1-server': 'compliant' }],
        [
          'dc-01',
          'ok',
          14_393,
          'domain-controller',
          boot,
          { ...drifted, ...all, 'smb-server-signing': 'compliant' },
        ],
        ['old-01', 'ok', 9200, 'server', boot, { ...drifted, ...all, 'smb1-audit': 'not-applicable' }],
      ]);
    },
    patience,
  );

  test(
    'a wrong password is denied at the first try and no second one is made',
    async () => {
      const before = denials(fleet);

      const run = await fleet.cli(['ping', 'fs-01', '--json'], { OUTSIDE_PASSWORD: 'wrong' });

      const { hosts } = JSON.parse(run.stdout) as { hosts: Ping[] };
      expect(hosts).toMatchObject([{ host: 'fs-01', reach: 'denied', failure: { code: 'auth.denied' } }]);
      expect(run.code).toBe(1);
      expect(denials(fleet) - before).toBe(1);
    },
    patience,
  );

  test(
    'a fleet is hardened with one reboot a host and every write once, by controllers that are killed at random',
    async () => {
      const planned = await fleet.cli(['plan', 'all:!dc-01', '-o', 'plan.json']);
      expect(planned).toMatchObject({ code: 0 });

      const moments: number[] = [];
      let command = ['apply', 'plan.json'];
      for (let kills = 0; kills < 3; kills++) {
        const lines = 20 + Math.floor(Math.random() * 150);
        moments.push(lines);
        const wasKilled = await killAfter(fleet, command, lines);
        if (!wasKilled) break;
        command = ['resume'];
      }
      const last = await fleet.cli(command);

      const context = `killed after ${moments.join(', ')} lines of the hosts' log\n${last.stdout}\n${last.stderr}`;
      expect(last.code, context).toBe(0);
      const log = fleet.log();
      const times = (event: string) =>
        hardened.map((name) => log.filter((line) => line.host === name && line.event === event).length);
      expect(times('reboot'), context).toEqual([1, 1, 1]);
      expect(times('shutdown'), context).toEqual([1, 1, 1]);
      expect(twice(fleet), context).toEqual([]);
      const wrongs = ['in-clear', 'not-opened', 'repeated', 'stand-ins-failed'];
      expect(log.filter(({ event }) => wrongs.includes(event))).toEqual([]);
    },
    patience,
  );

  test(
    'the hosts themselves are as wanted afterwards, and the report and a second survey say so',
    async () => {
      const [status, report] = await Promise.all([
        fleet.cli(['status', 'all:!dc-01', '--json']),
        fleet.cli(['report', '--format', 'json']),
      ]);

      const { hosts } = JSON.parse(status.stdout) as { hosts: Status[] };
      const drifted = hosts.flatMap(({ host, controls }) =>
        controls.filter((it) => it.compliance !== 'compliant').map(({ id }) => `${host} ${id}`),
      );
      expect(drifted).toEqual(['old-01 smb1-audit']);
      expect(status.code).toBe(0);
      expect(JSON.parse(report.stdout)).toMatchObject({ counts: { changed: 3, failed: 0, unknown: 0 } });
      expect(fleet.state('fs-01')).toMatchObject({
        smbServer: { EnableSMB1Protocol: false, AuditSmb1Access: true, RequireSecuritySignature: true },
        smbClient: { RequireSecuritySignature: true },
        optionalFeatures: { SMB1Protocol: 'Disabled' },
        windowsFeatures: { 'FS-SMB1': 'Available' },
        shutdown: null,
      });
    },
    patience,
  );
});

oracle('hosts of an outside server that misbehave', isThere, () => {
  let fleet: OutsideFleet;
  beforeAll(async () => {
    const hosts = [
      fileServer('closing', { faults: { close: true } }),
      fileServer('forgetful', { faults: { forget: 3 } }),
      fileServer('slow', { faults: { slow: 0.7, dribble: 997 } }),
      fileServer('cut-receive', { faults: { cut: { Receive: 2 } } }),
      fileServer('cut-create', { faults: { cut: { Create: 1 } } }),
      fileServer('cut-command', { faults: { cut: { Command: 1 } } }),
      fileServer('full', { shells: 0 }),
      fileServer('standard-user', {}, { elevated: false }),
      fileServer('refusing', {}, { deny: ['Set-SmbServerConfiguration'] }),
    ];
    fleet = await OutsideFleet.start(hosts, playbook);
  }, patience);
  afterAll(async () => {
    await fleet.stop();
  });

  test(
    'what can be lived with is lived with, what was lost is said, and nothing is sent a second time',
    async () => {
      const run = await fleet.cli(['ping', '--json']);

      const { hosts } = JSON.parse(run.stdout) as { hosts: Ping[] };
      expect(hosts).toMatchObject([
        { host: 'closing', reach: 'ok', administrator: true },
        { host: 'forgetful', reach: 'ok', administrator: true },
        { host: 'slow', reach: 'ok', administrator: true },
        { host: 'cut-receive', reach: 'ok', administrator: true },
        // Asked for once more under its own ShellId, the shell exists already, and is ours.
        { host: 'cut-create', reach: 'ok', administrator: true },
        { host: 'cut-command', reach: 'ok', failure: { code: 'net.reset' } },
        { host: 'full', failure: { code: 'wsman.quota' } },
        { host: 'standard-user', reach: 'ok', administrator: false },
        { host: 'refusing', reach: 'ok', administrator: true },
      ]);
      expect(fleet.log().filter(({ event }) => event === 'kept')).toMatchObject([{ host: 'cut-receive' }]);
      expect(fleet.log().filter(({ event }) => event === 'repeated')).toEqual([]);
    },
    patience,
  );

  test(
    'what a host says when it refuses a write is told, though its cmdlet does not stop the script',
    async () => {
      await fleet.cli(['plan', 'refusing', '-o', 'plan.json']);

      const run = await fleet.cli(['apply', 'plan.json']);

      expect(run.code).toBe(1);
      expect(run.stdout).toContain('Zugriff verweigert');
    },
    patience,
  );
});

interface Status {
  readonly host: string;
  readonly reach: string;
  readonly facts?: {
    readonly os: { readonly build: number; readonly role: string };
    readonly bootTime: string;
  };
  readonly controls: readonly { readonly id: string; readonly compliance: string }[];
}

interface Ping {
  readonly host: string;
  readonly reach: string;
  readonly administrator?: boolean;
}

/** Kills a command when the hosts have logged so many lines more; false when it ended before. */
async function killAfter(fleet: OutsideFleet, command: readonly string[], lines: number): Promise<boolean> {
  const limit = fleet.log().length + lines;
  const { child, ended } = fleet.launch(command);
  const watcher = watch(fleet.logFile, () => {
    if (fleet.log().length >= limit) child.kill('SIGKILL');
  });
  const { code } = await ended;
  watcher.close();
  return code === null;
}

/** Writes that a host saw more than once. */
function twice(fleet: OutsideFleet): readonly string[] {
  const writes = fleet.log().filter(({ event }) => event === 'write');
  const texts = writes.map(({ host, what, value }) => `${host} ${what} ${value}`);
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}

function denials(fleet: OutsideFleet): number {
  return fleet.log().filter(({ event }) => event === 'denied').length;
}
