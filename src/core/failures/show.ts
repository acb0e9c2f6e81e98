import type { JsonObject, JsonValue } from '../json.ts';

/** A detail as text in a message; `otherwise` where it is missing. */
export function show(detail: JsonValue | undefined, otherwise = '?'): string {
  if (detail === undefined || detail === null) return otherwise;
  return typeof detail === 'string' ? detail : JSON.stringify(detail);
}

/** How long it was waited for in vain, where it was. */
export function waitedFor({ waited }: JsonObject): string {
  return waited === undefined ? '' : `; it was waited for ${show(waited)}`;
}
