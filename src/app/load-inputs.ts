import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { sha256 } from '../core/sha256.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { loadInventory } from '../inventory/load-inventory.ts';
import { matchPattern } from '../inventory/pattern.ts';
import { validatePatterns } from '../inventory/validate-patterns.ts';
import { inReadingOrder, problemsFailure } from '../model/document.ts';
import type { Problem, Reading } from '../model/document.ts';
import type { Playbook } from '../model/playbook.ts';
import { readPlaybook } from '../model/read-playbook.ts';
import { readInventoryTree } from './inventory-tree.ts';
import type { Runtime } from './runtime.ts';
import type { Selection } from './selection.ts';

/** The inventory of a command, and which sources it came from. */
export interface LoadedInventory {
  readonly sources: readonly string[];
  readonly inventory: Inventory;
}

/** The playbook of a command. */
export interface LoadedPlaybook {
  readonly path: string;
  readonly sha256: string;
  readonly playbook: Playbook;
}

/** Loads the inventory: `-i`, else `COUNTERSIGN_INVENTORY`, else `inventories` beside the working directory. */
export function loadInventoryOf(runtime: Runtime, selection: Selection): Result<LoadedInventory> {
  const sources = inventorySources(runtime, selection);
  if (!sources.ok) return sources;
  const files = readInventoryTree(runtime.files, runtime.cwd, sources.value);
  if (!files.ok) return files;
  const inventory = asResult(
    loadInventory({ sources: sources.value, files: files.value, env: runtime.env, extra: selection.extra }),
  );
  return inventory.ok ? ok({ sources: sources.value, inventory: inventory.value }) : inventory;
}

/** Loads the playbook: `-p`, else `COUNTERSIGN_PLAYBOOK`, else the only YAML file in `playbooks`. */
export function loadPlaybookOf(runtime: Runtime, selection: Selection): Result<LoadedPlaybook> {
  const path = playbookPath(runtime, selection);
  if (!path.ok) return path;
  const text = runtime.files.read(runtime.files.resolve(runtime.cwd, path.value));
  if (!text.ok) return text;
  const read = asResult(readPlaybook(text.value, path.value, runtime.catalog));
  return read.ok ? ok({ path: path.value, sha256: sha256(text.value), playbook: read.value.playbook }) : read;
}

/** Everything wrong with the inventory and the playbook, together; empty when both are sound. */
export function findProblems(
  runtime: Runtime,
  selection: Selection,
): Result<{
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly files: number;
}> {
  const sources = inventorySources(runtime, selection);
  if (!sources.ok) return sources;
  const path = playbookPath(runtime, selection);
  if (!path.ok) return path;
  const files = readInventoryTree(runtime.files, runtime.cwd, sources.value);
  if (!files.ok) return files;
  const text = runtime.files.read(runtime.files.resolve(runtime.cwd, path.value));
  if (!text.ok) return text;
  const inventory = loadInventory({
    sources: sources.value,
    files: files.value,
    env: runtime.env,
    extra: selection.extra,
  });
  const playbook = readPlaybook(text.value, path.value, runtime.catalog);
  const problems = [
    ...(inventory.ok ? [] : inventory.error),
    ...(playbook.ok ? [] : playbook.error),
    ...(inventory.ok && playbook.ok ? validatePatterns(playbook.value, inventory.value) : []),
  ];
  const warnings = inventory.ok ? inventory.value.warnings : [];
  return ok({ problems: inReadingOrder(problems), warnings, files: files.value.size + 1 });
}

/** The hosts a command is about: its pattern (default `all`), cut by `--limit`. */
export function selectHosts(inventory: Inventory, selection: Selection): Result<readonly string[]> {
  const wanted = matchPattern(inventory, selection.pattern ?? 'all');
  if (!wanted.ok || selection.limit === undefined) return wanted;
  const limit = matchPattern(inventory, selection.limit);
  if (!limit.ok) return limit;
  const kept = new Set(limit.value);
  return ok(wanted.value.filter((host) => kept.has(host)));
}

function inventorySources(runtime: Runtime, selection: Selection): Result<readonly string[]> {
  if (selection.inventory.length > 0) return ok(selection.inventory);
  const named = runtime.env['COUNTERSIGN_INVENTORY'];
  if (named) return ok([named]);
  const fallback = 'inventories';
  const found = runtime.files.exists(runtime.files.resolve(runtime.cwd, fallback));
  return found ? ok([fallback]) : err(failure('inventory.not-named', { tried: fallback }));
}

function playbookPath(runtime: Runtime, selection: Selection): Result<string> {
  const named = selection.playbook ?? runtime.env['COUNTERSIGN_PLAYBOOK'];
  if (named) return ok(named);
  const names = runtime.files.list(runtime.files.resolve(runtime.cwd, 'playbooks'));
  const candidates = names.ok ? names.value.filter((name) => /\.ya?ml$/.test(name)) : [];
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return ok(`playbooks/${only}`);
  return err(failure('playbook.not-named', { found: candidates }));
}

function asResult<T>(reading: Reading<T>): Result<T> {
  return reading.ok ? reading : err(problemsFailure(reading.error) ?? failure('document.rejected'));
}
