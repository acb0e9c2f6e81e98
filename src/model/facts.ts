import { z } from 'zod';

/** A source of a pending reboot, by its own name (knowledge: five independent answers and more). */
export const PendingRebootSource = z.enum([
  'component-based-servicing',
  'windows-update',
  'file-rename',
  'computer-rename',
  'server-manager',
  'configuration-manager',
]);
export type PendingRebootSource = z.infer<typeof PendingRebootSource>;

export const HostRole = z.enum(['workstation', 'server', 'domain-controller']);
export type HostRole = z.infer<typeof HostRole>;

/** Which start of the machine this is; two readings are the same boot when `bootId` agrees, or without it `bootTime` within a tolerance. */
export const BootIdentity = z.object({
  /** `LastBootUpTime`, UTC, whole seconds. */
  bootTime: z.string(),
  /** The Memory Manager's boot counter, where the registry has it. */
  bootId: z.number().int().nullable(),
});
export type BootIdentity = z.infer<typeof BootIdentity>;

/** What `survey/readiness.ps1` gives: small enough to poll with while a host comes back. */
export const Readiness = BootIdentity.extend({
  /** The host's clock, UTC. */
  hostTime: z.string(),
  pendingReboot: z.array(PendingRebootSource),
  /** Component servicing: `working` means do not touch. */
  servicing: z.enum(['idle', 'waiting', 'working']),
  /** State of the services that SMB and logons need, by service name: `Running`, `Stopped`, …, `absent`. */
  services: z.record(z.string(), z.string()),
});
export type Readiness = z.infer<typeof Readiness>;

/** What `survey/facts.ps1` gives. */
export const Facts = Readiness.extend({
  os: z.object({
    build: z.number().int(),
    revision: z.number().int().nullable(),
    caption: z.string(),
    edition: z.string(),
    role: HostRole,
  }),
  computerName: z.string(),
  domain: z.string(),
  powershell: z.string(),
  /** What this host can answer, by feature detection, never by version. */
  smb: z.object({
    serverCmdlets: z.boolean(),
    clientCmdlets: z.boolean(),
    auditSmb1Access: z.boolean(),
    optionalFeatureCmdlets: z.boolean(),
    windowsFeatureCmdlets: z.boolean(),
  }),
  /** Cluster node state, `absent` where there is no cluster. */
  cluster: z.string(),
});
export type Facts = z.infer<typeof Facts>;
