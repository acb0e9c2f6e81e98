import type { FailureSpec } from '../failure-spec.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { show } from './show.ts';

/** Proving who we are. */
export const authFailures = {
  'auth.denied': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) =>
      `${show(d['host'])} denied the logon of ${show(d['user'])} by ${show(d['method'], 'NTLM')} (HTTP 401)${because(d['reason'])}${insteadOf(d['kerberos'])}`,
    hint: deniedHint,
  },
  'auth.not-offered': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['host'])} does not offer ${show(d['wanted'])}; it offers ${show(d['offered'])}`,
    hint: notOfferedHint,
  },
  'auth.negotiation': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The negotiation of a logon with ${show(d['host'], 'the other side')} failed: ${show(d['reason'])}`,
    hint: () =>
      'Name the method itself instead of leaving it to be negotiated: ansible_psrp_auth: ntlm or kerberos.',
  },
  'auth.server-not-proven': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} took the logon of ${show(d['user'])}, but did not prove who it is itself; nothing was sent to it`,
    hint: () =>
      'Something between here and the host answers in its place, or strips WWW-Authenticate headers.',
  },
  'auth.not-sealed': {
    blame: 'local',
    retry: 'after-reauth',
    message: (d) => `A message could not be sealed, so it was not sent: ${show(d['reason'])}`,
  },
  'auth.malformed-token': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `The ${show(d['message'])} token of the other side is malformed: ${show(d['reason'])}`,
  },
  'auth.bad-seal': {
    blame: 'remote',
    retry: 'after-reauth',
    message: (d) => `A sealed message could not be opened: ${show(d['reason'])}`,
    hint: () =>
      'The message was changed on its way or belongs to another connection; a new connection is needed.',
  },
  'auth.weak-session': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The other side does not take NTLMv2 with 128-bit sealing: it refuses ${show(d['missing'])}`,
    hint: () =>
      'Allow NTLMv2 session security with 128-bit encryption there (Network security: Minimum session security for NTLM SSP); we do not go on with less.',
  },
  'auth.basic-over-http': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `Basic authentication of ${show(d['user'])} at ${show(d['host'])} was not sent: over http it would show the password`,
    hint: () =>
      'Use ansible_psrp_auth: ntlm, or ansible_psrp_protocol: https with the port of the HTTPS listener (5986).',
  },
  'auth.certificate-over-http': {
    blame: 'user',
    retry: 'never',
    message: (d) => `Authentication by certificate at ${show(d['host'])} needs https, and its target is http`,
    hint: () => 'Set ansible_psrp_protocol: https and the port of the HTTPS listener (5986).',
  },
  'auth.no-client-certificate': {
    blame: 'user',
    retry: 'never',
    message: (d) => `Authentication by certificate at ${show(d['host'])} was asked for without a certificate`,
    hint: () => 'Name the PEM files: ansible_psrp_certificate_pem and ansible_psrp_certificate_key_pem.',
  },
  'auth.unsealed': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} answered a sealed request in clear text (HTTP ${show(d['status'])}); the answer was not used`,
    hint: () => 'Something between here and the host answers in its place, or another service owns the port.',
  },
  'auth.malformed-sealing': {
    blame: 'remote',
    retry: 'after-reauth',
    message: (d) => `The multipart/encrypted message of the other side is malformed: ${show(d['reason'])}`,
  },
} as const satisfies Record<string, FailureSpec>;

const because = (reason: JsonValue | undefined): string => (reason === undefined ? '' : `: ${show(reason)}`);

const insteadOf = (kerberos: JsonValue | undefined): string =>
  kerberos === undefined ? '' : `; Kerberos was not used: ${show(kerberos)}`;

/** What to check, in the order in which it is usually wrong. */
function deniedHint(d: JsonObject): string {
  const allowed =
    'that it is a local administrator or in Remote Management Users, and, for a local account, LocalAccountTokenFilterPolicy';
  switch (d['method']) {
    case 'certificate':
      return 'Check that the host maps this certificate to a local account (winrm enumerate winrm/config/service/certmapping), trusts its issuer, and has Certificate=true in winrm/config/service/auth.';
    case 'Basic': {
      const unsealed = d['scheme'] === 'http' ? ', AllowUnencrypted=true in winrm/config/service' : '';
      return `Check user name and password (Basic knows only local accounts), Basic=true in winrm/config/service/auth${unsealed}, ${allowed}.`;
    }
    case 'Kerberos':
      return `The ticket was good and the host still refused. Check that the account may log on there: ${allowed}; and that the service name belongs to this host.`;
    default:
      return `Check user name and password, that the account is neither locked nor expired, ${allowed}. Over https the host may also demand a channel binding that a proxy in between breaks.`;
  }
}

function notOfferedHint({ wanted, offered }: JsonObject): string {
  if (offered === 'nothing')
    return 'A 401 without an offer comes from a proxy that strips WWW-Authenticate headers, or from another service: go to the host directly.';
  if (wanted === 'Basic' || wanted === 'Kerberos')
    return `Use ansible_psrp_auth: negotiate, or enable it there (winrm set winrm/config/service/auth @{${wanted}="true"}).`;
  return 'Enable Negotiate on the listener (winrm set winrm/config/service/auth @{Negotiate="true"}).';
}
