import type { JsonObject } from '../json.ts';
import { show } from './show.ts';

/** A hint that names the near match in detail `near`, where there is one. */
export function nearest(otherwise: (details: JsonObject) => string): (details: JsonObject) => string {
  return (details) =>
    typeof details['near'] === 'string' ? `Did you mean ${show(details['near'])}?` : otherwise(details);
}
