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
  const having = (wanted: Presence) => all.filter((name) => presence(name) === wanted);
  const odd = having('odd');
  if (odd.length > 0)
    return judgement(
      'unknown',
      state,
      `${show(odd)}: neither on nor off; repair it (dism /online /cleanup-image /restorehealth), then survey again`,
    );

  const on = having('on');
  if (on.length > 0) {
    if (installed) return judgement('compliant', state, show(on));
    return judgement('drifted', state, show(on), { change: removal(presence), reboot: true });
  }
  const rest = show([...having('leaving'), ...having('off')]);
  if (installed) return weakens(state, `SMB1 is removed (${rest})`);
  if (having('leaving').length > 0)
    return judgement('pending-reboot', state, `${rest}: SMB1 is gone after the next restart`, {
      reboot: true,
    });
  return judgement('compliant', state, rest);
}

/**
 * Every name under which it is on. On real Windows the role feature goes along with the optional one, and `set.ps1` then
 * finds nothing more to do; where the two contradict each other, both end up removed. The countdown to automatic removal
 * goes along.
 */
function removal(presence: (name: string) => Presence): ControlState {
  const enabled = [...optional, 'automaticRemoval'].filter((name) => presence(name) === 'on');
  const change: ControlState = Object.fromEntries(enabled.map((name) => [name, 'Disabled']));
  return presence('roleFeature') === 'on' ? { ...change, roleFeature: 'Available' } : change;
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
