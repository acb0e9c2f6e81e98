import { milliseconds, minutes, parseDuration } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { HostRole } from '../model/facts.ts';
import type { RebootPolicy } from '../model/playbook.ts';

/** How long the parts of one host's work take. Settling is not among them: the playbook says it. */
export interface Expectations {
  readonly write: Duration;
  readonly verify: Duration;
  readonly reboot: Readonly<Record<HostRole, Duration>>;
}

/** Used until there is a history: long enough for an ordinary machine of its role. */
export const defaultExpectations: Expectations = {
  write: minutes(1),
  verify: minutes(1),
  reboot: { workstation: minutes(10), server: minutes(15), 'domain-controller': minutes(20) },
};

/** One host's work in one phase, by part; `reboot` and `settle` are zero where it does not reboot. */
export interface ExpectedWork {
  readonly write: Duration;
  readonly reboot: Duration;
  readonly settle: Duration;
  readonly verify: Duration;
  /** From the first write to the last check. */
  readonly total: Duration;
  /** What `cutoff: auto` keeps free after a reboot starts: reboot, settle and verify. */
  readonly afterRebootStarts: Duration;
}

/**
 * Expected work on one host in one phase.
 *
 * @param work - `role` null (nobody knows it yet) counts as the slowest role.
 */
export function expectedWork(
  work: { readonly role: HostRole | null; readonly reboots: boolean; readonly policy: RebootPolicy },
  expectations: Expectations = defaultExpectations,
): ExpectedWork {
  const none = milliseconds(0);
  const reboot = work.reboots ? expectations.reboot[work.role ?? 'domain-controller'] : none;
  const settle = work.reboots ? (parseDuration(work.policy.settle) ?? none) : none;
  const { write, verify } = expectations;
  const afterRebootStarts = milliseconds(reboot + settle + verify);
  return { write, reboot, settle, verify, total: milliseconds(write + afterRebootStarts), afterRebootStarts };
}
