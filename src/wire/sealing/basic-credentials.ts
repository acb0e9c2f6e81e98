import { decodeBase64 } from '../bytes/base64.ts';
import type { Account } from '../ntlm/account.ts';
import { splitAccount } from '../ntlm/account.ts';

export interface BasicCredentials extends Account {
  readonly password: string;
}

/** User and password of a Basic header's value, as the server reads them; undefined for what is none. @see RFC 7617 §2 */
export function readBasic(value: string): BasicCredentials | undefined {
  const [, text = ''] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(value.trim()) ?? [];
  const pair = new TextDecoder().decode(decodeBase64(text) ?? new Uint8Array(0));
  const colon = pair.indexOf(':');
  if (colon < 1) return undefined;
  return { ...splitAccount(pair.slice(0, colon)), password: pair.slice(colon + 1) };
}
