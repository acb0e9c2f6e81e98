import type { CommandSpec } from './command.ts';
import { apply } from './commands/apply.ts';
import { demo } from './commands/demo.ts';
import { explain } from './commands/explain.ts';
import { init } from './commands/init.ts';
import { inventory } from './commands/inventory.ts';
import { journal } from './commands/journal.ts';
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

/** Every command, in the order of `--help`: the way from a first look to a report. */
export const commands: readonly CommandSpec[] = [
  ...[demo, init, validate, inventory, ping, status, plan, show, apply, resume, runs, watch],
  ...steeringCommands,
  ...[explain, report, journal, lab],
];
