import { parseInstant } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads the Date header of an answer (`Tue, 24 Nov 2026 21:00:00 GMT`); undefined for every other form. @see RFC 9110 §5.6.7 */
export function parseHttpDate(text: string): Instant | undefined {
  const match = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/.exec(text);
  const [, day = '', month = '', year = '', time = ''] = match ?? [];
  const number = String(months.indexOf(month) + 1).padStart(2, '0');
  return parseInstant(`${year}-${number}-${day}T${time}Z`);
}
