import { z } from 'zod';
import type { ControlState } from './observation.ts';
import { Freeze, MaintenanceWindow } from './schedule.ts';

/** A count or a share of hosts: `2` or `5%`. */
export const Amount = z.union([z.number().int().min(0), z.string().regex(/^(100|\d{1,2})%$/)]);
export type Amount = z.infer<typeof Amount>;

/** Tolerated hosts; one more stops. */
export const Budget = z.strictObject({
  failed: Amount.exactOptional(),
  unreachable: Amount.exactOptional(),
  unknown: Amount.exactOptional(),
});
export type Budget = z.infer<typeof Budget>;

/** `rest`, a share, a count, a pattern, or a pattern with a soak of its own. */
export const Wave = z.union([
  z.number().int().min(1),
  z.string().min(1),
  z.strictObject({
    hosts: z.union([z.number().int().min(1), z.string().min(1)]),
    soak: z.string().exactOptional(),
  }),
]);
export type Wave = z.infer<typeof Wave>;

/** Gates by kind; `manual` is the only one so far. */
export const Gate = z.strictObject({ manual: z.strictObject({ ask: z.string().min(1) }) });
export type Gate = z.infer<typeof Gate>;

export const RebootPolicy = z.strictObject({
  when: z.enum(['needed', 'never']).default('needed'),
  timeout: z.string().default('20m'),
  settle: z.string().default('2m'),
});
export type RebootPolicy = z.infer<typeof RebootPolicy>;

/**
 * The schema of a playbook for a set of controls.
 *
 * @param controls - Schema of `phases[].controls`: each control id with its parameter schema.
 */
export function playbookSchema<C extends z.ZodType>(controls: C) {
  const Phase = z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    hosts: z.string().exactOptional(),
    needs: z.array(z.string()).exactOptional(),
    controls,
    window: z.string().exactOptional(),
    reboot: RebootPolicy.exactOptional(),
    waves: z.array(Wave).min(1).exactOptional(),
    gates: z.array(Gate).exactOptional(),
    soak: z.string().exactOptional(),
    concurrency: z.number().int().min(1).exactOptional(),
    budget: Budget.exactOptional(),
  });
  return z.strictObject({
    version: z.literal(1),
    name: z.string().min(1),
    hosts: z.string().default('all'),
    windows: z.record(z.string(), MaintenanceWindow).default({}),
    freezes: z.array(Freeze).default([]),
    defaults: z
      .strictObject({
        concurrency: z.number().int().min(1).exactOptional(),
        budget: Budget.exactOptional(),
        approvals: z.number().int().min(1).exactOptional(),
      })
      .default({}),
    phases: z.array(Phase).min(1),
  });
}

/** A playbook after its schema, whatever the controls. */
export type Playbook = z.infer<ReturnType<typeof playbookSchema<AnyControls>>>;
export type PlaybookPhase = Playbook['phases'][number];
type AnyControls = z.ZodRecord<z.ZodString, z.ZodType<ControlState>>;
