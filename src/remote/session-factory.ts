import { ok } from '../core/result.ts';
import { milliseconds, minutes, seconds } from '../core/time.ts';
import type { SessionFactory } from '../ports/session.ts';
import { powershellResourceUri } from '../wire/wsman/namespaces.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { openHostLink } from './open-host-link.ts';
import type { HostLinkOptions } from './open-host-link.ts';
import { RunspacePool } from './runspace-pool.ts';
import { RemoteSession } from './session.ts';

/** What sessions need of this machine. */
export type SessionFactoryOptions = Omit<HostLinkOptions, 'target' | 'sessionId'>;

/** A shell that nobody uses frees itself after this long, should we crash. */
const idleTimeout = minutes(15);

/** Opens PowerShell sessions over WinRM; all of a factory share the limits on connections. */
export function createSessionFactory(options: SessionFactoryOptions): SessionFactory {
  const { timers, entropy, limits = new ConnectionLimits() } = options;
  return {
    open: async (target, signal) => {
      // Who waits for a host that starts, or long for one that is full, is the engine's to say.
      const patience = { unavailable: milliseconds(0), quota: seconds(10), ...options.patience };
      const link = openHostLink({ ...options, limits, target, patience });
      const pool = await RunspacePool.open(
        {
          ...{ link, timers, entropy, idleTimeout, minRunspaces: 1, maxRunspaces: 1 },
          resourceUri: powershellResourceUri(target.configuration),
          // The engine reconciles what broke, by what it can prove; nothing goes on behind its back.
          ...{ renews: false, reconnectFor: milliseconds(0) },
        },
        signal,
      );
      if (pool.ok) return ok(new RemoteSession(link, pool.value, timers));
      link.close();
      return pool;
    },
  };
}
