import { Failure } from '../../../src/core/failure.ts';
import { psRecord } from '../../../src/core/ps-value.ts';
import { decodeCommandQuery } from '../../../src/wire/psrp/command-metadata.ts';
import type { CommandQuery } from '../../../src/wire/psrp/command-metadata.ts';
import type { Difference } from '../difference.ts';
import type { Step } from '../drivers.ts';
import { unlikeDelivered } from '../expect/delivered.ts';
import { splitExpectation, unlikeFailure } from '../expect/failures.ts';
import { unequal } from '../expect/finding.ts';
import type { Mapping } from '../yaml-file.ts';
import { outcomeOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { valuesIn } from './statements.ts';

/** GET_COMMAND_METADATA: a pipeline of its own kind, of which the API gives the commands. */
export async function getCommandMetadata(step: Step, stage: Stage): Promise<readonly Difference[]> {
  const outcome = await outcomeOf(stage.pool(step).getCommandMetadata(queryOf(step.arguments)));
  const { failing, others } = splitExpectation(step.expect);
  if (failing !== undefined || outcome instanceof Failure) return unlikeFailure(failing ?? {}, outcome);
  const { count, names, state, hadErrors, ...rest } = others;
  const found = outcome.value.map(({ name }) => name);
  return [
    ...unequal('state', state ?? 'Completed', 'Completed'),
    ...unequal('hadErrors', hadErrors ?? false, false),
    ...(count === undefined ? [] : unequal('count', count, found.length)),
    ...(names === undefined ? [] : unequal('names', JSON.stringify(names), JSON.stringify(found))),
    ...unlikeDelivered(rest, stage.delivered(step, 'command')),
  ];
}

function queryOf({ names, commandType, namespace, argumentList }: Mapping): CommandQuery {
  const { types } = decodeCommandQuery(
    psRecord({ CommandType: typeof commandType === 'number' ? commandType : null }),
  );
  return {
    ...(Array.isArray(names) ? { names: names.map(String) } : {}),
    ...(types === undefined ? {} : { types }),
    ...(Array.isArray(namespace) ? { namespaces: namespace.map(String) } : {}),
    ...(Array.isArray(argumentList) ? { arguments: valuesIn(argumentList) } : {}),
  };
}
