import { formatInstant, hours, instant, minus } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';
import type { HostRole } from '../../model/facts.ts';
import type { ScenarioHost, WindowsOverrides } from '../../model/scenario.ts';
import type { WindowsState } from '../../model/windows-state.ts';
import type { Chance } from '../prng.ts';
import { withEvent } from './boot.ts';
import type { WindowsBuild } from './builds.ts';
import { windowsBuilds } from './builds.ts';
import { requiresSigning } from './defaults.ts';
import { withPendingReboot } from './pending-reboot.ts';
import { withPoliciesApplied } from './policies.ts';
import { keys } from './registry.ts';
import { smb1Parts } from './smb1-parts.ts';
import { withSettingsFromRegistry } from './smb-settings.ts';

const version = String.raw`HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`;
const prefetch = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`;
const clusterService = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc`;
const computerNames = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName`;

const productTypes = { workstation: 1, 'domain-controller': 2, server: 3 } as const;

/**
 * A machine as its scenario describes it: the release out of the box, SMB1 as told, then whatever is different.
 *
 * @param at - The fleet's time now; the machine has been up for some days.
 */
export function installWindows(host: ScenarioHost, at: Instant, chance: Chance): WindowsState {
  const build = windowsBuilds[host.build];
  const role = host.role ?? (build.kind === 'client' ? 'workstation' : 'server');
  const clockOffsetMs = host.already.clockOffsetMs ?? 0;
  const now = instant(at + clockOffsetMs);
  const booted = formatInstant(minus(now, hours(chance.between([30, 900]))));
  const fresh = outOfTheBox(host, build, role, { booted, bootId: chance.between([20, 400]) });
  const logged = withEvent(fresh, { provider: 'EventLog', id: 6005, at: booted, values: [] });
  const different = withOverrides({ ...logged, clockOffsetMs }, host.already);
  return withPoliciesApplied(different, formatInstant(now));
}

function outOfTheBox(
  host: ScenarioHost,
  build: WindowsBuild,
  role: HostRole,
  { booted, bootId }: { readonly booted: string; readonly bootId: number },
): WindowsState {
  const computerName = (host.name.split('.')[0] ?? host.name).toUpperCase().slice(0, 15);
  const productType = productTypes[role];
  const smb1 = smb1Parts(build, host.smb1);
  const state: WindowsState = {
    ...{ build: build.build, productType, caption: build.caption, computerName, bootTime: booted },
    ...{ domain: 'corp.example', powershell: build.powershell, clockOffsetMs: 0, shutdownExitCode: 0 },
    registry: {
      ...smb1.registry,
      [keys.server]: signingValues(build, 'smbServer', productType),
      [keys.client]: signingValues(build, 'smbClient', productType),
      [version]: { UBR: build.revision, EditionID: build.edition },
      [prefetch]: { BootId: bootId },
      [`${computerNames}\\ActiveComputerName`]: { ComputerName: computerName },
      [`${computerNames}\\ComputerName`]: { ComputerName: computerName },
    },
    smbServer: build.cmdlets ? serverSettings(build) : null,
    smbClient: build.cmdlets ? clientSettings(build) : null,
    features: build.cmdlets ? smb1.features : null,
    windowsFeatures: build.cmdlets && build.kind === 'server' ? smb1.windowsFeatures : null,
    services: { LanmanServer: 'Running', LanmanWorkstation: 'Running', Netlogon: 'Running' },
    policies: role === 'domain-controller' ? domainControllerPolicies : [],
    ...{ unrecordedPolicies: [], policiesAppliedAt: booted, servicingBoots: servicingBoots(host) },
    ...{ clusterNode: null, shutdown: null, events: [] },
  };
  return withSettingsFromRegistry(state);
}

/** Before 24H2 set-up writes the values; after it their absence is what signs. */
function signingValues(
  { build }: WindowsBuild,
  side: 'smbServer' | 'smbClient',
  productType: WindowsState['productType'],
): Record<string, number> {
  if (requiresSigning('smbClient', { build, productType })) return {};
  return { EnableSecuritySignature: side === 'smbClient' ? 1 : 0, RequireSecuritySignature: 0 };
}

function serverSettings({ auditsSmb1, smbAudits }: WindowsBuild): Record<string, boolean> {
  return {
    ...{ EnableSMB1Protocol: false, EnableSMB2Protocol: true, EncryptData: false },
    ...{ RejectUnencryptedAccess: true, RequireSecuritySignature: false, EnableSecuritySignature: false },
    ...(auditsSmb1 ? { AuditSmb1Access: false } : {}),
    ...(smbAudits ? { AuditClientDoesNotSupportSigning: false, AuditInsecureGuestLogon: false } : {}),
  };
}

function clientSettings({ smbAudits }: WindowsBuild): Record<string, boolean> {
  return {
    ...{ RequireSecuritySignature: false, EnableSecuritySignature: true },
    ...(smbAudits ? { AuditServerDoesNotSupportSigning: false, BlockNTLM: false } : {}),
  };
}

/** The Default Domain Controllers Policy signs, on any build. */
const domainControllerPolicies: NonNullable<WindowsState['policies']> = [
  'RequireSecuritySignature',
  'EnableSecuritySignature',
].map((value) => ({
  ...{ source: 'security-option', key: keys.server, value, data: 1 },
  gpo: 'Default Domain Controllers Policy',
}));

function servicingBoots({ faults }: ScenarioHost): number {
  return faults.reduce((sum, it) => sum + (it.kind === 'servicing-needs-boots' ? it.boots : 0), 0);
}

function withOverrides(state: WindowsState, already: WindowsOverrides): WindowsState {
  const { pendingReboot = [], foreignShutdown, clusterNode } = already;
  const registry = pendingReboot.reduce(
    withPendingReboot,
    withValues(state.registry, already.registry ?? {}),
  );
  const cluster = typeof clusterNode === 'string' ? { [clusterService]: { Start: 2 } } : {};
  return {
    ...state,
    registry: { ...registry, ...cluster },
    smbServer: merge(state.smbServer, already.smbServer),
    smbClient: merge(state.smbClient, already.smbClient),
    features: merge(state.features, already.features),
    windowsFeatures: merge(state.windowsFeatures, already.windowsFeatures),
    services: {
      ...merge(state.services, already.services),
      ...(typeof clusterNode === 'string' ? { ClusSvc: 'Running' } : {}),
    },
    policies: already.policies === undefined ? state.policies : already.policies,
    clusterNode: clusterNode ?? null,
    domain: already.domain ?? state.domain,
    powershell: already.powershell ?? state.powershell,
    elevated: already.elevated ?? true,
    memberOfAdministrators: already.memberOfAdministrators ?? true,
    unrecordedPolicies: already.unrecordedPolicies ?? [],
    shutdown: foreignShutdown === undefined ? null : { comment: foreignShutdown, by: 'somebody' },
  };
}

/** Values over those of the same key; a key that is null is taken away. */
function withValues(
  registry: WindowsState['registry'],
  changes: NonNullable<WindowsOverrides['registry']>,
): WindowsState['registry'] {
  const keysToMerge = Object.entries(changes).map(([key, values]) => [
    key,
    values === null ? null : { ...registry[key], ...values },
  ]);
  return merge(registry, Object.fromEntries(keysToMerge) as Record<string, unknown>);
}

/** Members of `changes` over those of `base`; null takes one away. Nothing can be added to what does not exist. */
function merge<T extends Record<string, unknown> | null>(
  base: T,
  changes: Readonly<Record<string, unknown>> | undefined,
): T {
  if (base === null) return base;
  const merged = Object.entries({ ...base, ...changes }).filter(([, member]) => member !== null);
  return Object.fromEntries(merged) as T;
}
