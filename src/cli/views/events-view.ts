import { canonicalJson } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Io } from '../io.ts';
import type { RunView } from './run-view.ts';

/** One event a line on stdout, as it stands in the journal (`event@1`). */
export function eventsView(io: Io): RunView {
  return {
    onEvent(event) {
      io.out(`${canonicalJson(event as unknown as JsonValue)}\n`);
    },
    close: () => Promise.resolve(),
  };
}
