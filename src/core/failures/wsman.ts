import type { FailureSpec } from '../failure-spec.ts';
import { show, unfilter, waitedFor } from './show.ts';

/** WS-Management envelopes and faults. */
export const wsmanFailures = {
  'wsman.fault': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['action'])} on ${show(d['host'])} failed: WSMan fault ${show(d['wsmanCode'])} (${show(d['reason'])})`,
  },
  'wsman.shell-gone': {
    blame: 'remote',
    retry: 'later',
    message: (d) => `The remote shell on ${show(d['host'])} is gone (WSMan fault ${show(d['wsmanCode'])})`,
    hint: () => 'It expired, or the host restarted; a new session is needed.',
  },
  'wsman.quota': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} refuses another shell or operation: its quota is used up (WSMan fault ${show(d['wsmanCode'])})${waitedFor(d)}`,
    hint: () => 'Close other sessions of this account, or wait for their idle timeout.',
  },
  'wsman.aborted': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} ended ${show(d['action'])} before it was done (WSMan fault ${show(d['wsmanCode'])})`,
    hint: () => 'Its shell was closed meanwhile; open a new session.',
  },
  'wsman.disconnected': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `The remote shell on ${show(d['host'])} is disconnected, so ${show(d['action'])} has no answer (WSMan fault ${show(d['wsmanCode'])})`,
    hint: () => 'Reconnect it, or connect to it from another session; its output is kept meanwhile.',
  },
  'wsman.access-denied': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} accepted the logon but denies ${show(d['action'])} (WSMan fault ${show(d['wsmanCode'])})`,
    hint: () =>
      `The account is no administrator there and not in Remote Management Users, or its token is filtered: for a local account, ${unfilter}. Disable-PSRemoting denies everybody.`,
  },
  'wsman.rejected': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} rejects our ${show(d['action'])} request: WSMan fault ${show(d['wsmanCode'])} (${show(d['reason'])})`,
    hint: () => 'This is likely an error in this program: please report it with this line.',
  },
  'wsman.no-configuration': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} has no session configuration for ${show(d['action'])}: WSMan fault ${show(d['wsmanCode'])} (${show(d['reason'])})`,
    hint: () =>
      'Check ansible_psrp_configuration_name; on the host, Get-PSSessionConfiguration lists what there is, Enable-PSRemoting restores the default.',
  },
  'wsman.malformed': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The answer to ${show(d['action'])} is not a valid WS-Management envelope: ${show(d['reason'])}`,
    hint: () => 'Check that the port belongs to WinRM.',
  },
  'wsman.envelope-too-large': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `An envelope of ${show(d['bytes'])} bytes is larger than the limit of ${show(d['maxBytes'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
