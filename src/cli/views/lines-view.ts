import type { RunEvent } from '../../model/event.ts';
import { describeEvent } from '../../report/describe-event.ts';
import type { EventLevel } from '../../report/describe-event.ts';
import { localInstant, localInstants } from '../../report/local-instants.ts';
import type { Io, Paint } from '../io.ts';
import type { RunView } from './run-view.ts';

const shown: ReadonlySet<EventLevel> = new Set(['alarm', 'milestone', 'progress']);

/** Plain lines, one an event: for logs, schedulers and pipes. */
export function linesView(
  io: Io,
  o: { readonly paint: Paint; readonly zone: string; readonly verbose: boolean },
): RunView {
  return {
    onEvent(event: RunEvent) {
      const { level, text } = describeEvent(event);
      if (!shown.has(level) && !o.verbose) return;
      const told = localInstants(text, o.zone);
      const painted =
        level === 'alarm' ? o.paint('warn', told) : level === 'milestone' ? o.paint('bold', told) : told;
      io.err(`${o.paint('dim', localInstant(event.at, o.zone))}  ${painted}\n`);
    },
    close: () => Promise.resolve(),
  };
}
