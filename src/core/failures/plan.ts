import type { FailureSpec } from '../failure-spec.ts';
import { nearest } from './nearest.ts';
import { show } from './show.ts';

const mistake = { blame: 'user', retry: 'never' } as const;

/** Making a plan, reading a saved one, and holding it against the world. */
export const planFailures = {
  'plan.no-hosts': {
    ...mistake,
    message: (d) => `Nothing to plan: no host is left of ${show(d['selection'])}`,
    hint: () => 'Look at `countersign inventory`, and at --limit and the playbook’s `hosts`.',
  },
  'plan.no-window-variable': {
    ...mistake,
    message: (d) =>
      `Phase ${show(d['phase'])} takes its window from countersign_window, and host ${show(d['host'])} (groups ${show(d['groups'])}) has no such variable`,
    hint: (d) =>
      `Set countersign_window for the host or one of its groups. Windows: ${show(d['known'], 'none')}.`,
  },
  'plan.unknown-window': {
    ...mistake,
    message: (d) =>
      `Phase ${show(d['phase'])} puts host ${show(d['host'])} into window ${show(d['window'])} (from ${show(d['from'])}), which the playbook does not have`,
    hint: nearest((d) => `Windows of the playbook: ${show(d['known'], 'none')}.`),
  },
  'plan.unknown-role': {
    ...mistake,
    message: (d) =>
      `countersign_role of host ${show(d['host'])} is ${show(d['role'])} (from ${show(d['from'])})`,
    hint: () => 'Use workstation, server or domain-controller.',
  },
  'plan.unknown-control': {
    ...mistake,
    message: (d) => `Phase ${show(d['phase'])} wants control ${show(d['control'])}, which does not exist`,
    hint: nearest((d) => `Controls: ${show(d['known'])}.`),
  },
  'plan.infeasible': {
    ...mistake,
    message: (d) =>
      `Wave ${show(d['wave'])} of phase ${show(d['phase'])} does not fit window ${show(d['window'])}: ${show(d['hosts'])} hosts at ${show(d['concurrency'])} a time need ${show(d['needed'])}, and it is open for ${show(d['available'])}`,
    hint: (d) => `Smallest changes that fit: ${show(d['suggestions'], 'fewer hosts in the wave')}.`,
  },
  'plan.infeasible-host': {
    ...mistake,
    message: (d) =>
      `Host ${show(d['host'])} can never be done in window ${show(d['window'])} (phase ${show(d['phase'])}): it needs ${show(d['needed'])}, and the longest opening is ${show(d['available'])}`,
    hint: (d) =>
      `Give the window a duration of at least ${show(d['needed'])}, or put the host into a longer one.`,
  },
  'plan.infeasible-window': {
    ...mistake,
    message: (d) =>
      `Window ${show(d['window'])} (phase ${show(d['phase'])}) does not open between ${show(d['from'])} and ${show(d['until'])}`,
    hint: () => 'Look at the freezes that cover it, and at its days.',
  },
  'plan.infeasible-horizon': {
    ...mistake,
    message: (d) =>
      `Wave ${show(d['wave'])} of phase ${show(d['phase'])} has no end in window ${show(d['window'])}: ${show(d['left'])} hosts find no place before ${show(d['until'])}`,
    hint: () => 'Raise the concurrency, lengthen the window, or split the wave.',
  },
  'plan.infeasible-set': {
    ...mistake,
    message: (d) =>
      `Redundancy set ${show(d['set'])} keeps ${show(d['minAvailable'])} of its ${show(d['members'])} members up, so none can reboot, but phase ${show(d['phase'])} must reboot ${show(d['hosts'])}`,
    hint: () => 'Lower min_available (or quorum) of the set, or leave its members out of the phase.',
  },
  'plan.unreadable': {
    ...mistake,
    message: (d) => `The plan cannot be read: ${show(d['reason'])}`,
    hint: () => 'Make it again with `countersign plan -o FILE`.',
  },
  'plan.unknown-schema': {
    ...mistake,
    message: (d) => `The plan has schema ${show(d['schema'])}; this version reads ${show(d['known'])}`,
    hint: () => 'Read it with the version of Countersign that wrote it, or plan again.',
  },
  'plan.digest': {
    ...mistake,
    message: (d) =>
      `The plan was changed after it was made: its digest is ${show(d['digest'])}, its content gives ${show(d['actual'])}`,
    hint: () => 'A plan is not to be edited. Change the playbook or inventory and plan again.',
  },
  'plan.stale': {
    ...mistake,
    message: (d) => `The plan is stale: ${show(d['changed'])} changed since it was made`,
    hint: () => 'Plan again, and have the new plan approved.',
  },
} as const satisfies Record<string, FailureSpec>;
