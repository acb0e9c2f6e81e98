import type { ControlCatalog } from '../control/declaration.ts';
import type { Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { Host, RedundancySet } from '../model/inventory.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Playbook } from '../model/playbook.ts';
import type { Expectations } from './expectations.ts';

/** What of the inventory a plan is made from. */
export interface PlannedInventory {
  readonly hosts: readonly Host[];
  readonly sets: readonly RedundancySet[];
  /** Names of the hosts that an Ansible pattern selects; a failure for a name that matches nothing. */
  readonly match: (pattern: string) => Result<readonly string[]>;
}

/** Everything that a plan depends on; there is nothing else, so the same request gives the same plan. */
export interface PlanRequest {
  readonly playbook: Playbook;
  readonly inventory: PlannedInventory;
  /** By host name; a host without one is planned as unknown. Those of redundancy partners count as their health. */
  readonly observations: ReadonlyMap<string, Observation>;
  readonly catalog: ControlCatalog;
  /** Paths and digests of the input files, the tz data version, and what the command line selected. */
  readonly inputs: Plan['inputs'];
  readonly now: Instant;
  readonly tool: Plan['tool'];
  /** Planned from stored observations; says so in the risks. */
  readonly offline: boolean;
  /** Let a wave go on in the next occurrence of its window instead of refusing it. */
  readonly allowSpill?: boolean;
  /** How long things take, where it is known better than by default. */
  readonly expectations?: Expectations;
}
