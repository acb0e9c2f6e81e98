import { err, ok } from '../core/result.ts';
import type { Reading } from './document.ts';
import { Scenario } from './scenario.ts';
import { readYaml } from './yaml-source.ts';
import { zodProblems } from './zod-problems.ts';

/** Reads a lab scenario from strict YAML; every problem has its position. */
export function readScenario(text: string, file: string): Reading<Scenario> {
  const source = readYaml(text, file, { version: '1.2' });
  if (!source.ok) return source;
  const parsed = Scenario.safeParse(source.value.value);
  return parsed.success ? ok(parsed.data) : err(zodProblems(parsed.error.issues, source.value, () => []));
}
