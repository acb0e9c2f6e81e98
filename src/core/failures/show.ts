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

/** How a local administrator who is not the built-in one gets whole rights over the network. */
export const unfilter =
  'run there: reg add HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System /v LocalAccountTokenFilterPolicy /t REG_DWORD /d 1 /f';
