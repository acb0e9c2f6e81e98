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

/**
 * The authentication that the inventory asks for; `negotiate` where it asks for none.
 *
 * Of a list Ansible tries one after the other. Here it is the first that we know, and Kerberos with NTLM behind it is
 * `negotiate`, which chooses between them.
 */
export function authMethodOf(reader: ConnectionReader): AuthMethod {
  const asked = reader.list('auth');
  if (asked === undefined) return 'negotiate';
  const known = asked.map((name) => methods.get(name.toLowerCase())).filter((it) => it !== undefined);
  const [first, ...others] = known;
  if (first !== undefined) return first === 'kerberos' && others.includes('ntlm') ? 'negotiate' : first;
  reader.refuse('auth', `is ${asked.join(', ') || 'empty'}, of which none is known`, {
    remedy: `Use one of ${[...methods.keys()].join(', ')}.`,
  });
  return 'negotiate';
}

/** Whether the method does without a user and password in the inventory: a ticket or a certificate has them. */
export function isPasswordless(method: AuthMethod): boolean {
  return method === 'kerberos' || method === 'certificate';
}
