import type { Instant } from '../core/time.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Kerberos } from '../ports/kerberos.ts';

/** What the ways to log on need of this machine. */
export interface AuthServices {
  readonly entropy: Entropy;
  /** Wall-clock time, which NTLM carries. */
  readonly now: () => Instant;
  /** Undefined where this machine has no Kerberos library. */
  readonly kerberos?: Kerberos;
}
