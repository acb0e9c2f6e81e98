import { z } from 'zod';
import { Origin } from './inventory.ts';

export const inventorySchemaName = 'countersign/inventory@1';

/** `inventory@1` (contract.md §4): resolved hosts and variables, each with where it comes from. */
export const InventoryDocument = z.object({
  schema: z.literal(inventorySchemaName),
  hosts: z.array(
    z.object({
      host: z.string(),
      groups: z.array(z.string()),
      vars: z.record(
        z.string(),
        z.object({
          /** `[secret]` for what must not be shown. */
          value: z.json(),
          from: Origin,
          /** Why its template could not be resolved; the value is then the template as written. */
          unresolved: z.string().exactOptional(),
        }),
      ),
    }),
  ),
  groups: z.record(
    z.string(),
    z.object({
      /** Direct members. */
      hosts: z.array(z.string()),
      children: z.array(z.string()),
      from: Origin.exactOptional(),
    }),
  ),
  sets: z.array(
    z.object({
      name: z.string(),
      pattern: z.string(),
      hosts: z.array(z.string()),
      minAvailable: z.number().int(),
    }),
  ),
});
export type InventoryDocument = z.infer<typeof InventoryDocument>;
