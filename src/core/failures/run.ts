import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Carrying out a plan on a host. */
export const runFailures = {
  'run.intent-late': {
    blame: 'local',
    retry: 'later',
    message: (d) => `${show(d['intent'])} was not sent: its time was over at ${show(d['validUntil'])}`,
    hint: () => 'Nothing was changed. The policy asks again while the window allows it.',
  },
  'run.set-below-minimum': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} was not rebooted: set ${show(d['set'])} needs ${show(d['needed'])} other member(s) up, and ${show(d['unhealthy'])} did not prove healthy`,
    hint: () => 'Bring the other member back, then: countersign release HOST --reason TEXT',
  },
  'run.servicing': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      `${show(d['host'])} is installing or removing components right now; it must not be touched`,
    hint: () => 'Wait until Windows Update or DISM has finished on the host.',
  },
  'run.not-as-written': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['control'])} on ${show(d['host'])} was written but reads back otherwise: ${show(d['reason'])}`,
    hint: () => 'Something undoes the setting: look for a group policy or an agent that manages it.',
  },
  'reboot.already-scheduled': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['host'])} refused the reboot: somebody else has scheduled one (1190)`,
    hint: () =>
      'Let that reboot happen or cancel it (shutdown /a), then: countersign release HOST --reason TEXT',
  },
  'reboot.users-logged-on': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `${show(d['host'])} refused the reboot: users are logged on (1191)`,
    hint: () => 'Log them off, then: countersign release HOST --reason TEXT',
  },
  'reboot.refused': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} refused the reboot: ${show(d['reason'])} (exit code ${show(d['exitCode'])})`,
    hint: () => 'The account needs the right to shut the system down (SeRemoteShutdownPrivilege).',
  },
  'reboot.not-back': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} was rebooted and did not come back within ${show(d['after'])}: ${show(d['reason'])}`,
    hint: () =>
      'Look at its console (BitLocker PIN, boot order, a hanging update). Once it is up: countersign release HOST --reason TEXT',
  },
  'reboot.not-ready': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['host'])} rebooted but is not in order after ${show(d['after'])}: ${show(d['reason'])}`,
    hint: () => 'Start the named services and read the event log of the host before it goes on.',
  },
  'reboot.unproven': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `Whether ${show(d['host'])} was told to reboot cannot be told: ${show(d['reason'])}`,
    hint: () =>
      'Read event 1074 and the boot time on the host. When you know: countersign release HOST --reason TEXT',
  },
} as const satisfies Record<string, FailureSpec>;
