import { afterAll, beforeAll, expect, test } from 'vitest';
import { frameScript } from '../../../src/core/script-frame.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { formatInstant, instant, minutes, plus } from '../../../src/core/time.ts';
import type { WindowsCase } from '../../../src/model/windows-case.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { StandInWindows } from '../../windows/stand-in-windows.ts';
import { windows2019 } from '../../windows/windows-2019.ts';
import { modelOf, runScript } from '../../lab/model.ts';

const at = instant(Date.UTC(2026, 10, 24, 22));
const control = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control`;
const current = String.raw`HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion`;
const prefetch = String.raw`${control}\Session Manager\Memory Management\PrefetchParameters`;
const cluster = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc`;
const servicing = (ServicingInProgress: number) => ({
  [String.raw`${current}\Component Based Servicing\Interface`]: { ServicingInProgress },
});
const noCmdlets = { smbServer: null, smbClient: null, features: null, windowsFeatures: null };
const boot6005 = { log: 'System', provider: 'EventLog', id: 6005, at: '2026-11-01T04:00:05Z', values: [] };
const request = {
  log: 'System',
  provider: 'User32',
  id: 1074,
  at: '2026-11-10T01:00:00Z',
  values: ['x n-1'],
};

const machines: Readonly<Record<string, WindowsCase>> = {
  'a server as it is delivered': windows2019(),
  'a machine that counts its boots': windows2019({ registry: { [prefetch]: { BootId: 42 } } }),
  'an old domain controller': windows2019({ build: 7601, productType: 2, ...noCmdlets }),
  'a client whose administrator is filtered': windows2019({ productType: 1, elevated: false }),
  'a client without an administrator': windows2019({
    ...{ productType: 1, elevated: false, memberOfAdministrators: false },
  }),
  'a server with names and numbers': windows2019({
    registry: {
      [String.raw`HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`]: {
        UBR: 5329,
        EditionID: 'ServerStandard',
      },
    },
  }),
  'a paused node of a cluster': windows2019({
    registry: { [cluster]: { Start: 2 } },
    services: { LanmanServer: 'Running', LanmanWorkstation: 'StopPending', ClusSvc: 'Running' },
    clusterNode: 'Paused',
  }),
  'a node whose service is stopped': windows2019({
    registry: { [cluster]: { Start: 2 } },
    services: { ClusSvc: 'Stopped' },
  }),
  'a cluster service that is disabled': windows2019({
    registry: { [cluster]: { Start: 4 } },
    services: { ClusSvc: 'Stopped' },
  }),
  'everything pending': windows2019({
    registry: {
      [String.raw`${current}\Component Based Servicing\RebootPending`]: {},
      [String.raw`${current}\WindowsUpdate\Auto Update\RebootRequired`]: {},
      [String.raw`${control}\Session Manager`]: {
        PendingFileRenameOperations: [String.raw`\??\C:\a.tmp`, ''],
      },
      [String.raw`${control}\ComputerName\ActiveComputerName`]: { ComputerName: 'FS-01' },
      [String.raw`${control}\ComputerName\ComputerName`]: { ComputerName: 'FS-09' },
      [String.raw`HKLM:\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache`]: {
        RestartRequired: 1,
      },
      ...servicing(1),
    },
  }),
  'renames that are done': windows2019({
    registry: { [String.raw`${control}\Session Manager`]: { PendingFileRenameOperations: ['', ''] } },
  }),
  'servicing at work': windows2019({ registry: servicing(2) }),
  'a log with a request': windows2019({ events: [boot6005, request] }),
  'a log without a request': windows2019({ events: [boot6005] }),
  'a log that wrapped': windows2019({ events: [{ ...boot6005, at: '2026-11-19T12:00:00Z' }] }),
};

const probes: readonly (readonly [name: string, args: JsonObject])[] = [
  ['survey/facts', {}],
  ['survey/readiness', {}],
  ['survey/rights', {}],
  ['engine/reboot-evidence', { Nonce: 'n-1', Since: '2026-11-19T00:00:00Z' }],
  ['engine/reboot-evidence', { Nonce: 'n-1', Since: null }],
];

const asked = { Nonce: 'n-1', Comment: 'a "planned" one', DelaySeconds: 2, BootTime: '2026-11-20T04:00:00Z' };
const requests: readonly (readonly [title: string, windows: WindowsCase, args: JsonObject])[] = [
  ['of this boot', windows2019(), { ...asked, BootId: null }],
  ['of another boot time', windows2019(), { ...asked, BootTime: '2026-11-20T03:50:00Z' }],
  [
    'of another boot counter',
    windows2019({ registry: { [prefetch]: { BootId: 42 } } }),
    { ...asked, BootId: 41 },
  ],
  ['that Windows refuses', windows2019({ shutdownExitCode: 5 }), asked],
  ['after somebody scheduled one', windows2019({ shutdownExitCode: 1190 }), asked],
  ['refused for a reason without a name', windows2019({ shutdownExitCode: 87 }), asked],
];

oracle(
  'the model against the scripts in a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    let real: StandInWindows;
    beforeAll(async () => {
      real = await StandInWindows.start();
    });
    afterAll(async () => {
      await real.stop();
    });

    test.each(Object.entries(machines))('answers every probe as the script does: %s', async (_, windows) => {
      const model = modelOf(windows, at);
      await real.become(windows);

      for (const [name, args] of probes) {
        const script = frameScript({ kind: 'read', name, text: '' });
        const modelled = await runScript(model, { script, parameters: { Arguments: args } });
        const told = await real.read(name, args);

        expect(comparable(modelled), name).toEqual(comparable(told));
      }
    });

    test.each(requests)(
      'answers a request for a restart as the script does: %s',
      async (_, windows, args) => {
        const name = 'engine/reboot-request';
        const script = frameScript({ kind: 'write', name, text: '' });
        await real.become(windows);

        const modelled = await runScript(modelOf(windows, at), {
          ...{ script, parameters: { Arguments: args, ValidUntil: formatInstant(plus(at, minutes(1))) } },
        });

        expect(comparable(modelled)).toEqual(comparable(await real.write(name, args)));
      },
    );
  },
);

/** An answer without what tells the two apart rightly: the time, and the version of PowerShell. */
function comparable(answer: { readonly ok: boolean; readonly value?: unknown }): unknown {
  expect(answer.ok).toBe(true);
  const { hostTime, powershell: _, ...rest } = answer.value as JsonObject;
  return { ...rest, ...(hostTime === undefined ? {} : { hostTime: typeof hostTime }) };
}
