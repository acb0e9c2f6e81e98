import type { Problem } from '../model/document.ts';
import type { Host, Origin, RedundancySet } from '../model/inventory.ts';

/** A group as the sources define it, all of them together. */
export interface Group {
  readonly name: string;
  /** Hosts that are its direct members, in the order in which they were met. */
  readonly hosts: readonly string[];
  /** Direct children, in the order in which they were met. */
  readonly children: readonly string[];
  /** Where it was met first; absent for `all` and `ungrouped` where no file names them. */
  readonly from?: Origin;
}

/** A file that took part, for digests. */
export interface InputFile {
  readonly path: string;
  readonly text: string;
}

/** Hosts and groups of all sources, with variables resolved. */
export interface Inventory {
  /** In the order in which they were met. */
  readonly hosts: readonly Host[];
  readonly groups: ReadonlyMap<string, Group>;
  readonly sets: readonly RedundancySet[];
  readonly warnings: readonly Problem[];
  readonly inputs: readonly InputFile[];
}
