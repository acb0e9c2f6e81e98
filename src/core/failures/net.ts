import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Reaching a host over the network. */
export const netFailures = {
  'net.name-not-found': {
    blame: 'user',
    retry: 'later',
    message: (d) => `Looking up ${show(d['address'])} found no such name`,
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
      `${show(d['what'])} on ${show(d['address'])}:${show(d['port'])} timed out after ${show(d['after'])}`,
    hint: () =>
      'The machine is off, a firewall drops the packets (check TCP 5985/5986 from here), or its WinRM service hangs.',
  },
  'net.reset': {
    blame: 'network',
    retry: 'later',
    message: (d) => `The connection to ${show(d['address'])}:${show(d['port'])} was closed by the other side`,
    hint: () => 'The host may be restarting; run the command again, or resume the run.',
  },
  'net.failed': {
    blame: 'network',
    retry: 'later',
    message: (d) => `Connecting to ${show(d['address'])}:${show(d['port'])} failed: ${show(d['reason'])}`,
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
