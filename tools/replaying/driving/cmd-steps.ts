import { Failure } from '../../../src/core/failure.ts';
import { seconds } from '../../../src/core/time.ts';
import type { CmdShellSettings } from '../../../src/remote/api/cmd-shell.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { deliveredNames, unlikeDelivered } from '../expect/delivered.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { unequal, unknownExpectation } from '../expect/finding.ts';
import { listOf } from '../expect/pipeline.ts';
import { unlikeShell } from '../expect/shell.ts';
import { unlike } from '../values/expected.ts';
import { NotationProblem, textIn } from '../values/notation.ts';
import { asMapping, nameUnder, textUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { eventually } from './eventually.ts';
import { RunningProcess } from './processes.ts';
import type { ProcessOutcome } from './processes.ts';
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
  const outcome = await outcomeOf(stage.clientOf(step).openCmd(settingsOf(step.arguments)));
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  stage.cmdShells.set(nameUnder(step.arguments, 'shell'), outcome.value);
  return unlikeShell(others, outcome.value.description);
}

function settingsOf(described: Mapping): CmdShellSettings {
  const { environment, noProfile } = described;
  const codepage = described['codepage'] ?? described['codePage'];
  const texts = ['workingDirectory', 'name', 'lifetime', 'idleTimeout'].flatMap((key) => {
    const text = textUnder(described, key);
    return text === undefined ? [] : [[key, text]];
  });
  return {
    // A connection that broke in a recording stays broken.
    reconnectFor: seconds(1),
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

/** Pieces of input; a bare text is all of it. */
function piecesOf(described: unknown): readonly unknown[] {
  return typeof described === 'string' ? [{ data: described, end: true }] : listOf(described);
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
  const running = new RunningProcess(process);
  stage.processes.set(nameUnder(described, 'process'), running);
  for (const piece of piecesOf(described['stdin'])) {
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
  if (stage.endsIn(step)) await running.ended;
  else await stage.host.covered(step.messages);
  const differences = await eventually(() => unlikeOutcome(step, stage, running.peek()));
  running.take();
  return differences;
}

function unlikeOutcome(step: Step, stage: Stage, outcome: ProcessOutcome | Failure): readonly Difference[] {
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined) return unlikeFailure(failing, outcome);
  if (outcome instanceof Failure) return [{ path: 'the program', expected: 'an end', got: outcome.message }];
  return Object.entries(others).flatMap(([name, value]): readonly Difference[] => {
    if (deliveredNames.includes(name)) {
      return unlikeDelivered({ [name]: value }, stage.delivered(step, 'command'));
    }
    switch (name) {
      case 'exitCode':
        return unequal(name, value ?? undefined, outcome.exitCode);
      case 'stdout':
      case 'stderr':
        return unlike(value, outcome[name], name);
      default:
        return [unknownExpectation(name, ['exitCode', 'stdout', 'stderr', ...deliveredNames])];
    }
  });
}

/** Interrupts a program. Signals to one that has ended are a habit: what frees it is said by the client itself. */
export async function signalProcess(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const code = textUnder(step.arguments, 'code');
  const running = under(stage.processes, nameUnder(step.arguments, 'target'), 'process');
  const { process } = running;
  if (running.hasEnded) return [];
  switch (code) {
    case signalCodes.ctrlC:
      return unlikeSignal(step, await outcomeOf(process.interrupt('ctrl-c')));
    case signalCodes.ctrlBreak:
      return unlikeSignal(step, await outcomeOf(process.interrupt('ctrl-break')));
    case signalCodes.terminate:
      // Asked a second time it is not asked any more.
      void process.stop();
      void process.stop();
      await stage.host.covered(step.messages);
      return [];
    default:
      throw new NotationProblem(`the signal ${code ?? ''} is not known`);
  }
}

function unlikeSignal(step: Step, outcome: object): readonly Difference[] {
  const { failing } = splitExpectation(step.expect);
  return failing === undefined && !(outcome instanceof Failure) ? [] : unlikeFailure(failing ?? {}, outcome);
}
