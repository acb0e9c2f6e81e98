import { Failure } from '../../../src/core/failure.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { unequal, unknownExpectation } from '../expect/finding.ts';
import { asMapping, nameUnder } from '../yaml-file.ts';
import { outcomeOf } from './stage.ts';
import type { Stage } from './stage.ts';

/** The shells of the host, by the labels of those that were opened. */
export async function enumerateShells(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const outcome = await outcomeOf(stage.clientOf(step).shells());
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  const { shells, ...rest } = others;
  const unknown = Object.keys(rest).map((name) => unknownExpectation(name, ['shells', 'fault']));
  const expected = Array.isArray(shells) ? shells : [];
  return [
    ...unknown,
    ...unequal('shells.(count)', expected.length, outcome.value.length),
    ...expected.flatMap((wanted: unknown, index) => {
      const { shell, ...facts } = asMapping(wanted) ?? {};
      const found = outcome.value[index];
      const path = `shells[${index}]`;
      if (typeof shell === 'string' && found !== undefined) stage.found(shell, found.shellId);
      const id = typeof shell === 'string' ? stage.shellId(shell) : found?.shellId.toLowerCase();
      return [
        ...unequal(`${path}.shell`, id, found?.shellId.toLowerCase()),
        ...unlikeFacts(facts, { ...found }, path),
      ];
    }),
  ];
}

/** The commands of one shell. */
export async function enumerateCommands(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const shellId = stage.shellId(nameUnder(step.arguments, 'shell')).toUpperCase();
  const outcome = await outcomeOf(stage.clientOf(step).commands(shellId));
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  const { commands, ...rest } = others;
  const unknown = Object.keys(rest).map((name) => unknownExpectation(name, ['commands', 'fault']));
  const expected = Array.isArray(commands) ? commands : [];
  return [
    ...unknown,
    ...unequal('commands.(count)', expected.length, outcome.value.length),
    ...expected.flatMap((wanted: unknown, index) => {
      const { pipeline, process, ...facts } = asMapping(wanted) ?? {};
      const found = outcome.value[index];
      const path = `commands[${index}]`;
      const label = pipeline ?? process;
      if (typeof label === 'string' && found !== undefined) stage.found(label, found.commandId);
      const id = typeof label === 'string' ? stage.commandId(label) : found?.commandId.toLowerCase();
      return [
        ...unequal(`${path}.id`, id, found?.commandId.toLowerCase()),
        ...unlikeFacts(facts, { ...found }, path),
      ];
    }),
  ];
}

function unlikeFacts(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: string,
): readonly Difference[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    name in found
      ? unequal(`${path}.${name}`, value, found[name])
      : [unknownExpectation(`${path}.${name}`, Object.keys(found))],
  );
}
