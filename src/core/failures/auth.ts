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
} as const satisfies Record<string, FailureSpec>;
