import { err, ok } from '../core/result.ts';
import { inReadingOrder, problem } from '../model/document.ts';
import type { Problem, Reading } from '../model/document.ts';
import { InventoryBuilder } from './builder.ts';
import { connectionWarnings } from './connection-warnings.ts';
import { withSlashes } from './files.ts';
import type { FileMap } from './files.ts';
import { InputReader } from './input-reader.ts';
import type { Group, Inventory } from './inventory.ts';
import { readGroups } from './read-groups.ts';
import { readInventoryFile } from './read-source.ts';
import { readRedundancySets } from './redundancy.ts';
import type { Environment } from './resolve.ts';
import { resolveHosts } from './resolve-hosts.ts';
import { sourceFiles } from './source-files.ts';
import type { InventorySource } from './source-files.ts';

export interface InventoryRequest {
  /** Paths given with `-i`, as they are keys of `files` or folders of such; later ones win. */
  readonly sources: readonly string[];
  /** Every file at and below the sources' folders: path → text. */
  readonly files: FileMap;
  /** What `lookup('env', …)` finds. */
  readonly env: Environment;
  /** `-e KEY=VALUE`: stronger than everything else. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * Reads an Ansible inventory: groups, hosts and variables with Ansible's precedence, templates resolved, and the
 * redundancy sets of `countersign.yml` beside it.
 *
 * @returns The inventory, or every problem found. A template that lacks an environment variable refuses only its
 *   host: it is a warning, and `targetOf` fails.
 * @see https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
 */
export function loadInventory({ env, extra, ...request }: InventoryRequest): Reading<Inventory> {
  const sources = request.sources.map(withSlashes);
  const files = new Map([...request.files].map(([path, text]) => [withSlashes(path), text]));
  const builder = new InventoryBuilder();
  const reader = new InputReader(files);
  const found = sources.flatMap((source) => openSource(source, files, builder));
  for (const path of found.flatMap((source) => source.files)) readFile(path, reader, builder);
  builder.reconcile();
  const structural = [...builder.problems, ...reader.problems];
  if (structural.length > 0) return err(inReadingOrder(structural));

  const folders = [...new Set(found.map(({ folder }) => folder))];
  const resolved = resolveHosts({ builder, reader, folders, env, extra });
  const subject = { hosts: resolved.hosts, groups: groupsOf(builder) };
  const sets = readRedundancySets(subject, { reader, folders });
  const problems = [...reader.problems, ...resolved.problems, ...sets.problems];
  if (problems.length > 0) return err(inReadingOrder(problems));
  const warnings = [
    ...builder.warnings,
    ...sameNames(builder),
    ...reader.warnings,
    ...connectionWarnings(resolved.hosts),
    ...resolved.warnings,
    ...sets.warnings,
  ];
  return ok({ ...subject, sets: sets.sets, warnings: inReadingOrder(warnings), inputs: reader.inputs });
}

function openSource(source: string, files: FileMap, builder: InventoryBuilder): readonly InventorySource[] {
  const opened = sourceFiles(files, source);
  if (opened.ok) return [opened.value];
  const at = { file: source, line: 1, column: 1 };
  builder.problems.push(problem(at, 'inventory.no-source', opened.error.details));
  return [];
}

function readFile(path: string, reader: InputReader, builder: InventoryBuilder): void {
  const source = reader.read(path, readInventoryFile);
  if (source !== undefined) readGroups(source.root, builder);
}

function groupsOf({ groups }: InventoryBuilder): ReadonlyMap<string, Group> {
  return new Map(
    [...groups.values()].map(({ name, hosts, children, from }) => {
      const group: Group = { name, hosts: [...hosts], children: [...children.keys()] };
      return [name, from === undefined ? group : { ...group, from }];
    }),
  );
}

function sameNames({ groups, hosts }: InventoryBuilder): readonly Problem[] {
  return [...groups.values()].flatMap(({ name, from }) =>
    hosts.has(name) && from !== undefined ? [problem(from, 'inventory.same-name', { name })] : [],
  );
}
