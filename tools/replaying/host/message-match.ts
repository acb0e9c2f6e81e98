import { isPsObject, itemsOf, propertyOf, psList, psRecord, textOf } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { decodeErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import type { Difference } from '../difference.ts';
import type { IdMap } from '../ids.ts';
import { differencesOf } from '../values/equal.ts';

/** Messages whose body, or a part of it, is a value of the caller: there nothing may be left out. */
const callersValues: ReadonlySet<PsrpMessage['type']> = new Set(['pipeline-input']);

/** Where our message differs from the recorded one; pairs of ids that are new are remembered. */
export function matchMessage(recorded: PsrpMessage, ours: PsrpMessage, ids: IdMap): readonly Difference[] {
  if (recorded.type !== ours.type) {
    return [{ path: 'message type', expected: recorded.type, got: ours.type }];
  }
  const path = recorded.type;
  return [
    ...sameId(recorded.poolId, ours.poolId, `${path}.(pool id)`, ids),
    ...sameId(recorded.pipelineId, ours.pipelineId, `${path}.(pipeline id)`, ids),
    ...bodies(recorded, ours),
  ];
}

function sameId(recorded: string, ours: string, path: string, ids: IdMap): readonly Difference[] {
  if (recorded === emptyGuid && ours === emptyGuid) return [];
  const isSame = (recorded === emptyGuid) === (ours === emptyGuid) && ids.learn(recorded, ours);
  return isSame ? [] : [{ path, expected: ids.oursOf(recorded) ?? `ours for ${recorded}`, got: ours }];
}

function bodies(recorded: PsrpMessage, ours: PsrpMessage): readonly Difference[] {
  const { type } = recorded;
  const [expected, got] = [normalised(recorded), normalised(ours)];
  return differencesOf(expected, got, type, { absentIsNull: !callersValues.has(type) });
}

/** Takes away what clients say differently although servers read it alike. */
function normalised({ type, body }: PsrpMessage): PsValue | undefined {
  switch (type) {
    case 'session-capability':
      // The time zone is optional and for display only; the recorded client leaves it out, PowerShell sends it.
      return without(body, 'TimeZone');
    case 'connect-runspacepool':
      // Without bounds the server keeps its own; an empty text, an empty object and nothing at all say that alike.
      return propertyOf(body, 'MinRunspaces') === undefined ? undefined : body;
    case 'pool-host-response':
    case 'pipeline-host-response':
      return withErrorFacts(body);
    case 'create-pipeline':
      return withNamedArgumentsFirst(body ?? null);
    default:
      return body;
  }
}

/** An error of the host by what a script can tell it apart by; clients write the rest of its record differently. */
function withErrorFacts(body: PsValue | undefined): PsValue | undefined {
  const error = propertyOf(body, 'me');
  if (!isPsObject(body) || error === undefined) return body;
  const { message, fullyQualifiedErrorId, category, exceptionType } = decodeErrorRecord(error);
  const facts = psRecord({ message, fullyQualifiedErrorId, category, exceptionType });
  return { ...body, extended: new Map([...body.extended, ['me', facts]]) };
}

/** Named arguments bind by their names, so that their place among the others means nothing. */
function withNamedArgumentsFirst(value: PsValue): PsValue {
  if (!isPsObject(value)) return value;
  const map = (members: ReadonlyMap<string, PsValue>): ReadonlyMap<string, PsValue> =>
    new Map(
      [...members].map(([name, member]) => [
        name,
        name === 'Args' ? sorted(member) : withNamedArgumentsFirst(member),
      ]),
    );
  const { container } = value;
  const items = container?.kind === 'list' ? container.items.map(withNamedArgumentsFirst) : undefined;
  return {
    ...value,
    extended: map(value.extended),
    ...(items === undefined ? {} : { container: { kind: 'list' as const, items } }),
  };
}

function sorted(args: PsValue): PsValue {
  const items = itemsOf(args);
  if (items === undefined) return args;
  const nameOf = (item: PsValue): string | undefined => textOf(propertyOf(item, 'N'));
  const named = items.filter((item) => nameOf(item) !== undefined);
  const others = items.filter((item) => nameOf(item) === undefined);
  return psList([...named.sort((a, b) => ((nameOf(a) ?? '') < (nameOf(b) ?? '') ? -1 : 1)), ...others]);
}

function without(body: PsValue | undefined, name: string): PsValue | undefined {
  if (!isPsObject(body)) return body;
  return { ...body, extended: new Map([...body.extended].filter(([key]) => key !== name)) };
}
