import type { PsValue } from '../../core/ps-value.ts';
import type { RsaKeyPair } from '../../core/rsa-key-pair.ts';
import type { PsrpHost } from './host.ts';
import type { ApartmentState, ThreadOptions } from './thread-options.ts';

export interface PsrpClientOptions {
  /** GUID of the pool; over WSMan also the id of the shell. */
  readonly poolId: string;
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  /** Largest fragment to send, header included. */
  readonly maxFragmentBytes: number;
  /** `noHost` unless given. */
  readonly host?: PsrpHost;
  /** A dictionary that scripts see as `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PsValue;
  readonly threadOptions?: ThreadOptions;
  readonly apartmentState?: ApartmentState;
  /** Answers a server that asks for a key; `exchangeKeys` takes one later too. */
  readonly keyPair?: RsaKeyPair;
  /**
   * The version to name, 2.3 unless given; servers that know a later one come down to it. With 2.4 (PowerShell 7.6)
   * no keys are exchanged: SecureStrings lie open inside the transport, which must then be a sealed one.
   */
  readonly protocolVersion?: '2.3' | '2.4';
}
