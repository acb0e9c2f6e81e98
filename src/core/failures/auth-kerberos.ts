import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Tickets, and what gives them. */
export const kerberosFailures = {
  'auth.kerberos-unavailable': {
    blame: 'local',
    retry: 'never',
    message: (d) => `Kerberos cannot be used from here: ${show(d['reason'])}`,
    hint: (d) => show(d['remedy'], 'Use ansible_psrp_auth: ntlm.'),
  },
  'auth.kerberos-address': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `Kerberos needs the name of ${show(d['host'])}, and its target is the IP address ${show(d['address'])}`,
    hint: () =>
      'Set ansible_host to the DNS name that the domain knows, or ansible_psrp_negotiate_hostname_override to that name; ansible_psrp_auth: ntlm works with addresses.',
  },
  'auth.kerberos-no-realm': {
    blame: 'user',
    retry: 'never',
    message: (d) => `Kerberos does not know the realm of ${show(d['principal'])}: ${show(d['reason'])}`,
    hint: () =>
      'Write the user as name@REALM.EXAMPLE (the DNS name of the domain in capitals), or set default_realm in krb5.conf.',
  },
  'auth.kerberos-no-ticket': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) => `There is no Kerberos ticket in ${show(d['cache'])}: ${show(d['reason'])}`,
    hint: () => 'Get one with kinit, or give a password and a user of the form name@REALM.EXAMPLE.',
  },
  'auth.kerberos-ticket-expired': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) => `The Kerberos ticket in ${show(d['cache'])} has expired`,
    hint: () => 'Get a new one with kinit, or give a password, which renews it by itself.',
  },
  'auth.kerberos-unknown-service': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The KDC knows no service ${show(d['service'])}: ${show(d['reason'])}`,
    hint: (d) =>
      `Check that the target is the host's real DNS name and not an alias, and who owns the name with setspn -Q ${show(d['spn'])}; ansible_psrp_negotiate_service and ansible_psrp_negotiate_hostname_override ask for another.`,
  },
  'auth.kerberos-clock-skew': {
    blame: 'local',
    retry: 'later',
    message: (d) =>
      `The clocks of this machine and of ${show(d['host'], 'the other side')} are too far apart for Kerberos (here ${show(d['here'])}, there ${show(d['there'], 'unknown')})`,
    hint: () => 'Set both clocks by the same time server; Kerberos tolerates five minutes.',
  },
  'auth.kerberos-no-kdc': {
    blame: 'network',
    retry: 'later',
    message: (d) => `No KDC answered for ${show(d['principal'])}: ${show(d['reason'])}`,
    hint: () =>
      'Check that the domain controllers are reachable (TCP and UDP 88) and found: DNS SRV _kerberos._tcp, or kdc in krb5.conf.',
  },
  'auth.kerberos-wrong-password': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) => `The KDC refused the password of ${show(d['principal'])}`,
    hint: () =>
      'Check the password; the same one is not tried again for a minute, since accounts get locked.',
  },
  'auth.kerberos-unknown-user': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The KDC knows no account ${show(d['principal'])}`,
    hint: () => 'Check the user name and its realm: name@REALM.EXAMPLE.',
  },
  'auth.kerberos-account': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) => `The KDC does not let ${show(d['principal'])} log on: ${show(d['reason'])}`,
    hint: () => 'The account is disabled, locked or expired, or its password has to be changed first.',
  },
  'auth.kerberos-refused': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} refused the Kerberos ticket for ${show(d['service'])}: ${show(d['reason'])}`,
    hint: () =>
      'The name asked for belongs to another account than the host runs under, or the host lost its secret with the domain: check setspn -Q and Test-ComputerSecureChannel there.',
  },
  'auth.kerberos-encryption': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The Kerberos session with ${show(d['host'], 'the other side')} does not seal as WinRM needs it: ${show(d['reason'])}`,
    hint: () =>
      'Enable AES for the accounts of host and user (msDS-SupportedEncryptionTypes); RC4 is not used.',
  },
  'auth.kerberos-failed': {
    blame: 'local',
    retry: 'later',
    message: (d) => `Kerberos could not ${show(d['action'], 'log on')}: ${show(d['reason'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
