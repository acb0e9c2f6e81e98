import type { JsonValue } from '../json.ts';

/** A detail as text in a message; `otherwise` where it is missing. */
export function show(detail: JsonValue | undefined, otherwise = '?'): string {
  if (detail === undefined || detail === null) return otherwise;
  return typeof detail === 'string' ? detail : JSON.stringify(detail);
}
