import { z } from 'zod';
import type { Failure } from '../core/failure.ts';

/** Where a value was written. */
export const Origin = z.object({
  file: z.string(),
  line: z.number().int().exactOptional(),
  column: z.number().int().exactOptional(),
  /** The group (or host) whose variable it is. */
  group: z.string().exactOptional(),
});
export type Origin = z.infer<typeof Origin>;

/** A plain YAML value. */
export type PlainValue =
  null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** A variable after precedence, before and after templates; values that came from secrets are marked. */
export interface HostVariable {
  readonly value: PlainValue;
  readonly from: Origin;
  /** True when the value is, or was built from, something that must not be shown. */
  readonly secret: boolean;
  /** Why its template could not be resolved on this host; the value is then the template as written. */
  readonly unresolved?: Failure;
}

/** One resolved host. */
export interface Host {
  readonly name: string;
  /** All groups it belongs to, `all` included, sorted by code unit. */
  readonly groups: readonly string[];
  readonly vars: ReadonlyMap<string, HostVariable>;
}

/** Members that must not go down together (contract.md §2, `countersign.yml`). */
export interface RedundancySet {
  readonly name: string;
  /** Pattern as written. */
  readonly pattern: string;
  readonly hosts: readonly string[];
  /** Fewest members that must be healthy at any moment. */
  readonly minAvailable: number;
  readonly from: Origin;
}
