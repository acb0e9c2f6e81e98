import { Budget, Gate, playbookSchema, RebootPolicy } from './playbook.ts';
import { Freeze } from './schedule.ts';
import { z } from 'zod';
import type { PathStep } from './yaml-node.ts';

const windowKeys = ['days', 'patch_tuesday', 'start', 'duration', 'timezone', 'cutoff', 'always'];

/** The keys that a playbook may have in the map at a path; for hints about unknown ones. */
export function playbookKeys(
  path: readonly PathStep[],
  controls: readonly string[],
): readonly string[] | undefined {
  const schema = playbookSchema(z.record(z.string(), z.unknown()));
  const [section, , part] = path;
  switch (section) {
    case undefined:
      return Object.keys(schema.shape);
    case 'windows':
      return windowKeys;
    case 'freezes':
      return Object.keys(Freeze.shape);
    case 'defaults':
      return path.length === 1 ? ['concurrency', 'budget', 'approvals'] : Object.keys(Budget.shape);
    case 'phases':
      return part === undefined
        ? Object.keys(schema.shape.phases.element.shape)
        : phaseKeys(path.slice(2), controls);
    default:
      return undefined;
  }
}

function phaseKeys(
  [part, ...rest]: readonly PathStep[],
  controls: readonly string[],
): readonly string[] | undefined {
  switch (part) {
    case 'controls':
      return rest.length === 0 ? controls : undefined;
    case 'reboot':
      return Object.keys(RebootPolicy.shape);
    case 'budget':
      return Object.keys(Budget.shape);
    case 'waves':
      return ['hosts', 'soak'];
    case 'gates':
      return rest.length === 1 ? Object.keys(Gate.shape) : ['ask'];
    default:
      return undefined;
  }
}
