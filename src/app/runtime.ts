import type { ControlCatalog } from '../control/declaration.ts';
import type { Result } from '../core/result.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Files } from '../ports/files.ts';
import type { Inbox, JournalStore, RunLock } from '../ports/journal-store.ts';
import type { ObservationStore } from '../ports/observation-store.ts';
import type { Scripts } from '../ports/scripts.ts';
import type { SessionFactory } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';

/** The stores of one state directory; opening one creates what is missing. */
export interface StateStores {
  readonly directory: string;
  journal(): Result<JournalStore>;
  inbox(): Result<Inbox>;
  lock(): RunLock;
  observations(): Result<ObservationStore>;
}

/** All that a use case may touch of the outside. */
export interface Runtime {
  readonly tool: { readonly name: string; readonly version: string };
  /** Relative paths of the command line start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who is at the keyboard, for the record. */
  readonly operator: string;
  /** This machine and process, for the record of who controlled a run. */
  readonly machine: string;
  readonly pid: number;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly files: Files;
  readonly scripts: Scripts;
  readonly catalog: ControlCatalog;
  /** Simulated hosts stand in for the network; what was planned on them is carried out on them only. */
  readonly lab: boolean;
  readonly sessions: SessionFactory;
  credentials(inventory: Inventory): Credentials;
  readonly state: StateStores;
  /** Frees what the runtime holds open (a lab fleet, sockets). */
  close(): Promise<void>;
}
