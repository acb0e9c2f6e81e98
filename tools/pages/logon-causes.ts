import type { FailureCode } from '../../src/core/failure-codes.ts';

/** Every code of these areas must have its place on the page about logons; the compiler says which is missing. */
type LogonArea = 'auth' | 'net' | 'tls' | 'http';
type OfArea<Code extends FailureCode> = Code extends `${LogonArea}.${string}` ? Code : never;
/** What a host may still say after the logon. */
type AfterLogon =
  | 'wsman.access-denied'
  | 'wsman.no-configuration'
  | 'session.filtered-token'
  | 'session.not-administrator'
  | 'session.powershell-too-old';
type LogonCode = OfArea<FailureCode> | AfterLogon;

type Causes<Code extends LogonCode> = Readonly<Record<Code, string>>;
type CodesOf<Area extends string> = Extract<LogonCode, `${Area}.${string}`>;

/** The host is not reached. */
export const netCauses: Causes<CodesOf<'net'>> = {
  'net.name-not-found': 'No name server that this machine asks knows the name, or none of them answers.',
  'net.refused': 'WinRM is off there, has no listener of this kind, or listens on another port.',
  'net.timeout': 'Nothing came back within the time that is allowed for it.',
  'net.unreachable': 'No route leads there, or nobody is at that address.',
  'net.reset':
    'The connection was there and then broke: a restart, a proxy or firewall in between, or an HTTPS port that was asked over http.',
  'net.failed':
    'The system of this machine gave an error that has no remedy of its own here; it is in the text.',
  'net.logon-timeout': 'The connection was taken, and the logon was not answered in time.',
  'net.no-answer': 'The logon was good, and a later request was not answered in time.',
  'net.proxy-needs-https': 'A proxy was set for a host that is asked over http.',
  'net.proxy-unreachable': 'It is the proxy that cannot be reached; the host was not tried.',
  'net.proxy-authentication': 'The proxy wants to know who you are, apart from the host.',
  'net.proxy-forbidden': 'The proxy has a rule against this host or port.',
  'net.proxy-failed': 'The proxy lets you through, and cannot reach the host itself.',
  'net.proxy-not-http': 'What answers at the address of the proxy is something else.',
  'net.aborted': 'You, or the end of a run, stopped it. Nothing is wrong with the host.',
  'net.listen': 'A simulated host could not be served from this machine; real hosts are not concerned.',
};

/** Something answers, but not WinRM over HTTP. */
export const httpCauses: Causes<CodesOf<'http'>> = {
  'http.not-http': 'Another service has the port.',
  'http.tls-expected': 'An HTTPS listener was asked over http.',
  'http.not-winrm': 'A web server has the port: IIS, a management page, or a proxy that answers by itself.',
  'http.status':
    'WinRM, or something in front of it, answered with an error: 503 while it starts, 502 and 504 come from a proxy, 400 when both sides disagree about the sealing.',
  'http.response-too-large': 'The answer is larger than WinRM ever sends; it was not read to its end.',
};

/** The certificate, or TLS itself. Nothing of the logon was sent. */
export const tlsCauses: Causes<CodesOf<'tls'>> = {
  'tls.untrusted-authority': 'The authority that signed the certificate is not trusted by this machine.',
  'tls.self-signed':
    'The listener has a certificate that it made itself, as winrm quickconfig -transport:https and many scripts leave behind.',
  'tls.wrong-name':
    'The host is reached by a name or address that is not in its certificate: an alias, a short name, an IP address.',
  'tls.expired': 'The certificate, or one above it, is past its date.',
  'tls.not-yet-valid': 'The certificate begins in the future: mostly a clock is wrong.',
  'tls.weak-certificate': 'Its signature or key is no longer thought safe, or it is not meant for servers.',
  'tls.pin-mismatch': 'It is not the certificate that was pinned. With a pin nothing else is looked at.',
  'tls.changed-certificate': 'The other side began with one certificate and went on with another.',
  'tls.malformed-certificate': 'The certificate cannot be read.',
  'tls.not-tls': 'Plain http answered on a port that was asked for https.',
  'tls.closed': 'The other side hung up before TLS was spoken.',
  'tls.no-common-protocol': 'The host speaks only versions of TLS before 1.2.',
  'tls.handshake': 'Both sides speak TLS and could not agree.',
  'tls.client-certificate-refused':
    'The host wants to see a client certificate, and another than it was shown.',
  'tls.bad-authority': 'The file of authorities is not PEM, or damaged. Nothing was connected.',
  'tls.bad-client-certificate': 'The client certificate is not PEM, or damaged. Nothing was connected.',
  'tls.bad-client-key':
    'The key is not PEM, is encrypted without the right passphrase, or belongs to another certificate. Nothing was connected.',
  'tls.bad-pin':
    'The pin is not a SHA-256 fingerprint; what Windows calls thumbprint is SHA-1. Nothing was connected.',
};

