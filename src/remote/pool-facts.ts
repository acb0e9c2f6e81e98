import type { PsrpClientEvent } from '../wire/psrp/client-event.ts';
import type { PoolServer, RunspaceBounds } from './runspace-shell-options.ts';

/** What is known of a runspace pool from what its server said. */
export class PoolFacts {
  #server: PoolServer = { protocol: '', powershell: undefined, announced: null };
  #bounds: RunspaceBounds;

  constructor(asked: RunspaceBounds) {
    this.#bounds = { minRunspaces: asked.minRunspaces, maxRunspaces: asked.maxRunspaces };
  }

  get server(): PoolServer {
    return this.#server;
  }

  get bounds(): RunspaceBounds {
    return this.#bounds;
  }

  /** New bounds were agreed. */
  setBounds(changes: Partial<RunspaceBounds>): void {
    this.#bounds = { ...this.#bounds, ...changes };
  }

  take(event: PsrpClientEvent): void {
    switch (event.kind) {
      case 'application-private-data':
        this.#server = { ...this.#server, powershell: event.psVersion, announced: event.data };
        break;
      case 'session-capability':
        this.#server = { ...this.#server, protocol: event.protocolVersion };
        break;
      case 'runspacepool-init-data':
        this.setBounds({ minRunspaces: event.minRunspaces, maxRunspaces: event.maxRunspaces });
        break;
      default:
        break;
    }
  }
}
