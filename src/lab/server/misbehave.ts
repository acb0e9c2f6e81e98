import type { ServedResponse } from '../../ports/http-listener.ts';
import { badGateway, garbage, unauthorized, unavailable } from './misbehaviour.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { respell } from './sealed-spelling.ts';

type Kind = Extract<Misbehaviour, { readonly kind: string }>['kind'];

export function isKind<K extends Kind>(
  bad: Misbehaviour | undefined,
  kind: K,
): bad is Extract<Misbehaviour, { readonly kind: K }> {
  return typeof bad === 'object' && bad.kind === kind;
}

/** The answer of a host that does not even look at the request; undefined where it does. */
export async function insteadOfAnswer(
  bad: Misbehaviour,
  signal: AbortSignal,
): Promise<ServedResponse | 'drop' | undefined> {
  switch (bad) {
    case 'drop':
      return 'drop';
    case 'unavailable':
      return unavailable;
    case 'garbage':
      return garbage;
    case 'bad-gateway':
      return badGateway;
    case 'unauthorized':
      return unauthorized;
    case 'tarpit':
      return untilAborted(signal);
    default:
      return undefined;
  }
}

/** An answer as a host that is not well sends it. */
export function changed(answer: ServedResponse, bad: Misbehaviour): ServedResponse {
  if (bad === 'close-after') return { ...answer, ending: 'close' };
  if (bad === 'announce-close') return { ...answer, close: true };
  if (typeof bad === 'string') return answer;
  switch (bad.kind) {
    case 'dribble':
      return { ...answer, pace: { bytes: bad.bytes, pause: bad.pause } };
    case 'cut':
      return { ...answer, cutAfter: bad.afterBytes };
    case 'content-type':
      return { ...answer, headers: { ...answer.headers, 'Content-Type': bad.value } };
    case 'spelling':
      return respell(answer, bad.spelling);
    case 'fault':
    case 'delay':
      return answer;
  }
  bad satisfies never;
}

function untilAborted(signal: AbortSignal): Promise<'drop'> {
  return new Promise((resolve) => {
    const drop = (): void => resolve('drop');
    if (signal.aborted) drop();
    else signal.addEventListener('abort', drop, { once: true });
  });
}
