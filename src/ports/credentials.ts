import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';

/** How to reach the hosts of an inventory, read anew whenever it is asked; never stored. */
export interface Credentials {
  /** Failures: `inventory.*` where the host's connection variables do not say how to reach it. */
  target(host: string): Result<Target>;
}
