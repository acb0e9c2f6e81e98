import { Failure } from '../../../src/core/failure.ts';
import type { CmdShellSettings } from '../../../src/remote/api/cmd-shell.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { deliveredNames, unlikeDelivered } from '../expect/delivered.ts';
import { unlikeFault } from '../expect/faults.ts';
import { unequal, unknownExpectation } from '../expect/finding.ts';
import { listOf } from '../expect/pipeline.ts';
import { unlikeShell } from '../expect/shell.ts';
import { NotationProblem, textIn } from '../values/notation.ts';
import { asMapping, nameUnder, textUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { readProcess } from './processes.ts';
import type { ProcessOutcome, RunningProcess } from './processes.ts';
import { outcomeOf, under } from './stage.ts';
import type { Stage } from './stage.ts';

const openKeys: ReadonlySet<string> = new Set([
  ...[
    'shell',
    'kind',
    'environment',
    'workingDirectory',
    'name',
    'lifetime',
    'idleTimeout',
    'noProfile',
    'codepage',
  ],
]);
const runKeys: ReadonlySet<string> = new Set([
  ...['shell', 'command', 'args', 'skipCmdShell', 'process', 'stdin', 'receiveWithCommandId'],
]);

/** Opens a cmd shell. */
export async function openCmd(step: Step, stage: Stage): Promise<readonly Difference[]> {
  stage.notes.unknownKeys(step.arguments, openKeys, 'open');
  const outcome = await outcomeOf(stage.client.openCmd(settingsOf(step.arguments)));
  const { fault, ...expected } = step.expect ?? {};
  if (outcome instanceof Failure) return unlikeFault(fault, outcome);
  if (fault !== undefined) return unlikeFault(fault, undefined);
  stage.cmdShells.set(nameUnder(step.arguments, 'shell'), outcome.value);
  return unlikeShell(expected, outcome.value.description);
}

function settingsOf(described: Mapping): CmdShellSettings {
  const { environment, noProfile, codepage } = described;
  const texts = ['workingDirectory', 'name', 'lifetime', 'idleTimeout'].flatMap((key) => {
    const text = textUnder(described, key);
    return text === undefined ? [] : [[key, text]];
  });
  return {
    ...(Object.fromEntries(texts) as CmdShellSettings),
    ...(environment === undefined ? {} : { environment: environmentOf(environment) }),
    ...(typeof noProfile === 'boolean' ? { noProfile } : {}),
    ...(typeof codepage === 'number' ? { codePage: codepage } : {}),
  };
}

/** Pairs of name and value, or a mapping. */
function environmentOf(described: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(described)
    ? (described as [unknown, unknown][])
    : Object.entries(asMapping(described) ?? {});
  return Object.fromEntries(pairs.map(([name, value]) => [textIn(name), textIn(value)]));
}

/** Runs one program: to its end, where the recording has it within the step. */
export async function run(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const described = step.arguments;
  stage.notes.unknownKeys(described, runKeys, 'run');
  const { skipCmdShell } = described;
  const process = stage
    .cmdShell(step)
    .start(
      textIn(described['command']),
      listOf(described['args']).map(textIn),
      typeof skipCmdShell === 'boolean' ? { skipCmdShell } : {},
    );
  const running = readProcess(process);
  stage.processes.set(nameUnder(described, 'process'), running);
  for (const piece of listOf(described['stdin'])) {
    const { data, end } = asMapping(piece) ?? {};
    const sent = await outcomeOf(end === true ? process.endInput(textIn(data)) : process.write(textIn(data)));
    // What the program came to says more than that it took no more input.
    if (sent instanceof Failure) break;
  }
  return receiveOfProcess(step, stage, running);
}

/** Reads on what was begun: to its end, where the recording has it within the step. */
export async function receiveOfProcess(
  step: Step,
  stage: Stage,
  running: RunningProcess,
): Promise<readonly Difference[]> {
  if (stage.endsIn(step)) return unlikeProcess(step, stage, await running.ended);
  await stage.host.covered(step.messages);
  return [];
}

function unlikeProcess(step: Step, stage: Stage, ended: ProcessOutcome | Failure): readonly Difference[] {
  const { fault, ...expected } = step.expect ?? {};
  if (fault !== undefined) return unlikeFault(fault, ended instanceof Failure ? ended : undefined);
  if (ended instanceof Failure) return [{ path: 'the program', expected: 'an end', got: ended.message }];
  return Object.entries(expected).flatMap(([name, value]): readonly Difference[] => {
    if (deliveredNames.includes(name)) {
      return unlikeDelivered({ [name]: value }, stage.delivered(step, 'command'));
    }
    switch (name) {
      case 'exitCode':
        return unequal(name, value, ended.exitCode);
      case 'stdout':
      case 'stderr':
        return unequal(name, textIn(value), ended[name]);
      default:
        return [unknownExpectation(name, ['exitCode', 'stdout', 'stderr', 'fault', ...deliveredNames])];
    }
  });
}

/** Interrupts a program. Signals to one that has ended are a habit: what frees it is said by the client itself. */
export async function signalProcess(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const code = textUnder(step.arguments, 'code');
  const { process, ended } = under(stage.processes, nameUnder(step.arguments, 'target'), 'process');
  if (await hasEnded(ended)) return [];
  switch (code) {
    case signalCodes.ctrlC:
      return unlikeSignal(step, await outcomeOf(process.interrupt('ctrl-c')));
    case signalCodes.ctrlBreak:
      return unlikeSignal(step, await outcomeOf(process.interrupt('ctrl-break')));
    case signalCodes.terminate:
      void process.stop();
      await process.stop();
      return [];
    default:
      throw new NotationProblem(`the signal ${code ?? ''} is not known`);
  }
}

function unlikeSignal(step: Step, outcome: object): readonly Difference[] {
  const { fault } = step.expect ?? {};
  return outcome instanceof Failure || fault !== undefined
    ? unlikeFault(fault, outcome instanceof Failure ? outcome : undefined)
    : [];
}

async function hasEnded(ended: Promise<unknown>): Promise<boolean> {
  const soon = new Promise<false>((resolve) => setImmediate(resolve, false));
  return Promise.race([ended.then(() => true), soon]);
}
