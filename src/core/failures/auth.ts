import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Proving who we are. */
export const authFailures = {
  'auth.denied': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) => `${show(d['host'])} denied the logon of ${show(d['user'])} (HTTP 401 after NTLM)`,
    hint: () =>
      'Check user name and password, and that the account may log on over WinRM (local administrator or Remote Management Users).',
  },
  'auth.not-offered': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['host'])} does not offer ${show(d['wanted'])}; it offers ${show(d['offered'])}`,
    hint: () => 'Enable Negotiate on the listener (winrm set winrm/config/service/auth @{Negotiate="true"}).',
  },
  'auth.method-not-supported': {
    blame: 'user',
    retry: 'never',
    message: (d) => `Authentication ${show(d['method'])} of ${show(d['host'])} is not supported yet`,
    hint: () => 'Use ansible_psrp_auth: ntlm.',
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
