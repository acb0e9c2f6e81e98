import type { Plan } from '../../model/plan.ts';
import { zoneOfWindow } from '../../report/window-zone.ts';
import type { Call } from '../command.ts';
import { eventsView } from './events-view.ts';
import { linesView } from './lines-view.ts';
import { listrView } from './listr-view.ts';
import type { RunView } from './run-view.ts';

/** The view that fits: events for programs, task lists in a terminal, plain lines everywhere else. */
export function viewFor({ globals, io, paint }: Call, plan: Plan): RunView {
  if (globals.events) return eventsView(io);
  const zone = zoneOfWindow(plan.calendar, null);
  if (io.terminal && !globals.verbose && !globals.json) return listrView(plan, { paint, zone });
  return linesView(io, { paint, zone, verbose: globals.verbose });
}
