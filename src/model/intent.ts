import { z } from 'zod';
import { BootIdentity } from './facts.ts';
import { ControlState } from './observation.ts';

const common = {
  /** Unique within the run, and the same on any machine: `phase/host/kind[:control]#attempt`. */
  id: z.string(),
  host: z.string(),
  phase: z.string(),
};

/** Surveys a host before it is touched, and compares it with the plan. Reads only. */
export const ProbeHost = z.object({ ...common, kind: z.literal('probe-host') });
export type ProbeHost = z.infer<typeof ProbeHost>;

/** Writes the drifted fields of one control. */
export const WriteControl = z.object({
  ...common,
  kind: z.literal('write-control'),
  control: z.string(),
  /** The state that the probe found; the value to restore when the change is undone. */
  found: ControlState,
  change: ControlState,
  /** The host refuses the write after this instant (policy time; translated into host time when it is sent). */
  validUntil: z.string(),
});
export type WriteControl = z.infer<typeof WriteControl>;

/** Members of a redundancy set that must be up, apart from the host that reboots. */
export const SetGuard = z.object({
  set: z.string(),
  partners: z.array(z.string()),
  /** How many of `partners` must be healthy right before the reboot. */
  minHealthy: z.number().int(),
});
export type SetGuard = z.infer<typeof SetGuard>;

/** Reboots a host once, and waits until it is proven to be back. */
export const RebootHost = z.object({
  ...common,
  kind: z.literal('reboot-host'),
  /** Travels in the shutdown comment, so that the host's event log tells whether the request arrived. */
  nonce: z.string(),
  validUntil: z.string(),
  bootBefore: BootIdentity,
  /** Longest time to wait for the host to be back, as duration text. */
  timeout: z.string(),
  guards: z.array(SetGuard),
});
export type RebootHost = z.infer<typeof RebootHost>;

/** Surveys a host again after its changes. Reads only. */
export const VerifyHost = z.object({
  ...common,
  kind: z.literal('verify-host'),
  /** The boot that must still be running; null where the phase did not reboot the host. */
  boot: BootIdentity.nullable(),
});
export type VerifyHost = z.infer<typeof VerifyHost>;

/** What the engine is about to do to a host: durable in the journal before it is done. */
export const Intent = z.discriminatedUnion('kind', [ProbeHost, WriteControl, RebootHost, VerifyHost]);
export type Intent = z.infer<typeof Intent>;
export type IntentKind = Intent['kind'];
