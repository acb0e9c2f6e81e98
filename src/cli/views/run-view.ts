import type { RunEvent } from '../../model/event.ts';
import type { RunState } from '../../run/state.ts';

/** Shows a run while it goes on: a projection of its events that orders and limits nothing. */
export interface RunView {
  onEvent(event: RunEvent, state: RunState): void;
  /** Draws the last state and gives the terminal back. */
  close(): Promise<void>;
}
