import type { FailureSpec } from '../failure-spec.ts';
import type { JsonObject } from '../json.ts';
import { show } from './show.ts';

/** Reaching a host over the network. */
export const netFailures = {
  'net.name-not-found': {
    blame: 'user',
    retry: 'later',
    message: (d) =>
      d['reason'] === 'EAI_AGAIN'
        ? `Looking up ${show(d['address'])} got no answer from the name servers`
        : `Looking up ${show(d['address'])} found no such name`,
    hint: () => 'Check the host name or ansible_host in the inventory, and the DNS of this machine.',
  },
  'net.refused': {
    blame: 'network',
    retry: 'later',
    message: (d) => `Connecting to ${show(d['address'])}:${show(d['port'])} was refused`,
    hint: () =>
      'The machine is up but nothing listens there: check that WinRM runs (winrm quickconfig) and ansible_port.',
  },
  'net.timeout': {
    blame: 'network',
    retry: 'later',
    message: (d) =>
      `${show(d['what'])} ${d['what'] === 'Connecting' ? 'to' : 'on'} ${show(d['address'])}:${show(d['port'])} timed out after ${show(d['after'])}`,
    hint: timeoutHint,
  },
  'net.logon-timeout': {
    blame: 'network',
    retry: 'later',
    message: (d) =>
      `Logging on to ${show(d['host'])} as ${show(d['user'])} timed out after ${show(d['after'])}: ${show(d['address'])}:${show(d['port'])} took the connection, and ${d['answers'] === 0 ? 'never answered' : 'went silent in the middle of the logon'}`,
    hint: () =>
      'Its WinRM service hangs (Restart-Service WinRM), waits for a domain controller, or another service owns the port; a slow host needs a longer logon timeout.',
  },
  'net.no-answer': {
    blame: 'network',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} did not answer ${show(d['action'])} within ${show(d['after'])}, although it was logged on`,
    hint: () =>
      'The host hangs, was switched off, or a firewall forgot the connection; look at the host before anything is repeated.',
  },
  'net.reset': {
    blame: 'network',
    retry: 'later',
    message: (d) => `The connection to ${show(d['address'])}:${show(d['port'])} was closed by the other side`,
    hint: (d) =>
      d['answerBegan'] === false
        ? 'The host may be restarting: run the command again, or resume the run. A port that always does this may want https (ansible_psrp_protocol).'
        : 'The host may be restarting; run the command again, or resume the run.',
  },
  'net.failed': {
    blame: 'network',
    retry: 'later',
    message: (d) => `Connecting to ${show(d['address'])}:${show(d['port'])} failed: ${show(d['reason'])}`,
  },
  'net.unreachable': {
    blame: 'network',
    retry: 'later',
    message: (d) =>
      `There is no way to ${show(d['address'])}:${show(d['port'])} from here (${show(d['reason'])})`,
    hint: () =>
      'A router says so, or this machine has no route: check VPN, gateway and ansible_host. A host that is off answers like this in its own subnet.',
  },
  'net.proxy-needs-https': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `${show(d['address'])}:${show(d['port'])} was not asked through the proxy ${show(d['proxy'])}: over http the logon belongs to one connection, which a proxy does not keep`,
    hint: () => 'Use ansible_psrp_protocol: https (port 5986) with the proxy, or go without it.',
  },
  'net.proxy-unreachable': {
    blame: 'network',
    retry: 'later',
    message: (d) => `The proxy ${show(d['proxy'])} cannot be reached: ${show(d['reason'])}`,
    hint: () => 'Check ansible_psrp_proxy, and that the proxy runs.',
  },
  'net.proxy-authentication': {
    blame: 'user',
    retry: 'after-reauth',
    message: (d) =>
      `The proxy ${show(d['proxy'])} ${d['presented'] === true ? 'refused its user and password' : 'demands a logon'} (HTTP 407, it offers ${show(d['offered'])})`,
    hint: () =>
      'Give the proxy its user and password (ansible_psrp_proxy: http://USER:PASSWORD@PROXY:PORT); only Basic is done here.',
  },
  'net.proxy-forbidden': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The proxy ${show(d['proxy'])} does not let connections through to ${show(d['address'])}:${show(d['port'])} (HTTP ${show(d['status'])})`,
    hint: () => 'Allow CONNECT to this host and port on the proxy; many allow port 443 only.',
  },
  'net.proxy-failed': {
    blame: 'network',
    retry: 'later',
    message: (d) =>
      `The proxy ${show(d['proxy'])} could not connect to ${show(d['address'])}:${show(d['port'])} (HTTP ${show(d['status'])})`,
    hint: () => 'Check from the proxy that the host is up and its HTTPS listener answers.',
  },
  'net.proxy-not-http': {
    blame: 'user',
    retry: 'never',
    message: (d) => `The proxy ${show(d['proxy'])} did not answer CONNECT as an HTTP proxy does`,
    hint: () =>
      'Check address and port of ansible_psrp_proxy; it must be an HTTP proxy, reached without TLS.',
  },
  'net.listen': {
    blame: 'local',
    retry: 'later',
    message: (d) => `Listening on ${show(d['address'])}:${show(d['port'])} failed: ${show(d['reason'])}`,
    hint: () => 'Another program holds the port: stop it, or leave the port to be chosen.',
  },
  'net.aborted': {
    blame: 'local',
    retry: 'never',
    message: () => 'The operation was stopped here before it finished',
  },
} as const satisfies Record<string, FailureSpec>;

function timeoutHint({ what }: JsonObject): string {
  switch (what) {
    case 'Connecting':
      return 'The machine is off, or a firewall drops the packets: check TCP 5985/5986 from here.';
    case 'The TLS handshake':
      return 'Something accepts connections there but does not speak TLS, or hangs: check ansible_port and the HTTPS listener.';
    case 'Asking the proxy':
      return 'The proxy hangs, or waits for a host that is off or behind a firewall.';
    default:
      return 'The machine is off, a firewall drops the packets (check TCP 5985/5986 from here), or its WinRM service hangs.';
  }
}
