import { Failure } from '../../../src/core/failure.ts';
import { seconds } from '../../../src/core/time.ts';
import { isPsObject } from '../../../src/core/ps-value.ts';
import type { RemotePool } from '../../../src/remote/api/pool.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { unlikeDelivered } from '../expect/delivered.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { unequal, unknownExpectation } from '../expect/finding.ts';
import { valueOf } from '../values/notation.ts';
import { asMapping, nameUnder, textUnder } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { hostInfoOf } from './host-option.ts';
import { outcomeOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { fromNowhere } from './statements.ts';

const known: ReadonlySet<string> = new Set([
  ...['shell', 'kind', 'configurationName', 'clientChoosesShellId', 'minRunspaces', 'maxRunspaces', 'host'],
  ...['applicationArguments', 'idleTimeout', 'noProfile', 'name'],
]);

/** A connection that broke in a recording stays broken. */
const reconnectFor = seconds(1);

/** Opens a runspace pool. */
export async function openPool(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const described = step.arguments;
  stage.notes.unknownKeys(described, known, 'open');
  const { minRunspaces, maxRunspaces, noProfile, applicationArguments, host } = described;
  const given = valueOf(applicationArguments ?? null, fromNowhere);
  const configuration = textUnder(described, 'configurationName');
  const idleTimeout = textUnder(described, 'idleTimeout');
  const name = textUnder(described, 'name');
  const outcome = await outcomeOf(
    stage.clientOf(step).openPool({
      ...stage.recordedThreads(step),
      reconnectFor,
      host: stage.hostOption(hostInfoOf(host)),
      ...(typeof minRunspaces === 'number' ? { minRunspaces } : {}),
      ...(typeof maxRunspaces === 'number' ? { maxRunspaces } : {}),
      ...(typeof noProfile === 'boolean' ? { noProfile } : {}),
      ...(configuration === undefined ? {} : { configuration }),
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(name === undefined ? {} : { name }),
      ...(isPsObject(given) ? { applicationArguments: given } : {}),
    }),
  );
  return keepPool(step, stage, outcome);
}

/** Takes up a pool that was left on the host, as another client would. */
export async function connectPool(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const shellId = stage.leftShellId(step, nameUnder(step.arguments, 'shell'));
  const options = {
    reconnectFor,
    host: stage.hostOption(hostInfoOf(step.arguments['host'])),
    configuration: stage.configurationOf(step),
  };
  return keepPool(step, stage, await outcomeOf(stage.clientOf(step).connectPool(shellId, options)));
}

function keepPool(
  step: Step,
  stage: Stage,
  outcome: { readonly value: RemotePool } | Failure,
): readonly Difference[] {
  const { failing, others } = splitExpectation(step.expect);
  if (outcome instanceof Failure && others['poolState'] === 'Broken') {
    return unequal('poolState', 'psrp.pool-broken', outcome.code);
  }
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  stage.pools.set(nameUnder(step.arguments, 'shell'), outcome.value);
  return unlikePool(others, outcome.value, step, stage);
}

function unlikePool(expected: Mapping, pool: RemotePool, step: Step, stage: Stage): readonly Difference[] {
  const { server } = pool;
  return Object.entries(expected).flatMap(([name, value]): readonly Difference[] => {
    switch (name) {
      case 'protocolVersion':
        return unequal(name, value, server.protocol);
      case 'psVersionTable':
        return Object.entries(asMapping(value) ?? {}).flatMap(([key, item]) =>
          unequal(`${name}.${key}`, item, server.versionTable[key]),
        );
      case 'poolState':
        return unequal(name, typeof value === 'string' ? value.toLowerCase() : value, pool.state);
      case 'minRunspaces':
        return unequal(name, value, pool.minRunspaces);
      case 'maxRunspaces':
        return unequal(name, value, pool.maxRunspaces);
      case 'thenReceives':
        return unlikeDelivered({ [name]: value }, stage.delivered(step, 'pool'));
      default:
        return [unknownExpectation(name, ['protocolVersion', 'psVersionTable', 'poolState'])];
    }
  });
}

export function disconnect(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const pool = stage.pool(step);
  const idleTimeout = textUnder(step.arguments, 'idleTimeout');
  const bufferMode = step.arguments['bufferMode'];
  return changed(step, stage, pool, () =>
    pool.disconnect({
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(bufferMode === 'Block' || bufferMode === 'Drop' ? { bufferMode } : {}),
    }),
  );
}

export function reconnect(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const pool = stage.pool(step);
  // A pool that was joined by Connect is open; the recorded client held it for disconnected.
  return changed(step, stage, pool, () => (pool.state === 'opened' ? Promise.resolve() : pool.reconnect()));
}

async function changed(
  step: Step,
  stage: Stage,
  pool: RemotePool,
  act: () => Promise<void>,
): Promise<readonly Difference[]> {
  const outcome = await outcomeOf(act());
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  return unlikePool(others, pool, step, stage);
}

/** Closes a pool or a cmd shell. */
export async function close(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const shell = stage.cmdShells.get(nameUnder(step.arguments, 'shell')) ?? stage.pool(step);
  await shell.close();
  await stage.host.covered(step.messages);
  return [];
}
