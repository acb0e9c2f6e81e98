/** What a lab host saw; `countersign lab --log` writes these as NDJSON with a time. */
export type HostEvent = { readonly host: string } & (
  | { readonly event: 'connect'; readonly connection: number }
  | {
      readonly event: 'request';
      readonly connection: number;
      /** Whether the body came sealed. */
      readonly sealed: boolean;
      /** Last part of the action, such as `Receive`; `logon` for the legs of a handshake. */
      readonly action: string;
      readonly status: number;
    }
  | { readonly event: 'pipeline'; readonly shell: string; readonly command: string; readonly user: string }
);

export type HostLog = (event: HostEvent) => void;
