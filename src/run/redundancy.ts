import type { SetGuard } from '../model/intent.ts';
import type { HostPhase, RunState } from './state.ts';

/** Whether a set allows one more member to go down. */
export type SetVerdict =
  | { readonly allowed: true; readonly guards: readonly SetGuard[] }
  /** `forGood`: not before a person or another run has brought a member back. */
  | { readonly allowed: false; readonly forGood: boolean; readonly reason: string };

/**
 * Whether `host` may go down as far as this run knows: enough other members must be up in each of its sets.
 *
 * A member that this run has down (from the reboot to its proof), or found dead, uses up the set's reserve. What the
 * run does not know of is asked live, right before the reboot: the guards say whom to ask.
 *
 * @param goingDown - Hosts whose reboot was decided in this very decision.
 */
export function setVerdict(state: RunState, host: string, goingDown: ReadonlySet<string>): SetVerdict {
  const guards: SetGuard[] = [];
  for (const set of state.plan.sets) {
    if (!set.hosts.includes(host)) continue;
    const partners = set.hosts.filter((name) => name !== host);
    const dead = partners.filter((name) => isDead(state, name));
    const down = partners.filter(
      (name) => !dead.includes(name) && (goingDown.has(name) || isDown(state, name)),
    );
    if (partners.length - dead.length < set.minAvailable)
      return { allowed: false, forGood: true, reason: blocked(set, dead, 'does not answer') };
    if (partners.length - dead.length - down.length < set.minAvailable)
      return { allowed: false, forGood: false, reason: blocked(set, down, 'is down right now') };
    guards.push({ set: set.name, partners, minHealthy: set.minAvailable });
  }
  return { allowed: true, guards };
}

function blocked(
  set: { name: string; minAvailable: number },
  members: readonly string[],
  why: string,
): string {
  const who = members.length === 0 ? 'it has too few members' : `${members.join(', ')} ${why}`;
  return `set ${set.name} needs ${set.minAvailable} other member(s) up, and ${who}`;
}

/** Between a reboot's intent and the proof that the host is back in order. */
function isDown(state: RunState, name: string): boolean {
  return phasesOf(state, name).some(
    (own) =>
      own.status === 'rebooting' ||
      (own.rebooted && (own.status === 'settling' || own.status === 'verifying')),
  );
}

/** The run looked, and found it dead, or cannot tell what became of it; or the plan never reached it, nor did the run. */
function isDead(state: RunState, name: string): boolean {
  const phases = phasesOf(state, name);
  if (phases.some((own) => own.outcome === 'unreachable' || own.outcome === 'unknown')) return true;
  const planned = state.plan.hosts.find((host) => host.host === name);
  return (
    planned !== undefined && planned.facts === undefined && phases.every((own) => own.boot === undefined)
  );
}

function phasesOf(state: RunState, name: string): readonly HostPhase[] {
  return Object.values(state.hosts.get(name)?.phases ?? {});
}
