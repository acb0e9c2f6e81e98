import type { CommandGroup } from './command.ts';
import { apply } from './commands/apply.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { init } from './commands/init.ts';
import { inventory } from './commands/inventory.ts';
import { journalVerify } from './commands/journal.ts';
import { lab } from './commands/lab.ts';
import { ping } from './commands/ping.ts';
import { plan } from './commands/plan.ts';
import { report } from './commands/report.ts';
import { resume } from './commands/resume.ts';
import { runs } from './commands/runs.ts';
import { show } from './commands/show.ts';
import { status } from './commands/status.ts';
import { steeringCommands } from './commands/steer.ts';
import { validate } from './commands/validate.ts';
import { watch } from './commands/watch.ts';

/** Every command under the headings of `--help`, in the order of the way from a first look to a report. */
export const commandGroups: readonly CommandGroup[] = [
  { heading: 'Begin', commands: [demo, init, lab] },
  { heading: 'Look (changes nothing)', commands: [validate, inventory, ping, status] },
  { heading: 'Plan (changes nothing)', commands: [plan, show, explain] },
  { heading: 'Carry out (writes to hosts)', commands: [apply, resume] },
  { heading: 'Follow and steer a run', commands: [runs, watch, ...steeringCommands] },
  { heading: 'Prove', commands: [report, journalVerify] },
];
