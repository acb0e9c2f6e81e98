/** An account as NTLM wants it. */
export interface Account {
  readonly user: string;
  /** Empty for a local account or a user principal name, which the server resolves. */
  readonly domain: string;
}

/**
 * Splits an account as people write it: `DOMAIN\user`, `user@domain` or `user`.
 *
 * A user principal name stays whole, with an empty domain: its suffix need not be the name of a domain. `.\user`
 * means a local account of the target, whose name the server fills in.
 */
export function splitAccount(account: string): Account {
  const slash = account.indexOf('\\');
  if (slash < 0) return { user: account, domain: '' };
  const domain = account.slice(0, slash);
  return { user: account.slice(slash + 1), domain: domain === '.' ? '' : domain };
}
