import { byCodeUnit } from '../core/json.ts';
import { sha256 } from '../core/sha256.ts';
import { formatInstant, instant } from '../core/time.ts';
import type { Calendar } from '../model/schedule.ts';
import { clockChanges } from './zoned.ts';

/** Years whose clock changes count; a fixed range, so that the same rules give the same text on every day. */
const watched = { start: instant(Date.UTC(2024, 0)), end: instant(Date.UTC(2040, 0)) };

/**
 * The rules of a calendar's time zones as this machine knows them: `Europe/Berlin@2f1c09d7a4be`, by zone.
 *
 * A digest over the clock changes themselves says more than the version of the tz data: it differs exactly when a
 * window of this calendar could open at another instant.
 */
export function calendarVersion({ windows, freezes }: Calendar): string {
  const zones = new Set(freezes.map(({ timezone }) => timezone));
  for (const window of Object.values(windows)) if ('timezone' in window) zones.add(window.timezone);
  return [...zones].sort(byCodeUnit).map(zoneVersion).join(' ');
}

function zoneVersion(zone: string): string {
  const changes = clockChanges(zone, watched);
  const rules = changes.map(({ at, forwardMinutes }) => `${formatInstant(at)} ${forwardMinutes}`);
  return `${zone}@${sha256(rules.join('\n')).slice(0, 12)}`;
}
