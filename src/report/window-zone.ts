import type { Calendar } from '../model/schedule.ts';

/** The zone in which people think of a window; UTC where it has none. */
export function zoneOfWindow(calendar: Calendar, name: string | null): string {
  const window = name === null ? undefined : calendar.windows[name];
  if (window && 'timezone' in window) return window.timezone;
  const zones = Object.values(calendar.windows).flatMap((each) =>
    'timezone' in each ? [each.timezone] : [],
  );
  return zones[0] ?? 'UTC';
}
