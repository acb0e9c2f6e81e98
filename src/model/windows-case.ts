import { z } from 'zod';

/** What a registry value holds: a DWORD, a string, or the strings of a REG_MULTI_SZ. */
const RegistryData = z.union([z.number().int(), z.string(), z.array(z.string())]);

/** A value that a group policy sets, as the record of the last policy run (RSoP) shows its winner. */
const PolicySetting = z.strictObject({
  /** `security-option` is recorded as RSOP_RegistryValue, `registry-policy` (registry.pol) as RSOP_RegistryPolicySetting. */
  source: z.enum(['security-option', 'registry-policy']),
  /** As in a control's field source, `HKLM:\…`. */
  key: z.string(),
  value: z.string(),
  data: z.union([z.number().int(), z.string()]),
  gpo: z.string(),
});

const WindowsEvent = z.strictObject({
  log: z.string(),
  provider: z.string(),
  id: z.number().int(),
  at: z.string(),
  values: z.array(z.string()),
});

/**
 * A Windows as far as our scripts can see it, neutral between those who play it: stand-in cmdlets in a real PowerShell,
 * and the lab's model. Whatever is `null` or left out does not exist on that Windows.
 */
export const WindowsCase = z.strictObject({
  build: z.number().int(),
  /** `Win32_OperatingSystem.ProductType`: 1 workstation, 2 domain controller, 3 server. */
  productType: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  caption: z.string().default('Microsoft Windows'),
  computerName: z.string().default('HOST-01'),
  domain: z.string().default('corp.example'),
  bootTime: z.string().default('2026-11-20T04:00:00Z'),
  /** Key (`HKLM:\…`) → value name → data; a key without values is `{}`. */
  registry: z.record(z.string(), z.record(z.string(), RegistryData)).default({}),
  /** Properties that `Get-SmbServerConfiguration` shows; `null`: no such cmdlets. */
  smbServer: z.record(z.string(), z.boolean()).nullable(),
  smbClient: z.record(z.string(), z.boolean()).nullable(),
  /** Optional feature → `State` by name; `null`: no such cmdlets. */
  features: z.record(z.string(), z.string()).nullable(),
  /** Server role feature → `InstallState` by name; `null`: no such cmdlets. */
  windowsFeatures: z.record(z.string(), z.string()).nullable().default(null),
  /** Service → `Status` by name. */
  services: z
    .record(z.string(), z.string())
    .default({ LanmanServer: 'Running', LanmanWorkstation: 'Running', Netlogon: 'Running' }),
  /** `null`: the record of policies cannot be read (no RSoP namespace). */
  policies: z.array(PolicySetting).nullable().default([]),
  /** `State` of this cluster node; `null`: the host is in no cluster. */
  clusterNode: z.string().nullable().default(null),
  events: z.array(WindowsEvent).default([]),
  /** False: the logon has no administrator's token. */
  elevated: z.boolean().exactOptional(),
  /** False: nor is its account in the group of administrators, so that no token was filtered. */
  memberOfAdministrators: z.boolean().exactOptional(),
  /** What `shutdown.exe` answers. */
  shutdownExitCode: z.number().int().default(0),
});
export type WindowsCase = z.infer<typeof WindowsCase>;
