import type { ControlCatalog } from '../control/declaration.ts';
import type { Plan } from '../model/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Credentials } from '../ports/credentials.ts';
import type { Scripts } from '../ports/scripts.ts';
import type { SessionFactory } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';

/** All that is needed to carry out a plan on its hosts. */
export interface HostPorts {
  readonly plan: Plan;
  readonly catalog: ControlCatalog;
  readonly sessions: SessionFactory;
  readonly credentials: Credentials;
  readonly scripts: Scripts;
  /** Policy time: validity of intents and the times in outcomes. */
  readonly clock: Clock;
  /** Real time: polling and waiting for a host to come back. */
  readonly timers: Timers;
}
