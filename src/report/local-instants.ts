import { formatLocal } from '../calendar/local-time.ts';
import { parseInstant } from '../core/time.ts';

/** `Tue 2026-11-24 22:00 CET` for an instant of our documents; the text itself where it is none. */
export function localInstant(text: string, zone: string): string {
  const at = parseInstant(text);
  return at === undefined ? text : formatLocal(at, zone);
}

/** A sentence with its instants as people in `zone` write them. */
export function localInstants(sentence: string, zone: string): string {
  return sentence.replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, (text) => localInstant(text, zone));
}