/** The host answers, and does not let us in. */
export const authCauses: Causes<CodesOf<'auth'>> = {
  'auth.denied':
    'A wrong password, a locked, expired or disabled account, a logon right that is missing, NTLM that is switched off by policy, or over https a binding to a certificate that is not the host’s.',
  'auth.not-offered':
    'The method is switched off at the listener, or a proxy took the offer out of the answer.',
  'auth.basic-over-http': 'Basic sends the password as it is; it goes inside TLS or not at all.',
  'auth.certificate-over-http': 'A client certificate is shown in TLS, and the target has none.',
  'auth.no-client-certificate': 'The method is certificate, and no certificate is named.',
  'auth.negotiation': 'The two sides could not agree on a method.',
  'auth.weak-session': 'A policy on the host or an old server refuses what keeps messages secret.',
  'auth.server-not-proven':
    'Kerberos proves both sides, and the host did not prove its own; it may be an impostor.',
  'auth.unsealed': 'The answer was not sealed although the question was. It was not read.',
  'auth.bad-seal': 'A message was changed on its way, or a proxy mixed up two connections.',
  'auth.not-sealed': 'The security context could not seal; it has mostly expired.',
  'auth.malformed-token': 'The other side sent something that is not a message of the logon.',
  'auth.malformed-sealing': 'The other side sent something that is not a sealed message.',
  'auth.kerberos-wrong-password': 'The domain refused the password, before the host was asked.',
  'auth.kerberos-unknown-user': 'The realm has no such account.',
  'auth.kerberos-account': 'The account is there, and may not log on now.',
  'auth.kerberos-no-ticket': 'No password was given, and there is no ticket to use instead.',
  'auth.kerberos-ticket-expired': 'A ticket lasts ten hours unless your domain says otherwise.',
  'auth.kerberos-clock-skew': 'Tickets carry the time, and the clocks do not agree.',
  'auth.kerberos-unknown-service':
    'The domain has no service of this name: the host was asked for by an alias or a short name, or is not in the domain.',
  'auth.kerberos-refused': 'The ticket was made for another secret than the host has.',
  'auth.kerberos-address': 'Services have names, and no addresses.',
  'auth.kerberos-no-realm': 'Nothing says which domain to ask.',
  'auth.kerberos-no-kdc': 'No domain controller of the realm answers from here.',
  'auth.kerberos-encryption':
    'The accounts agree only on ciphers that WinRM’s sealing is not made with here.',
  'auth.kerberos-unavailable':
    'The library (MIT krb5), or the package koffi that calls it, is not on this machine.',
  'auth.kerberos-failed':
    'The Kerberos library gave an error that has no remedy of its own here; it is in the text.',
};

/** We are in, and not far enough. */
export const afterLogonCauses: Causes<AfterLogon> = {
  'wsman.access-denied': 'The logon was good, and the account may not open a shell.',
  'session.filtered-token': 'User Account Control took the rights of a local administrator.',
  'session.not-administrator': 'The account is not in the group of administrators.',
  'wsman.no-configuration': 'The host has no PowerShell to be reached by this name.',
  'session.powershell-too-old': 'The host has PowerShell 2.0.',
};
