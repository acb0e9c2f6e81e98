import { milliseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';

/** `PT20S` or `PT0.250S`: an xs:duration in seconds, the form that all WS-Man implementations write. */
export function formatXmlDuration(length: Duration): string {
  const whole = Math.floor(length / 1000);
  const rest = Math.round(length % 1000);
  return rest === 0 ? `PT${whole}S` : `PT${whole}.${String(rest).padStart(3, '0')}S`;
}

/** Reads an xs:duration without years and months, such as `PT7200.000S` or `P0DT0H0M0S`; undefined for anything else. */
export function parseXmlDuration(source: string): Duration | undefined {
  const match = /^P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/.exec(
    source.trim(),
  );
  const parts: readonly (string | undefined)[] = match?.slice(1) ?? [];
  if (parts.every((part) => part === undefined)) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  return milliseconds(Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000));
}
