import type { FailureSpec } from '../failure-spec.ts';
import { show, unfilter } from './show.ts';

/** Remote sessions and the scripts in them. */
export const sessionFailures = {
  'script.failed': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `Script ${show(d['script'])} failed on ${show(d['host'])}: ${show(d['reason'])} (${show(d['errorId'])}, ${show(d['position'])})`,
  },
  'script.bad-output': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `Script ${show(d['script'])} on ${show(d['host'])} gave output of an unexpected shape: ${show(d['reason'])}`,
  },
  'script.timeout': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `Script ${show(d['script'])} on ${show(d['host'])} did not finish within ${show(d['after'])}`,
  },
  'session.outcome-unknown': {
    blame: 'network',
    retry: 'never',
    message: (d) =>
      `The connection to ${show(d['host'])} broke while ${show(d['script'])} ran: whether it took effect is unknown`,
    hint: () => 'Look at the host before anything is repeated; resume reconciles what it can prove.',
  },
  'session.refused-late': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} refused to start ${show(d['script'])}: it arrived after ${show(d['validUntil'])}, host time`,
    hint: () => 'Nothing was changed. The next window takes it up; check the clocks if it happens again.',
  },
  'session.filtered-token': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `${show(d['user'])} is an administrator of ${show(d['host'])}, but was logged on without those rights`,
    hint: () =>
      `User Account Control takes them from local accounts over the network: use a domain account, or ${unfilter}.`,
  },
  'session.not-administrator': {
    blame: 'user',
    retry: 'never',
    message: (d) => `${show(d['user'])} may log on to ${show(d['host'])}, but is no administrator there`,
    hint: () =>
      'Settings cannot be read whole or changed: add the account to Administrators, or use a session configuration that runs as one (ansible_psrp_configuration_name).',
  },
  'session.powershell-too-old': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['host'])} has PowerShell ${show(d['version'])}; our scripts need 3.0 or later`,
    hint: () => 'Install Windows Management Framework 5.1 on the host, or handle it by hand.',
  },
} as const satisfies Record<string, FailureSpec>;
