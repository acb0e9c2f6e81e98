import { nearMatch } from '../core/near-match.ts';
import { problem } from '../model/document.ts';
import type { Problem } from '../model/document.ts';
import type { ReadPlaybook } from '../model/read-playbook.ts';
import type { PathStep } from '../model/yaml-node.ts';
import type { Inventory } from './inventory.ts';
import { matchPattern } from './pattern.ts';
import { positionOf } from './position-of.ts';

/**
 * What of a playbook does not fit the inventory: patterns that select nothing or cannot be read, and hosts whose
 * `countersign_window` names no window.
 */
export function validatePatterns(
  { playbook, source }: ReadPlaybook,
  inventory: Inventory,
): readonly Problem[] {
  return [
    ...patternsOf(playbook).flatMap(({ path, pattern }) => {
      const match = matchPattern(inventory, pattern);
      return match.ok ? [] : [problem(source.positionOf(path), match.error.code, match.error.details)];
    }),
    ...validateWindows(playbook, inventory),
  ];
}

interface PlacedPattern {
  readonly path: readonly PathStep[];
  readonly pattern: string;
}

function patternsOf({ hosts, phases }: ReadPlaybook['playbook']): readonly PlacedPattern[] {
  return [
    { path: ['hosts'], pattern: hosts },
    ...phases.flatMap((phase, index) => [
      ...(phase.hosts === undefined ? [] : [{ path: ['phases', index, 'hosts'], pattern: phase.hosts }]),
      ...(phase.waves ?? []).flatMap((wave, place) => {
        const isRecord = typeof wave === 'object';
        const pattern = isRecord ? wave.hosts : wave;
        const path = ['phases', index, 'waves', place, ...(isRecord ? ['hosts'] : [])];
        return isPattern(pattern) ? [{ path, pattern }] : [];
      }),
    ]),
  ];
}

/** Counts, shares and `rest` are no patterns. */
function isPattern(wave: string | number): wave is string {
  return typeof wave === 'string' && !/^(?:rest|\d+%?)$/.test(wave);
}

/** Hosts choose their window only where a phase lets them. One problem for each place where a wrong name stands. */
function validateWindows(
  { phases, windows }: ReadPlaybook['playbook'],
  { hosts }: Inventory,
): readonly Problem[] {
  if (!phases.some(({ window }) => window?.includes('countersign_window') === true)) return [];
  const known = Object.keys(windows);
  const found = new Map<string, Problem>();
  for (const { vars } of hosts) {
    const variable = vars.get('countersign_window');
    if (variable === undefined || variable.unresolved !== undefined) continue;
    const window = typeof variable.value === 'string' ? variable.value : JSON.stringify(variable.value);
    if (known.includes(window)) continue;
    const details = { window, known: known.join(', '), near: nearMatch(window, known) };
    found.set(
      JSON.stringify([variable.from, window]),
      problem(positionOf(variable.from), 'playbook.unknown-window', details),
    );
  }
  return [...found.values()];
}
