import type { FailureSpec } from '../failure-spec.ts';
import { show, waitedFor } from './show.ts';

/** HTTP answers. */
export const httpFailures = {
  'http.not-http': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['address'])}:${show(d['port'])} answered with something that is not HTTP`,
    hint: () => 'Another service listens on this port: check ansible_port and ansible_psrp_protocol.',
  },
  'http.not-winrm': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `${show(d['address'])}:${show(d['port'])} is a web server but not WinRM: it answered HTTP ${show(d['status'])} to a logon at ${show(d['path'])}`,
    hint: () =>
      'Check ansible_port and ansible_psrp_path (/wsman), and what listens there: winrm enumerate winrm/config/listener on the host.',
  },
  'http.tls-expected': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${show(d['address'])}:${show(d['port'])} speaks TLS, and was asked over plain http`,
    hint: () =>
      'Use ansible_psrp_protocol: https for this port, or the port of the HTTP listener (5985); nothing secret was sent.',
  },
  'http.response-too-large': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The answer of ${show(d['address'])}:${show(d['port'])} is larger than ${show(d['maxBytes'])} bytes`,
  },
  'http.status': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} answered HTTP ${show(d['status'])} to ${show(d['action'])}${waitedFor(d)}`,
    hint: (d) =>
      d['status'] === 503
        ? 'The WinRM service is starting or busy: try again in a minute.'
        : 'Check that the port and path belong to WinRM (/wsman).',
  },
} as const satisfies Record<string, FailureSpec>;
