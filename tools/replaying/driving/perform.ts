import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { nameUnder } from '../yaml-file.ts';
import { NotationProblem } from '../values/notation.ts';
import { openCmd, receiveOfProcess, run, signalProcess } from './cmd-steps.ts';
import { enumerateCommands, enumerateShells } from './list-steps.ts';
import { getCommandMetadata } from './metadata-step.ts';
import { connectPipeline, invoke, receiveOfPipeline, signalPipeline } from './pipeline-steps.ts';
import { close, connectPool, disconnect, openPool, reconnect } from './pool-steps.ts';
import {
  exchangeKeys,
  getAvailableRunspaces,
  getConfig,
  isAlive,
  resetRunspaceState,
  setMaxRunspaces,
  setMinRunspaces,
} from './question-steps.ts';
import type { Stage } from './stage.ts';

type Perform = (step: Step, stage: Stage) => Promise<readonly Difference[]>;

/** The verbs of INDEX.md §4. */
const verbs: Readonly<Record<string, Perform>> = {
  open: (step, stage) => (step.arguments['kind'] === 'cmd' ? openCmd(step, stage) : openPool(step, stage)),
  close,
  run,
  signal,
  receive,
  invoke,
  beginInvoke: invoke,
  getCommandMetadata,
  exchangeKeys,
  getAvailableRunspaces,
  setMinRunspaces,
  setMaxRunspaces,
  resetRunspaceState,
  disconnect,
  reconnect,
  enumerateShells,
  enumerateCommands,
  connect: connectPool,
  connectPipeline,
  isAlive,
  getConfig,
};

/** Does one step with the client, and says what came out otherwise than expected. */
export function perform(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const act = Object.hasOwn(verbs, step.verb) ? verbs[step.verb] : undefined;
  if (act !== undefined) return act(step, stage);
  throw new NotationProblem(`the verb is not known; INDEX.md §4 names ${Object.keys(verbs).join(', ')}`);
}

function signal(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const pipeline = stage.pipelines.get(nameUnder(step.arguments, 'target'));
  return pipeline === undefined ? signalProcess(step, stage) : signalPipeline(step, stage, pipeline);
}

/** A bare Receive: what was begun earlier is read on. */
async function receive(step: Step, stage: Stage): Promise<readonly Difference[]> {
  for (const label of Object.values(step.arguments)) {
    const pipeline = stage.pipelines.get(String(label));
    if (pipeline !== undefined) return receiveOfPipeline(step, stage, pipeline);
    const process = stage.processes.get(String(label));
    if (process !== undefined) return receiveOfProcess(step, stage, process);
  }
  // The pool itself: the client reads it when it needs to, and what stays unread is passed over.
  return [];
}
