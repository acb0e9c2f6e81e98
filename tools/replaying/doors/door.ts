import type { HttpConnector } from '../../../src/ports/http-connection.ts';
import type { RecordedHost } from '../host/recorded-host.ts';

/** How a client gets to a recorded host. */
export interface Door {
  /** What the client is told of the host. */
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly port: number;
  readonly auth: 'basic' | 'ntlm';
  readonly user: string;
  readonly password: string;
  /** What carries its bytes. */
  readonly connector: HttpConnector;
  close(): Promise<void>;
}

/** The ways in which a recording is played. */
export const doorKinds = ['plain', 'sealed'] as const;
export type DoorKind = (typeof doorKinds)[number];

export interface OpenDoor {
  (host: RecordedHost): Promise<Door>;
}
