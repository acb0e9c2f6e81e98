export interface PsrpServerOptions {
  /** `$PSVersionTable.PSVersion` to announce, such as `5.1.17763.1971`. */
  readonly psVersion: string;
  readonly protocolVersion: '2.1' | '2.2' | '2.3' | '2.4';
  /** Largest fragment to send, header included; at least 22. */
  readonly maxFragmentBytes: number;
}
