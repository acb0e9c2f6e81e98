import { randomUUID } from 'node:crypto';
import { translateEnvelope } from '../../tools/replaying/host/answer.ts';
import { entriesOf } from '../../tools/replaying/host/entry.ts';
import type { HostAnswer } from '../../tools/replaying/host/host-answer.ts';
import { RecordedHost } from '../../tools/replaying/host/recorded-host.ts';
import { IdMap, isGuid, turnedRound } from '../../tools/replaying/ids.ts';
import type { Exchange } from '../../tools/replaying/recording.ts';

/** How a conversation with a recorded host went. */
export interface Conversation {
  readonly answers: readonly HostAnswer[];
  /** What was not as recorded, and what never came. */
  readonly problems: readonly string[];
  readonly ids: IdMap;
}

/** A host that plays the recording. */
export function hostOf(recording: readonly Exchange[]): RecordedHost {
  return new RecordedHost(entriesOf(recording, 'a recording'));
}

/**
 * Sends the recorded requests, one after another, to the host of a recording, with ids of our own in the place of
 * those that the recorded client chose.
 */
export async function sendAgain(
  recording: readonly Exchange[],
  requests: readonly Exchange[] = recording,
): Promise<Conversation> {
  const host = hostOf(recording);
  host.allow(Infinity);
  const ids = ownIds(requests);
  const answers: HostAnswer[] = [];
  for (const exchange of requests) {
    const isPsrp = exchange.request.includes('>http://schemas.microsoft.com/powershell/');
    const envelope = translateEnvelope(withOverrides(exchange), isPsrp, ids);
    answers.push(await host.answer(new TextEncoder().encode(envelope), new AbortController().signal));
    if (host.problems.length > 0) break;
  }
  host.close();
  return { answers, problems: [...host.problems, ...host.unfinished()], ids };
}

/** A new id for each that the client chose: all of its requests that no answer named before. */
function ownIds(requests: readonly Exchange[]): IdMap {
  const ids = new IdMap();
  const named = new Set<string>();
  for (const { request, response, overrides } of requests) {
    const literal = overrides.flatMap(({ attributes }) => [...attributes.values()]);
    for (const id of guidsIn(request)) {
      if (
        !named.has(id) &&
        !literal.some((text) => text.toLowerCase() === id) &&
        ids.oursOf(id) === undefined
      ) {
        const own = randomUUID();
        ids.learn(id, own);
        ids.learn(turnedRound(id), own);
      }
    }
    for (const id of guidsIn(response ?? '')) if (ids.oursOf(id) === undefined) named.add(id);
  }
  return ids;
}

function guidsIn(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g);
  return (found ?? []).filter(isGuid);
}

function withOverrides({ request, overrides }: Exchange): string {
  return overrides
    .flatMap(({ attributes }) => [...attributes])
    .reduce(
      (text, [name, value]) => text.replace(new RegExp(`${name}="[^"]*"`), `${name}="${value}"`),
      request,
    );
}
