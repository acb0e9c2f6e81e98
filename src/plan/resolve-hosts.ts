import { byCodeUnit } from '../core/json.ts';
import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Host } from '../model/inventory.ts';
import type { Plan } from '../model/plan.ts';
import type { PlaybookPhase } from '../model/playbook.ts';
import type { PlanRequest, PlannedInventory } from './request.ts';

/** Hosts of a plan, and of each of its phases, by name in code-unit order. */
export interface ResolvedHosts {
  readonly hosts: readonly Host[];
  /** In file order. */
  readonly phases: readonly { readonly phase: PlaybookPhase; readonly hosts: readonly string[] }[];
  readonly excluded: Plan['excluded'];
}

/**
 * The hosts a plan touches: those of the playbook, cut by the pattern and the limit of the command line; and for each
 * phase those of its own pattern among them.
 */
export function resolveHosts({ playbook, inventory, inputs }: PlanRequest): Result<ResolvedHosts> {
  const filters: Filter[] = [
    { pattern: playbook.hosts, missed: `not among the playbook’s hosts (${playbook.hosts})` },
  ];
  if (inputs.pattern !== null)
    filters.push({ pattern: inputs.pattern, missed: `not selected by ${inputs.pattern}` });
  if (inputs.limit !== null)
    filters.push({ pattern: inputs.limit, missed: `outside --limit ${inputs.limit}` });
  const selected = applyFilters(inventory, filters);
  if (!selected.ok) return selected;
  const { names, excluded } = selected.value;

  const phases: { phase: PlaybookPhase; hosts: readonly string[] }[] = [];
  const used = new Set<string>();
  for (const phase of playbook.phases) {
    const matched = inventory.match(phase.hosts ?? playbook.hosts);
    if (!matched.ok) return matched;
    const chosen = new Set(matched.value);
    const members = names.filter((name) => chosen.has(name));
    members.forEach((name) => used.add(name));
    phases.push({ phase, hosts: members });
  }
  const hosts = [...inventory.hosts]
    .filter(({ name }) => used.has(name))
    .sort((a, b) => byCodeUnit(a.name, b.name));
  if (hosts.length === 0)
    return err(failure('plan.no-hosts', { selection: filters.map((it) => it.pattern).join(', then ') }));
  const idle = names
    .filter((name) => !used.has(name))
    .map((host) => ({ host, reason: 'in no phase of the playbook' }));
  return ok({ hosts, phases, excluded: [...excluded, ...idle].sort((a, b) => byCodeUnit(a.host, b.host)) });
}

interface Filter {
  readonly pattern: string;
  readonly missed: string;
}

function applyFilters(
  inventory: PlannedInventory,
  filters: readonly Filter[],
): Result<{ names: readonly string[]; excluded: Plan['excluded'] }> {
  let names = inventory.hosts.map(({ name }) => name).sort(byCodeUnit);
  const excluded: Plan['excluded'] = [];
  for (const { pattern, missed } of filters) {
    const matched = inventory.match(pattern);
    if (!matched.ok) return matched;
    const chosen = new Set(matched.value);
    for (const host of names) if (!chosen.has(host)) excluded.push({ host, reason: missed });
    names = names.filter((name) => chosen.has(name));
  }
  return ok({ names, excluded });
}
