import type { PsValue } from '../core/ps-value.ts';
import type { Duration } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { RsaKeys } from '../ports/rsa-keys.ts';
import type { SessionServer } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';
import type { PsrpClientOptions } from '../wire/psrp/client-options.ts';
import type { HostAnswers } from './host-answers.ts';
import type { HostLink } from './host-link.ts';

export interface RunspaceShellOptions extends Omit<
  PsrpClientOptions,
  'poolId' | 'maxFragmentBytes' | 'keyPair'
> {
  readonly link: HostLink;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** Makes keys for SecureStrings; without it none can travel. */
  readonly keys?: RsaKeys;
  /** Answers the host calls of the pool that are left to be answered later. */
  readonly answers?: HostAnswers;
  /** `http://schemas.microsoft.com/powershell/<configuration>`. */
  readonly resourceUri: string;
  /** A shell that nobody uses frees itself after this long, should we crash. */
  readonly idleTimeout: Duration;
  /** For people who list the shells of the host. */
  readonly name?: string;
  readonly noProfile?: boolean;
  /** How long a lost connection is tried again before a running pipeline is given up; zero for not at all. */
  readonly reconnectFor: Duration;
}

/** What the server said of itself. */
export interface PoolServer extends SessionServer {
  /** `$PSVersionTable` and what else the server announced; null where it did not. */
  readonly announced: PsValue;
}

export interface RunspaceBounds {
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
}
