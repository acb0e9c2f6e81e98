import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { PlannedWave } from '../model/plan.ts';
import type { PlaybookPhase, Wave } from '../model/playbook.ts';
import type { PlannedInventory } from './request.ts';

export interface ResolvedWaves {
  readonly waves: PlannedWave[];
  /** Hosts of the phase that no wave takes: they are not touched in it. */
  readonly leftOver: readonly string[];
  /** Named waves of the playbook in which no host of the phase is. */
  readonly empty: readonly string[];
}

/**
 * Deals the hosts of a phase out to its waves.
 *
 * A wave takes a name or pattern, a count of further hosts, a share of the phase's hosts (cumulative over the waves,
 * rounded down, at least one), or the `rest`. Counts and shares take hosts in the order of their names. No host is in
 * two waves; a host in none is left over, never slipped into a wave that the playbook does not have.
 */
export function dealWaves(
  phase: PlaybookPhase,
  hosts: readonly string[],
  match: PlannedInventory['match'],
): Result<ResolvedWaves> {
  const waves: PlannedWave[] = [];
  const empty: string[] = [];
  let left = [...hosts];
  for (const wave of phase.waves ?? ['rest']) {
    const { selector, soak } = normalise(wave);
    const taken = take(selector, { total: hosts.length, left, match });
    if (!taken.ok) return taken;
    const members = new Set(taken.value);
    if (members.size === 0) {
      if (left.length > 0) empty.push(selector);
      continue;
    }
    left = left.filter((host) => !members.has(host));
    waves.push({ name: unusedName(selector, waves), hosts: [...taken.value], soak, gate: null });
  }
  return ok({
    waves: waves.map((wave, index) => ({ ...wave, gate: gateOf(phase, waves[index - 1]) })),
    leftOver: left,
    empty,
  });
}

function normalise(wave: Wave): { selector: string; soak: string | null } {
  if (typeof wave !== 'object') return { selector: String(wave), soak: null };
  return { selector: String(wave.hosts), soak: wave.soak ?? null };
}

function take(
  selector: string,
  { total, left, match }: { total: number; left: readonly string[]; match: PlannedInventory['match'] },
): Result<readonly string[]> {
  if (selector === 'rest') return ok(left);
  if (/^\d+$/.test(selector)) return ok(left.slice(0, Number(selector)));
  if (/^\d+%$/.test(selector)) {
    const goal = Math.floor((total * Number.parseInt(selector, 10)) / 100);
    return ok(left.slice(0, Math.max(1, goal - (total - left.length))));
  }
  const matched = match(selector);
  if (!matched.ok) return matched;
  const chosen = new Set(matched.value);
  return ok(left.filter((host) => chosen.has(host)));
}

function unusedName(selector: string, waves: readonly PlannedWave[]): string {
  const isUsed = (name: string): boolean => waves.some((wave) => wave.name === name);
  let name = selector;
  for (let count = 2; isUsed(name); count++) name = `${selector} (${count})`;
  return name;
}

/** What must be true before the wave opens, in words. */
function gateOf(phase: PlaybookPhase, before: PlannedWave | undefined): string | null {
  if (before !== undefined)
    return `after wave ${before.name}${before.soak === null ? '' : ` and a soak of ${before.soak}`}`;
  const asked = (phase.gates ?? []).map(({ manual }) => `a person confirms: ${manual.ask}`);
  return asked.length === 0 ? null : asked.join('; ');
}
