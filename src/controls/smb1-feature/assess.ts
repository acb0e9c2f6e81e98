import type { Assessment, ControlState, Facts } from '../../control/declaration.ts';
import { judgement, weakens } from '../../control/judgement.ts';
import { assessDriver } from './assess-driver.ts';

/** First build where SMB1 is a feature that can be removed: Windows 8.1 and Server 2012 R2. */
const firstBuildWithFeature = 9600;

/** What a state of a feature means for SMB1. `odd` states are known to Windows but not to us. */
type Presence = 'on' | 'leaving' | 'off' | 'none' | 'odd';

const presences: Readonly<Record<string, Presence>> = {
  Enabled: 'on',
  EnablePending: 'on',
  DisablePending: 'leaving',
  Disabled: 'off',
  DisabledWithPayloadRemoved: 'off',
  Installed: 'on',
  InstallPending: 'on',
  UninstallPending: 'leaving',
  Available: 'off',
  Removed: 'off',
  absent: 'none',
  unsupported: 'none',
};

const optional = ['feature', 'client', 'server'] as const;
const all = [...optional, 'roleFeature'] as const;
const windowsNames = {
  feature: 'SMB1Protocol',
  client: 'SMB1Protocol-Client',
  server: 'SMB1Protocol-Server',
  roleFeature: 'FS-SMB1',
} as const;

/** Removes only what is there, and never asks twice for a removal that waits for its restart. */
export function assessSmb1Feature(state: ControlState, installed: boolean, facts: Facts): Assessment {
  const presence = (name: string): Presence => presences[String(state[name])] ?? 'odd';
  const show = (names: readonly (keyof typeof windowsNames)[]): string =>
    names.map((name) => `${windowsNames[name]} is ${state[name]}`).join(', ');
  if (all.every((name) => presence(name) === 'none')) return withoutFeature(state, installed, facts);
  // Where both names are known, the optional feature is the exact one and the role feature only has to agree.
  const judged = optional.every((name) => presence(name) === 'none') ? (['roleFeature'] as const) : optional;
  const having = (wanted: Presence) => judged.filter((name) => presence(name) === wanted);
  const odd = having('odd');
  if (odd.length > 0)
    return judgement(
      'unknown',
      state,
      `${show(odd)}: neither on nor off; repair it (dism /online /cleanup-image /restorehealth), then survey again`,
    );
  if (disagrees(optional.map(presence), presence('roleFeature')))
    return judgement('unknown', state, `${show(['feature', 'roleFeature'])}: the two contradict each other`);

  const on = having('on');
  if (on.length > 0) {
    if (installed) return judgement('compliant', state, show(on));
    return judgement('drifted', state, show(on), { change: removal(state, presence), reboot: true });
  }
  const rest = show([...having('leaving'), ...having('off')]);
  if (installed) return weakens(state, `SMB1 is removed (${rest})`);
  if (having('leaving').length > 0)
    return judgement('pending-reboot', state, `${rest}: SMB1 is gone after the next restart`, {
      reboot: true,
    });
  return judgement('compliant', state, rest);
}

/** The same component under two names: both on, or both off. */
function disagrees(parts: readonly Presence[], role: Presence): boolean {
  if (parts.every((part) => part === 'none')) return false;
  return parts.includes('on') ? role === 'off' : role === 'on' && !parts.includes('leaving');
}

/** The role feature is the way only where the host lacks the other one; the countdown to automatic removal goes along. */
function removal(state: ControlState, presence: (name: string) => Presence): ControlState {
  if (state['feature'] === 'unsupported') return { roleFeature: 'Available' };
  const enabled = [...optional, 'automaticRemoval'].filter((name) => presence(name) === 'on');
  return Object.fromEntries(enabled.map((name) => [name, 'Disabled']));
}

function withoutFeature(state: ControlState, installed: boolean, facts: Facts): Assessment {
  if (facts.os.build < firstBuildWithFeature) return assessDriver(state, installed);
  const { driverStart } = state;
  if (driverStart !== 'absent' && driverStart !== 4)
    return judgement(
      'unknown',
      state,
      `The SMB1 client driver is there (Start is ${driverStart}), but the state of the SMB1 feature cannot be read`,
    );
  const reason = 'This Windows has neither an SMB1 feature nor an active SMB1 client driver';
  return installed ? weakens(state, reason) : judgement('compliant', state, reason);
}
