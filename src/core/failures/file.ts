import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Files of this machine. */
export const fileFailures = {
  'file.not-found': { blame: 'user', retry: 'never', message: (d) => `${show(d['path'])} does not exist` },
  'file.read': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Reading ${show(d['path'])} failed: ${show(d['reason'])}`,
  },
  'file.write': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Writing ${show(d['path'])} failed: ${show(d['reason'])}`,
  },
  'process.spawn': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Starting ${show(d['program'])} failed: ${show(d['reason'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
