import type { Result } from '../../core/result.ts';
import type { Instant } from '../../core/time.ts';
import type { NegotiationIntegrity, SecurityContext } from '../../wire/security-context.ts';

/** The client of one security mechanism, whatever carries its tokens; for one logon. */
export interface MechanismClient {
  /** For people, and as `auth.denied` names it. */
  readonly label: 'NTLM' | 'Kerberos';
  /** Its identifiers in a negotiation, the first preferred. */
  readonly names: readonly string[];
  /** @param answer - The server's token; undefined for the first step. */
  step(answer: Uint8Array | undefined): Promise<Result<MechanismStep>>;
}

export interface MechanismStep {
  /** To be sent; undefined where the mechanism has nothing more to say. */
  readonly token: Uint8Array | undefined;
  /** Present once the mechanism needs no more of the server. */
  readonly established: Established | undefined;
}

export interface Established {
  readonly context: SecurityContext & NegotiationIntegrity;
  /** When to log on anew; never where it is undefined. */
  readonly renewAt: Instant | undefined;
}
