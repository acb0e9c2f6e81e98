import { ok } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import type { Duration } from '../core/time.ts';
import type { HttpConnector } from '../ports/http-connection.ts';
import type { Timers } from '../ports/timers.ts';
import type { AuthServices } from './auth-services.ts';
import type { HandshakeStyle } from './auth/ntlm.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { ConnectionPool } from './connection-pool.ts';
import { AuthConnection } from './connection.ts';
import type { EnvelopeCarrier } from './envelope-carrier.ts';
import { EnvelopeSize } from './envelope-size.ts';
import type { HostLink } from './host-link.ts';
import { KeepAlive } from './keep-alive.ts';
import type { Patience, Waiting } from './waiting.ts';
import { WsmanClient } from './wsman-client.ts';
import { WsmanExchange } from './wsman-exchange.ts';

export interface HostLinkOptions extends AuthServices {
  readonly target: Target;
  readonly connector: HttpConnector;
  readonly timers: Timers;
  /** Shared by all links of a process that should be bounded together; of its own unless given. */
  readonly limits?: ConnectionLimits;
  /** GUID in upper case that stays the same for all requests of a client; a new one unless given. */
  readonly sessionId?: string;
  /** After this long a connection that nobody uses is closed, but for the last one; 30 s unless given. */
  readonly idleTimeout?: Duration;
  /** `apart` unless given. */
  readonly handshake?: HandshakeStyle;
  readonly patience?: Patience;
  readonly onWait?: (waiting: Waiting) => void;
}

/** Links to a host; nothing is opened before it is needed. */
export function openHostLink(options: HostLinkOptions): HostLink {
  const { target, timers, limits = new ConnectionLimits(), idleTimeout } = options;
  const { sessionId = options.entropy.uuid().toUpperCase() } = options;
  const envelopes = new EnvelopeSize();
  const keepAlive = new KeepAlive();
  const speak = (connection: EnvelopeCarrier): WsmanClient =>
    new WsmanClient(new WsmanExchange({ target, connection, sessionId }), { ...options, envelopes });
  const pool = new ConnectionPool({
    ...{ limits, timers, connect: () => new AuthConnection({ ...options, keepAlive }) },
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
  });
  return {
    host: target.host,
    control: speak({
      post: (envelope, signal, postLimits) => pool.postControl(envelope, signal, postLimits),
      close: () => undefined,
    }),
    lease: async (signal) => {
      const connection = await pool.acquire(signal);
      if (!connection.ok) return connection;
      const release = (): void => pool.release(connection.value);
      return ok({ wsman: speak(connection.value), release });
    },
    useLargeEnvelopes: () => envelopes.useLarge(),
    close: () => pool.close(),
  };
}
