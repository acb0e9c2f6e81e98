import { ok } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { HttpConnector } from '../ports/http-connection.ts';
import type { SessionFactory } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';
import { powershellResourceUri } from '../wire/wsman/namespaces.ts';
import { AuthConnection } from './connection.ts';
import { RunspacePool } from './runspace-pool.ts';
import { RemoteSession } from './session.ts';
import { WsmanClient } from './wsman-client.ts';
import { WsmanExchange } from './wsman-exchange.ts';

export interface SessionFactoryOptions {
  readonly connector: HttpConnector;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** Wall-clock time, which NTLM carries. */
  readonly now: () => Instant;
}

/** Opens PowerShell sessions over WinRM. */
export function createSessionFactory(options: SessionFactoryOptions): SessionFactory {
  const { connector, timers, entropy, now } = options;
  return {
    open: async (target, signal) => {
      const sessionId = entropy.uuid().toUpperCase();
      const resourceUri = powershellResourceUri(target.configuration);
      const connect = (): WsmanClient => {
        const connection = new AuthConnection({ target, connector, entropy, now });
        return new WsmanClient(new WsmanExchange({ target, connection, sessionId }), entropy);
      };
      const pool = await RunspacePool.open(
        { host: target.host, wsman: connect(), control: connect(), timers, entropy, resourceUri },
        signal,
      );
      return pool.ok ? ok(new RemoteSession(target.host, pool.value, timers)) : pool;
    },
  };
}
