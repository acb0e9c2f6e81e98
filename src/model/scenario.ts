import { z } from 'zod';
import { HostRole, PendingRebootSource } from './facts.ts';
import { WindowsCase } from './windows-case.ts';
import { UnrecordedPolicy } from './windows-state.ts';

/** The releases of Windows that the lab knows, by build preset. */
export const BuildName = z.enum([
  'windows-7',
  'windows-8.1',
  'windows-10-1809',
  'windows-10-22h2',
  'windows-11-23h2',
  'windows-11-24h2',
  'server-2008-r2',
  'server-2012',
  'server-2012-r2',
  'server-2016',
  'server-2019',
  'server-2022',
  'server-2025',
]);
export type BuildName = z.infer<typeof BuildName>;

const count = z.number().int().min(1).default(1);
const lengthMs = z.number().int().min(0);

/** A way in which one host is unwell. Times of a fault are real milliseconds: sockets know no other. */
export const HostFault = z.discriminatedUnion('kind', [
  /** The port refuses. */
  z.strictObject({ kind: z.literal('unreachable') }),
  /** Accepts, and never answers. */
  z.strictObject({ kind: z.literal('tarpit') }),
  /** Answers with bytes that are no SOAP. */
  z.strictObject({ kind: z.literal('garbage') }),
  /** Denies every logon. */
  z.strictObject({ kind: z.literal('denied') }),
  /** Stays down this much longer. */
  z.strictObject({ kind: z.literal('slow-reboot'), extraMs: lengthMs }),
  /** Reboots once more by itself after having been up this long. */
  z.strictObject({ kind: z.literal('second-reboot'), afterMs: lengthMs }),
  /** Does not come back. */
  z.strictObject({ kind: z.literal('stays-down') }),
  /** Goes on answering this long, on the old boot, after the shutdown was due. */
  z.strictObject({ kind: z.literal('lingers'), forMs: lengthMs }),
  /** The control script of this name throws. */
  z.strictObject({ kind: z.literal('script-throws'), script: z.string(), message: z.string() }),
  /** The connection is reset after a script of this name has run, so the outcome of the first `times` is not known. */
  z.strictObject({ kind: z.literal('loses-answer'), script: z.string(), times: count }),
  /** Features stay pending over this many more boots. */
  z.strictObject({ kind: z.literal('servicing-needs-boots'), boots: count }),
]);
export type HostFault = z.infer<typeof HostFault>;

const merged = <T extends z.ZodType>(data: T) => z.record(z.string(), data.nullable()).exactOptional();

/** What differs from a fresh installation. Maps are merged, and `null` takes a member away; all else is replaced. */
export const WindowsOverrides = z.strictObject({
  registry: merged(z.record(z.string(), z.union([z.number().int(), z.string(), z.array(z.string())]))),
  smbServer: merged(z.boolean()),
  smbClient: merged(z.boolean()),
  features: merged(z.string()),
  windowsFeatures: merged(z.string()),
  services: merged(z.string()),
  policies: WindowsCase.shape.policies.unwrap().exactOptional(),
  clusterNode: WindowsCase.shape.clusterNode.unwrap().exactOptional(),
  domain: z.string().exactOptional(),
  /** False: accounts log on without an administrator's token. */
  elevated: z.boolean().exactOptional(),
  /** False: nor are they in the group of administrators, so that no token was filtered. */
  memberOfAdministrators: z.boolean().exactOptional(),
  powershell: z.string().exactOptional(),
  clockOffsetMs: z.number().int().exactOptional(),
  unrecordedPolicies: z.array(UnrecordedPolicy).exactOptional(),
  /** Who else waits for a restart, before we come. */
  pendingReboot: z.array(PendingRebootSource).exactOptional(),
  /** Comment of a restart that somebody at the console has scheduled. */
  foreignShutdown: z.string().exactOptional(),
});
export type WindowsOverrides = z.infer<typeof WindowsOverrides>;

/** Switches the SMB1 feature on or off with all that belongs to it, whatever the build. */
export const Smb1State = z.enum(['as-shipped', 'on', 'off', 'client-only']);
export type Smb1State = z.infer<typeof Smb1State>;

export const ScenarioHost = z.strictObject({
  /** The name in the inventory. */
  name: z.string().min(1),
  build: BuildName,
  /** Workstation or server after the build, where absent. */
  role: HostRole.exactOptional(),
  groups: z.array(z.string()).default([]),
  smb1: Smb1State.default('as-shipped'),
  already: WindowsOverrides.default({}),
  faults: z.array(HostFault).default([]),
});
export type ScenarioHost = z.infer<typeof ScenarioHost>;

const Range = z.tuple([lengthMs, lengthMs]);

/** A fleet for the lab. The ranges are real milliseconds, from which each reboot draws. */
export const Scenario = z.strictObject({
  version: z.literal(1).default(1),
  hosts: z.array(ScenarioHost).min(1).max(5000),
  reboot: z
    .strictObject({
      /** From the answer to the end of WinRM, once nobody talks to it; the delay asked for is the longest wait. */
      quietMs: Range.default([100, 250]),
      /** While the port refuses. */
      downMs: Range.default([300, 1200]),
      /** While WinRM answers 503. */
      startingMs: Range.default([0, 150]),
    })
    .prefault({}),
});
export type Scenario = z.infer<typeof Scenario>;
