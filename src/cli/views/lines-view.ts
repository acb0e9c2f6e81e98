import { formatLocal } from '../../calendar/local-time.ts';
import { parseInstant } from '../../core/time.ts';
import type { RunEvent } from '../../model/event.ts';
import { describeEvent } from '../../report/describe-event.ts';
import type { EventLevel } from '../../report/describe-event.ts';
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
      const at = parseInstant(event.at);
      const time = at === undefined ? event.at : formatLocal(at, o.zone);
      const painted =
        level === 'alarm' ? o.paint('warn', text) : level === 'milestone' ? o.paint('bold', text) : text;
      io.err(`${o.paint('dim', time)}  ${painted}\n`);
    },
    close: () => Promise.resolve(),
  };
}
