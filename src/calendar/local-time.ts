import type { Instant } from '../core/time.ts';
import { wallAt } from './zoned.ts';

const weekdayNames = { 1: 'Mon', 2: 'Tue', 3: 'Wed', 4: 'Thu', 5: 'Fri', 6: 'Sat', 7: 'Sun' } as const;

/** ICU knows a zone's everyday abbreviation only in the language of a country where people use it. */
const localeOfRegion: Readonly<Record<string, string>> = {
  Africa: 'en-ZA',
  America: 'en-US',
  Australia: 'en-AU',
  Asia: 'en-IN',
  Pacific: 'en-NZ',
};

/** `Tue 2026-11-24 22:00 CET`: a moment as people in `zone` write it, the same in every locale of this machine. */
export function formatLocal(at: Instant, zone: string): string {
  const { date, time, weekday } = wallAt(at, zone);
  return `${weekdayNames[weekday]} ${date} ${time} ${zoneAbbreviation(at, zone)}`;
}

/** `CET`, or `UTC+03:00` where the zone has no abbreviation that people use. */
export function zoneAbbreviation(at: Instant, zone: string): string {
  const locale = localeOfRegion[zone.replace(/\/.*/, '')] ?? 'en-GB';
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' });
  const name = format
    .formatToParts(at)
    .filter((part) => part.type === 'timeZoneName')
    .map((part) => part.value)
    .join('');
  return /^[A-Z]{3,5}$/.test(name) ? name : `UTC${wallAt(at, zone).offset}`;
}
