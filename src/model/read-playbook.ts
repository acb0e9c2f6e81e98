import { z } from 'zod';
import { err, ok } from '../core/result.ts';
import { inReadingOrder } from './document.ts';
import type { Problem, Reading } from './document.ts';
import type { ControlState } from './observation.ts';
import { checkPlaybook } from './playbook-checks.ts';
import { playbookKeys } from './playbook-keys.ts';
import { playbookSchema } from './playbook.ts';
import type { Playbook } from './playbook.ts';
import { readYaml } from './yaml-source.ts';
import type { YamlSource } from './yaml-source.ts';
import { zodProblems } from './zod-problems.ts';

/** The controls a playbook may name: id → its parameters' schema. A `ControlCatalog` is one. */
export type PlaybookControls = ReadonlyMap<string, { readonly params: z.ZodType<ControlState> }>;

/** A playbook with the document it came from, for positions. */
export interface ReadPlaybook {
  readonly playbook: Playbook;
  readonly source: YamlSource;
}

/** Schema of `phases[].controls` for a set of controls. */
export function controlsSchema(controls: PlaybookControls) {
  return z.strictObject(
    Object.fromEntries([...controls].map(([id, { params }]) => [id, params.exactOptional()])),
  );
}

/**
 * Reads a playbook (contract.md §3) from strict YAML 1.2.
 *
 * @returns Every problem found, of the shape and of the meaning, in reading order. Patterns of hosts are checked
 *   against an inventory by `validatePatterns`.
 */
export function readPlaybook(text: string, file: string, controls: PlaybookControls): Reading<ReadPlaybook> {
  const read = readYaml(text, file, { version: '1.2' });
  if (!read.ok) return read;
  const source = read.value;
  const ids = [...controls.keys()];
  const parsed = playbookSchema(controlsSchema(controls)).safeParse(source.value);
  const shape = parsed.success
    ? []
    : zodProblems(parsed.error.issues, source, (path) => playbookKeys(path, ids));
  const meaning = checkPlaybook(source, ids);
  const problems = inReadingOrder([...meaning, ...shape.filter((it) => !isToldBetter(it, meaning))]);
  if (!parsed.success || problems.length > 0) return err(problems);
  return ok({ playbook: parsed.data, source });
}

/** A check of the meaning says more about a place than the schema does. */
function isToldBetter(of: Problem, meaning: readonly Problem[]): boolean {
  return meaning.some(({ line, column }) => line === of.line && column === of.column);
}
