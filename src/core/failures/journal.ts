import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** The record of a run on disk. */
export const journalFailures = {
  'journal.write': {
    blame: 'local',
    retry: 'later',
    message: (d) => `Writing the journal ${show(d['path'])} failed: ${show(d['reason'])}`,
    hint: () => 'Nothing was sent that is not on record. Make room on the disk, then: countersign resume',
  },
  'journal.read': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Reading the journal ${show(d['path'])} failed: ${show(d['reason'])}`,
  },
  'journal.broken': {
    blame: 'local',
    retry: 'never',
    message: (d) => `The journal of run ${show(d['run'])} does not verify: ${show(d['reason'])}`,
    hint: () =>
      'Somebody edited, deleted or cut records. Keep the file for inspection; do not resume from it.',
  },
  'lock.held': {
    blame: 'user',
    retry: 'later',
    message: (d) =>
      `State directory ${show(d['path'])} is in use by process ${show(d['pid'])} since ${show(d['since'])}`,
    hint: (d) => show(d['hint'], 'Wait for it to end, or steer it: countersign pause | promote | abort.'),
  },
} as const satisfies Record<string, FailureSpec>;
