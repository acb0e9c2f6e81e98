import { splitAccount } from '../ntlm/account.ts';
import type { Account } from '../ntlm/account.ts';

export interface BasicCredentials extends Account {
  readonly password: string;
}

/** User and password in the bytes of a Basic header, as the server reads them; undefined for what is none. @see RFC 7617 §2 */
export function readBasic(token: Uint8Array): BasicCredentials | undefined {
  const pair = new TextDecoder().decode(token);
  const colon = pair.indexOf(':');
  if (colon < 1) return undefined;
  return { ...splitAccount(pair.slice(0, colon)), password: pair.slice(colon + 1) };
}
