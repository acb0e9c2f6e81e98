/** What a recorded host does with a request. */
export type HostAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: Uint8Array }
  /** The connection breaks before an answer. */
  | { readonly kind: 'break' }
  /** HTTP 401, however the client logged on. */
  | { readonly kind: 'denied' };
