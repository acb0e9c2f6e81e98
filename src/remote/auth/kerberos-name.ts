import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';

/**
 * The service that a ticket is asked for, as GSSAPI writes it: `host@fs-01.corp.example`.
 *
 * Failure `auth.kerberos-address`: no service is registered for an IP address, and a name is never looked up backwards,
 * since whoever answers for the network's DNS could choose the service then.
 */
export function serviceName({ host, address, kerberos }: Target): Result<string> {
  const name = kerberos?.hostname ?? address;
  if (isAddress(name)) return err(failure('auth.kerberos-address', { host, address: name }));
  return ok(`${kerberos?.service ?? 'host'}@${name}`);
}

/** `host@name` as Windows writes it: `host/name`. */
export function principalName(service: string): string {
  return service.replace('@', '/');
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/**
 * The user as Kerberos names it: `user@REALM` as it is, `corp.example\user` turned round, `user` alone for the default
 * realm, and nothing where no user is given, which is the ticket's own.
 */
export function principalOf(user: string): string | undefined {
  if (user === '') return undefined;
  const slash = user.indexOf('\\');
  if (slash < 0) return user;
  return `${user.slice(slash + 1)}@${user.slice(0, slash)}`;
}

/** Whether the user says which realm to ask; a NetBIOS name (`CORP\user`) is none, and a bare name may be local. */
export function namesRealm(user: string): boolean {
  return /@[^@\\]+$/.test(user) || /^[^@\\]+\.[^@\\]+\\/.test(user);
}
