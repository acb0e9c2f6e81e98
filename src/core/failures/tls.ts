import type { FailureSpec } from '../failure-spec.ts';

/** TLS: who the other side is, and that nobody else reads along. */
export const tlsFailures = {
  'tls.malformed-certificate': {
    blame: 'remote',
    retry: 'never',
    message: () => 'The certificate of the other side is not X.509',
    hint: () => 'Bind another certificate to the HTTPS listener (winrm enumerate winrm/config/listener).',
  },
} as const satisfies Record<string, FailureSpec>;
