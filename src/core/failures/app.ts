import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Use cases: what was asked for and cannot be done as asked. */
export const appFailures = {
  'inventory.not-named': {
    blame: 'user',
    retry: 'never',
    message: (d) => `No inventory was named, and there is no ${show(d['tried'])} here`,
    hint: () => 'Name one with -i PATH or COUNTERSIGN_INVENTORY, or write a first one: countersign init',
  },
  'inventory.too-many-files': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The inventory at ${show(d['path'])} has more than ${show(d['maxFiles'])} files`,
    hint: () => 'Name the folder of the inventory itself, not one above it.',
  },
  'playbook.not-named': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      Array.isArray(d['found']) && d['found'].length > 1
        ? `No playbook was named, and playbooks/ has several: ${d['found'].join(', ')}`
        : 'No playbook was named, and there is no playbooks/*.yml here',
    hint: () => 'Name one with -p FILE or COUNTERSIGN_PLAYBOOK, or write a first one: countersign init',
  },
  'run.not-found': {
    blame: 'user',
    retry: 'never',
    message: (d) => `State directory ${show(d['path'])} has no run ${show(d['run'], 'at all')}`,
    hint: () => 'List them: countersign runs',
  },
  'run.ended': {
    blame: 'user',
    retry: 'never',
    message: (d) => `Run ${show(d['run'])} has ended (${show(d['state'])})`,
    hint: (d) =>
      `Read its outcome: countersign report ${show(d['run'])}; start anew with a new plan: countersign plan`,
  },
  'run.unfinished': {
    blame: 'user',
    retry: 'never',
    message: (d) => `This plan has an unfinished run: ${show(d['run'])}`,
    hint: (d) => `Go on with it: countersign resume ${show(d['run'])}`,
  },
  'plan.other-network': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      d['lab'] === true
        ? 'This plan was made on a simulated fleet (--lab) and must not reach real hosts'
        : 'This plan was made on real hosts and cannot be carried out on a simulated fleet (--lab)',
    hint: (d) =>
      d['lab'] === true ? 'Add --lab, or make a plan without it: countersign plan' : 'Leave --lab out.',
  },
  'init.exists': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${show(d['path'])} exists already; nothing was written`,
    hint: () => 'Name another folder: countersign init DIR',
  },
  'host.not-in-plan': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${show(d['host'])} is neither in the plan nor among its excluded hosts`,
    hint: (d) =>
      d['near'] === undefined ? 'countersign inventory lists the hosts.' : `Did you mean ${show(d['near'])}?`,
  },
} as const satisfies Record<string, FailureSpec>;
