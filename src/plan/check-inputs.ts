import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Plan } from '../model/plan.ts';

/**
 * Whether the files and the calendar that a plan was made from are still the same; a plan made from others is refused
 * as a whole, whereas a host that changed is held by itself.
 *
 * @returns Failure `plan.stale` (exit 7), which names everything that changed.
 */
export function checkInputs(plan: Plan, current: Plan['inputs']): Result<void> {
  const changed = [
    ...changedFiles(plan.inputs.inventory, current.inventory),
    ...(plan.inputs.playbook.sha256 === current.playbook.sha256 ? [] : [plan.inputs.playbook.path]),
    ...(plan.inputs.calendar.tzdata === current.calendar.tzdata
      ? []
      : [`time zone rules (${plan.inputs.calendar.tzdata} to ${current.calendar.tzdata})`]),
  ];
  return changed.length === 0
    ? ok(undefined)
    : err(failure('plan.stale', { changed: changed.join(', '), digest: plan.digest }));
}

type InputFiles = Plan['inputs']['inventory'];

function changedFiles(before: InputFiles, now: InputFiles): string[] {
  const digests = new Map(now.map(({ path, sha256 }) => [path, sha256]));
  const known = new Set(before.map(({ path }) => path));
  const changed = before.flatMap(({ path, sha256 }) => {
    const digest = digests.get(path);
    if (digest === undefined) return [`${path} (gone)`];
    return digest === sha256 ? [] : [path];
  });
  const added = now.filter(({ path }) => !known.has(path)).map(({ path }) => `${path} (new)`);
  if (changed.length + added.length > 0) return [...changed, ...added];
  // Later sources win, so the same files in another order are another inventory.
  const isSameOrder = before.every(({ path }, index) => now[index]?.path === path);
  return isSameOrder ? [] : ['the order of the inventory files'];
}
