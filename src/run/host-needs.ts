import type { RebootPolicy } from '../model/playbook.ts';
import type { HostPhase } from './state.ts';

/** What a probed host needs next in its phase: its writes first, then one reboot for all of them, then the proof. */
export function nextNeed(
  own: HostPhase,
  when: RebootPolicy['when'] = 'needed',
): 'write' | 'reboot' | 'verify' {
  if (own.steps.some((step) => step.status === 'due')) return 'write';
  const wanted = own.steps.some((step) => step.reboot || step.restartNeeded);
  return wanted && when === 'needed' && !own.rebooted ? 'reboot' : 'verify';
}

/** Whether anything on the host was changed in this phase: written, or rebooted at our request. */
export function wasTouched(own: HostPhase): boolean {
  return own.rebooted || own.steps.some((step) => step.status === 'written');
}
