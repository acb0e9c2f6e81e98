import { formatInstant } from '../../core/time.ts';
import type { Facts, Readiness } from '../../model/facts.ts';
import type { Rights } from '../../model/script-results.ts';
import type { WindowsState } from '../../model/windows-state.ts';
import { bootId } from '../windows/boot.ts';
import { pendingReboot, servicing } from '../windows/pending-reboot.ts';
import { readValue } from '../windows/registry.ts';
import type { SimulatedWindows } from '../windows/simulated-windows.ts';

const version = String.raw`HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`;
const clusterService = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc`;
const roles = { 1: 'workstation', 2: 'domain-controller', 3: 'server' } as const;
const probedServices = ['LanmanServer', 'LanmanWorkstation', 'Netlogon'] as const;
/** `Start` of a service that was switched off. */
const disabled = 4;

/** What `survey/readiness.ps1` gives. */
export function readiness(windows: SimulatedWindows): Readiness {
  const { state } = windows;
  return {
    bootTime: state.bootTime,
    bootId: bootId(state),
    hostTime: formatInstant(windows.now()),
    pendingReboot: [...pendingReboot(state.registry)],
    servicing: servicing(state.registry),
    services: Object.fromEntries(
      probedServices.map((name) => [name, state.services[name] ?? 'absent'] as const),
    ),
  };
}

/** What `survey/facts.ps1` gives. */
export function facts(windows: SimulatedWindows): Facts {
  const { state } = windows;
  const revision = readValue(state.registry, version, 'UBR');
  const edition = readValue(state.registry, version, 'EditionID');
  return {
    ...readiness(windows),
    os: {
      build: state.build,
      revision: typeof revision === 'number' ? revision : null,
      caption: state.caption,
      edition: typeof edition === 'string' ? edition : '',
      role: roles[state.productType],
    },
    computerName: state.computerName,
    domain: state.domain,
    powershell: state.powershell,
    smb: {
      serverCmdlets: state.smbServer !== null,
      clientCmdlets: state.smbClient !== null,
      auditSmb1Access: typeof state.smbServer?.['AuditSmb1Access'] === 'boolean',
      optionalFeatureCmdlets: state.features !== null,
      windowsFeatureCmdlets: state.windowsFeatures !== null,
    },
    cluster: cluster(state),
  };
}

/** What `survey/rights.ps1` gives. */
export function rights(windows: SimulatedWindows): Rights {
  const { elevated = true, memberOfAdministrators = true } = windows.state;
  return { hostTime: formatInstant(windows.now()), administrator: elevated, memberOfAdministrators };
}

/** The service is installed with the feature, but disabled until the host joins a cluster. */
function cluster({ registry, services, clusterNode }: WindowsState): string {
  const start = readValue(registry, clusterService, 'Start');
  if (start === undefined || start === disabled) return 'absent';
  const service = services['ClusSvc'] ?? 'Stopped';
  return service === 'Running' ? (clusterNode ?? 'unsupported') : service;
}
