import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Facts, Readiness } from '../../src/model/facts.ts';
import { RebootAnswer, RebootEvidence } from '../../src/model/script-results.ts';
import { findPowerShell } from '../support/powershell.ts';
import { oracle } from '../support/oracles.ts';
import { StandInWindows } from './stand-in-windows.ts';
import { windows2019 } from './windows-2019.ts';

const control = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control`;
const current = String.raw`HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion`;
const prefetch = String.raw`${control}\Session Manager\Memory Management\PrefetchParameters`;
const text = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

oracle(
  'the probes in a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    let windows: StandInWindows;
    beforeAll(async () => {
      windows = await StandInWindows.start();
    });
    afterAll(async () => {
      await windows.stop();
    });
    const ask = async (name: string, args = {}) => {
      const read = await windows.read(name, args);
      if (!read.ok) throw read.error;
      return read.value;
    };

    test('facts tell a server with everything that can be asked', async () => {
      await windows.become(
        windows2019({
          registry: {
            [prefetch]: { BootId: 42 },
            [String.raw`HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`]: {
              UBR: 5329,
              EditionID: 'ServerStandard',
            },
            [String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc`]: { Start: 2 },
          },
          services: { LanmanServer: 'Running', LanmanWorkstation: 'StopPending', ClusSvc: 'Running' },
          clusterNode: 'Paused',
        }),
      );

      const facts = Facts.parse(await ask('survey/facts'));

      expect(facts).toMatchObject({
        bootTime: '2026-11-20T04:00:00Z',
        bootId: 42,
        hostTime: expect.stringMatching(text),
        os: {
          build: 17763,
          revision: 5329,
          caption: 'Microsoft Windows Server 2019 Standard',
          edition: 'ServerStandard',
          role: 'server',
        },
        computerName: 'FS-01',
        domain: 'corp.example',
        pendingReboot: [],
        servicing: 'idle',
        services: { LanmanServer: 'Running', LanmanWorkstation: 'StopPending', Netlogon: 'absent' },
        smb: {
          serverCmdlets: true,
          clientCmdlets: true,
          auditSmb1Access: true,
          optionalFeatureCmdlets: true,
          windowsFeatureCmdlets: true,
        },
        cluster: 'Paused',
      });
    });

    test('facts tell an old domain controller that can answer little', async () => {
      const nothing = { smbServer: null, smbClient: null, features: null, windowsFeatures: null };
      await windows.become(windows2019({ build: 7601, productType: 2, ...nothing }));

      const facts = Facts.parse(await ask('survey/facts'));

      expect(facts).toMatchObject({
        bootId: null,
        os: { build: 7601, revision: null, edition: '', role: 'domain-controller' },
        smb: {
          serverCmdlets: false,
          clientCmdlets: false,
          auditSmb1Access: false,
          optionalFeatureCmdlets: false,
          windowsFeatureCmdlets: false,
        },
        cluster: 'absent',
      });
    });

    test('a cluster service that is installed but disabled is no cluster', async () => {
      const registry = { [String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc`]: { Start: 4 } };
      await windows.become(windows2019({ registry, services: { ClusSvc: 'Stopped' } }));

      expect(await ask('survey/facts')).toMatchObject({ cluster: 'absent' });
    });

    test.each([
      ['component-based-servicing', { [String.raw`${current}\Component Based Servicing\RebootPending`]: {} }],
      ['windows-update', { [String.raw`${current}\WindowsUpdate\Auto Update\RebootRequired`]: {} }],
      [
        'file-rename',
        {
          [String.raw`${control}\Session Manager`]: {
            PendingFileRenameOperations: [String.raw`\??\C:\a.tmp`, ''],
          },
        },
      ],
      [
        'computer-rename',
        {
          [String.raw`${control}\ComputerName\ActiveComputerName`]: { ComputerName: 'FS-01' },
          [String.raw`${control}\ComputerName\ComputerName`]: { ComputerName: 'FS-09' },
        },
      ],
      [
        'server-manager',
        {
          [String.raw`HKLM:\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache`]: {
            RestartRequired: 1,
          },
        },
      ],
    ] as const)('a pending reboot is reported by its source: %s', async (source, registry) => {
      await windows.become(windows2019({ registry: registry as Record<string, Record<string, string[]>> }));

      const readiness = Readiness.parse(await ask('survey/readiness'));

      expect(readiness.pendingReboot).toEqual([source]);
    });

    test('renames that are done leave empty texts behind, which wait for nothing', async () => {
      const registry = {
        [String.raw`${control}\Session Manager`]: { PendingFileRenameOperations: ['', ''] },
      };
      await windows.become(windows2019({ registry }));

      expect(await ask('survey/readiness')).toMatchObject({ pendingReboot: [] });
    });

    test.each([
      [0, 'idle'],
      [1, 'waiting'],
      [2, 'working'],
    ])('component servicing %i is %s', async (ServicingInProgress, servicing) => {
      const registry = {
        [String.raw`${current}\Component Based Servicing\Interface`]: { ServicingInProgress },
      };
      await windows.become(windows2019({ registry }));

      expect(await ask('survey/readiness')).toMatchObject({ servicing });
    });

    test.each([
      ['an administrator', { elevated: true }, { administrator: true, memberOfAdministrators: true }],
      [
        'one whose token is filtered',
        { elevated: false },
        { administrator: false, memberOfAdministrators: true },
      ],
      [
        'anybody else',
        { elevated: false, memberOfAdministrators: false },
        { administrator: false, memberOfAdministrators: false },
      ],
    ])('rights are read without a localised word: %s', async (_, machine, rights) => {
      await windows.become(windows2019(machine));

      expect(await ask('survey/rights')).toEqual({ hostTime: expect.stringMatching(text), ...rights });
    });

    describe('a reboot request', () => {
      const bootTime = '2026-11-20T04:00:00Z';
      const args = {
        Nonce: 'n-1',
        Comment: 'Countersign "night" run',
        DelaySeconds: 2,
        BootTime: bootTime,
        BootId: 42,
      };
      const request = async (changes = {}) => {
        const written = await windows.write('engine/reboot-request', { ...args, ...changes });
        if (!written.ok) throw written.error;
        return RebootAnswer.parse(written.value);
      };
      const evidence = async (since: string | null = '2026-11-19T00:00:00Z') =>
        RebootEvidence.parse(await ask('engine/reboot-evidence', { Nonce: 'n-1', Since: since }));
      const start = { log: 'System', provider: 'EventLog', id: 6005, at: '2026-11-01T04:00:05Z', values: [] };
      const someone = {
        log: 'System',
        provider: 'User32',
        id: 1074,
        at: '2026-11-10T01:00:00Z',
        values: ['n-0'],
      };
      const events = [start, someone];
      const registry = { [prefetch]: { BootId: 42 } };

      test('is accepted, and found again in the event log by its nonce', async () => {
        await windows.become(windows2019({ registry, events }));

        expect(await evidence()).toMatchObject({ requested: 'no', requestedAt: null });
        expect(await request()).toEqual({
          accepted: true,
          exitCode: 0,
          reason: 'accepted',
          bootTime,
          bootId: 42,
        });
        expect(await evidence()).toMatchObject({
          requested: 'yes',
          requestedAt: expect.stringMatching(text),
          bootTime,
          bootId: 42,
        });
      });

      test.each([
        ['by its boot time', { BootTime: '2026-11-20T03:50:00Z', BootId: null }],
        ['by its boot counter', { BootId: 41 }],
        ['by its boot time, where the counter stands still', { BootTime: '2026-11-20T03:50:00Z' }],
      ])('is not carried out when the machine has restarted since, %s', async (_, changes) => {
        await windows.become(windows2019({ registry, events }));

        expect(await request(changes)).toMatchObject({
          accepted: false,
          exitCode: null,
          reason: 'already-rebooted',
        });
        expect(await evidence()).toMatchObject({ requested: 'no' });
      });

      test.each([
        [1190, 'shutdown-already-scheduled'],
        [1115, 'shutdown-in-progress'],
        [1191, 'users-logged-on'],
        [5, 'access-denied'],
        [87, 'refused'],
      ])('that shutdown.exe answers with %i is %s', async (shutdownExitCode, reason) => {
        await windows.become(windows2019({ registry, events, shutdownExitCode }));

        expect(await request()).toMatchObject({ accepted: false, exitCode: shutdownExitCode, reason });
      });

      test.each([
        [
          'when the log does not reach back',
          [{ ...start, at: '2026-11-19T12:00:00Z' }],
          '2026-11-19T00:00:00Z',
        ],
        ['when nobody says since when', events, null],
        ['when the log is empty', [], '2026-11-19T00:00:00Z'],
      ])('that the log does not show is unknown %s', async (_, given, since) => {
        await windows.become(windows2019({ events: given }));

        expect(await evidence(since)).toMatchObject({ requested: 'unknown', requestedAt: null });
      });
    });
  },
);
