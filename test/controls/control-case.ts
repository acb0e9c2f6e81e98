import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Assessment } from '../../src/model/compliance.ts';
import { ControlState } from '../../src/model/observation.ts';
import { Facts } from '../../src/model/facts.ts';
import { WindowsCase } from '../../src/model/windows-case.ts';

/**
 * One case of one control, for everything that knows controls: the judgement, the scripts in a real PowerShell, and the
 * lab's model of Windows. Lives in `cases/<control>/<name>.json`.
 */
const ControlCase = z.strictObject({
  title: z.string(),
  windows: WindowsCase,
  /** What `get.ps1` gives on that Windows. */
  state: ControlState,
  wanted: ControlState,
  /** `found` is `state`, so it is left out. */
  assessment: Assessment.omit({ found: true }).strict(),
  /** What `get.ps1` gives after `set.ps1` made the change, before any restart; only where there is a change. */
  after: ControlState.exactOptional(),
});
export type ControlCase = z.infer<typeof ControlCase> & { readonly control: string; readonly file: string };

const folder = join(import.meta.dirname, 'cases');

/** Every case of every control. */
export function controlCases(): readonly ControlCase[] {
  return readdirSync(folder).flatMap((control) =>
    readdirSync(join(folder, control)).map((name) => {
      const file = join(folder, control, name);
      const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return { ...ControlCase.parse(parsed), control, file: `${control}/${name}` };
    }),
  );
}

/** Facts of a Windows, as far as judgements look at them. */
export function factsOf(windows: WindowsCase): Facts {
  const roles = { 1: 'workstation', 2: 'domain-controller', 3: 'server' } as const;
  return {
    bootTime: windows.bootTime,
    bootId: null,
    hostTime: windows.bootTime,
    pendingReboot: [],
    servicing: 'idle',
    services: windows.services,
    os: {
      build: windows.build,
      revision: null,
      caption: windows.caption,
      edition: '',
      role: roles[windows.productType],
    },
    computerName: windows.computerName,
    domain: windows.domain,
    powershell: '5.1',
    smb: {
      serverCmdlets: windows.smbServer !== null,
      clientCmdlets: windows.smbClient !== null,
      auditSmb1Access: windows.smbServer?.['AuditSmb1Access'] !== undefined,
      optionalFeatureCmdlets: windows.features !== null,
      windowsFeatureCmdlets: windows.windowsFeatures !== null,
    },
    cluster: windows.clusterNode ?? 'absent',
  };
}
