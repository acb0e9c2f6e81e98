import type { FailureSpec } from '../failure-spec.ts';
import type { JsonObject } from '../json.ts';
import { show } from './show.ts';

const at = (d: JsonObject): string => `${show(d['address'])}:${show(d['port'])}`;

/** Names of this machine's variables; ansible_winrm_ca_trust_path does the same for the other plugin. */
const trustIt =
  'name its authority (ansible_psrp_ca_cert: FILE.pem) or pin this very certificate (countersign_tls_pin)';
const compareFirst =
  'compare it with the host first (Get-ChildItem Cert:\\LocalMachine\\My there shows subject and thumbprint)';

/** TLS: who the other side is, and that nobody else reads along. */
export const tlsFailures = {
  'tls.untrusted-authority': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `The certificate of ${at(d)} is signed by ${show(d['issuer'])}, which is no authority trusted here`,
    hint: () => `If that is your own authority, ${trustIt}.`,
  },
  'tls.self-signed': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `The certificate of ${at(d)} is signed by itself (${show(d['subject'])}, SHA-256 ${show(d['fingerprint'])}), so nobody vouches for it`,
    hint: () =>
      `Bind a certificate of your authority to the HTTPS listener, or pin this one with countersign_tls_pin; ${compareFirst}.`,
  },
  'tls.expired': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The certificate ${show(d['subject'])} of ${at(d)} expired at ${show(d['validTo'])}; it is ${show(d['now'])} here`,
    hint: () => 'Renew it and bind the new one to the HTTPS listener, or correct the clock of this machine.',
  },
  'tls.not-yet-valid': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `The certificate ${show(d['subject'])} of ${at(d)} is valid from ${show(d['validFrom'])}; it is ${show(d['now'])} here`,
    hint: () =>
      'Correct the clock of this machine, or of the one that issued the certificate, before anything else.',
  },
  'tls.wrong-name': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The certificate of ${at(d)} is for ${show(d['names'])}, not for ${show(d['wanted'])}`,
    hint: () =>
      'Set ansible_host to a name that the certificate carries, countersign_tls_server_name to the one to expect, or issue a certificate with this name.',
  },
  'tls.weak-certificate': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `The certificate of ${at(d)} cannot be relied on: ${show(d['reason'])}`,
    hint: () =>
      'Issue one with an RSA key of at least 2048 bits or an elliptic curve, signed with SHA-256 or better; until then pin it with countersign_tls_pin.',
  },
  'tls.pin-mismatch': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The certificate of ${at(d)} has the SHA-256 fingerprint ${show(d['found'])}, and ${show(d['pinned'])} is pinned`,
    hint: () =>
      `Either the host got a new certificate or somebody answers in its place: ${compareFirst}, then change countersign_tls_pin.`,
  },
  'tls.changed-certificate': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${at(d)} showed another certificate in the middle of the connection`,
    hint: () => 'Something between here and the host answers in its place; nothing more was sent to it.',
  },
  'tls.malformed-certificate': {
    blame: 'remote',
    retry: 'never',
    message: () => 'The certificate of the other side is not X.509',
    hint: () => 'Bind another certificate to the HTTPS listener (winrm enumerate winrm/config/listener).',
  },
  'tls.not-tls': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${at(d)} does not speak TLS: it answered in clear text`,
    hint: () =>
      'Port 5985 is WinRM over http, which seals its messages by itself: use ansible_psrp_protocol: http there, or the port of the HTTPS listener (5986).',
  },
  'tls.closed': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${at(d)} closed the connection during the TLS handshake`,
    hint: () =>
      'Windows does so where the listener has no usable certificate: check winrm enumerate winrm/config/listener and netsh http show sslcert there.',
  },
  'tls.no-common-protocol': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${at(d)} and this program have no version of TLS in common (${show(d['reason'])})`,
    hint: () =>
      'TLS 1.2 is the oldest that is used here: enable it on the host (Windows before 2012 R2 needs an update and SCHANNEL settings).',
  },
  'tls.handshake': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `The TLS handshake with ${at(d)} failed: ${show(d['reason'])}`,
    hint: () =>
      'The host may allow no cipher that is used here (Get-TlsCipherSuite there), or demand a client certificate; openssl s_client -connect HOST:5986 tells more.',
  },
  'tls.client-certificate-refused': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      d['presented'] === true
        ? `${at(d)} refused the client certificate ${show(d['subject'])}, valid until ${show(d['validTo'])} (${show(d['reason'])})`
        : `${at(d)} demands a client certificate, and none was given (${show(d['reason'])})`,
    hint: (d) =>
      d['presented'] === true
        ? 'The host must trust its issuer (Root and CA stores of the machine), and the certificate must allow client authentication and be in date.'
        : 'Name it: ansible_psrp_certificate_pem and ansible_psrp_certificate_key_pem.',
  },
  'tls.bad-authority': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The authorities given for ${at(d)} cannot be used: ${show(d['reason'])}`,
    hint: () => 'Give a file of PEM certificates (-----BEGIN CERTIFICATE-----), one or more.',
  },
  'tls.bad-client-certificate': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The client certificate for ${at(d)} cannot be used: ${show(d['reason'])}`,
    hint: () => 'Give the certificate and its intermediates as PEM (-----BEGIN CERTIFICATE-----).',
  },
  'tls.bad-client-key': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The key of the client certificate for ${at(d)} cannot be used: ${show(d['reason'])}`,
    hint: () => 'Give the private key of this certificate as PEM, and its passphrase where it has one.',
  },
  'tls.bad-pin': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The pinned fingerprint for ${at(d)} is not one of SHA-256: ${show(d['pinned'])}`,
    hint: () =>
      'Write 64 hex digits, with or without colons (openssl x509 -in FILE -noout -fingerprint -sha256).',
  },
} as const satisfies Record<string, FailureSpec>;
