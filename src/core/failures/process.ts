import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Programs that we start. */
export const processFailures = {
  'process.not-started': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Starting ${show(d['program'])} failed: ${show(d['reason'])}`,
    hint: () => 'Check that the program is installed and on PATH.',
  },
  'process.ended': {
    blame: 'local',
    retry: 'later',
    message: (d) =>
      `Process ${show(d['pid'])} ended before it took what was sent to it: ${show(d['reason'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
