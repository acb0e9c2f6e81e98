import type { StateStores } from '../app/runtime.ts';
import { openInbox } from '../node/sqlite-inbox.ts';
import { openJournal } from '../node/sqlite-journal.ts';
import { openObservations } from '../node/sqlite-observations.ts';
import { runLock } from '../node/run-lock.ts';

/** The stores of a state directory on the local disk; each is opened when it is first asked for. */
export function stateStores(directory: string): StateStores {
  return {
    directory,
    journal: () => openJournal(directory),
    inbox: () => openInbox(directory),
    lock: () => runLock(directory),
    observations: () => openObservations(directory),
  };
}
