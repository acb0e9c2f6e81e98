import type { AuthMethod } from '../core/target.ts';
import type { ConnectionReader } from './connection-reader.ts';

/** Ansible's names for what we know; `plaintext` and `ssl` are both Basic, without and with TLS. */
const methods = new Map<string, AuthMethod>([
  ['ntlm', 'ntlm'],
  ['negotiate', 'negotiate'],
  ['kerberos', 'kerberos'],
  ['basic', 'basic'],
  ['plaintext', 'basic'],
  ['ssl', 'basic'],
  ['certificate', 'certificate'],
]);

/** What remote/ can do so far; of a list these are taken before others. */
const able: readonly AuthMethod[] = ['ntlm', 'negotiate', 'basic'];

/**
 * The authentication that the inventory asks for: of a list the first that we can do, else the first that we know;
 * `negotiate` where it asks for none.
 */
export function authMethodOf(reader: ConnectionReader): AuthMethod {
  const asked = reader.list('auth');
  if (asked === undefined) return 'negotiate';
  const known = asked.map((name) => methods.get(name.toLowerCase())).filter((it) => it !== undefined);
  const method = known.find((it) => able.includes(it)) ?? known[0];
  if (method !== undefined) return method;
  reader.refuse('auth', `is ${asked.join(', ') || 'empty'}, of which none is known`, {
    remedy: `Use one of ${[...methods.keys()].join(', ')}.`,
  });
  return 'negotiate';
}
