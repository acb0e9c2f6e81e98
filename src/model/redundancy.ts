import { z } from 'zod';

/** `countersign.yml` beside an inventory (contract.md §2). Give either `min_available` or `quorum`; they mean the same. */
export const RedundancyFile = z.strictObject({
  sets: z.array(
    z.strictObject({
      name: z.string().min(1),
      /** A host pattern. */
      hosts: z.string().min(1),
      min_available: z.number().int().min(1).exactOptional(),
      quorum: z.number().int().min(1).exactOptional(),
    }),
  ),
});
export type RedundancyFile = z.infer<typeof RedundancyFile>;
