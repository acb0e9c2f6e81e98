import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Files of this machine. */
export const fileFailures = {
  'file.not-found': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${show(d['path'])} does not exist`,
    hint: () => 'Check the name; a relative path starts at the working directory.',
  },
  'file.read': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Reading ${show(d['path'])} failed: ${show(d['reason'])}`,
    hint: () => 'Check that it is a file (or a folder, where one is meant) that you may read.',
  },
  'file.write': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Writing ${show(d['path'])} failed: ${show(d['reason'])}`,
    hint: () => 'Check that its folder exists, that you may write there, and that the disk has room.',
  },
  'process.spawn': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Starting ${show(d['program'])} failed: ${show(d['reason'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
