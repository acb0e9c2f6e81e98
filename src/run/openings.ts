import { latestStart, nextOpening, scheduleOf } from '../calendar/schedule.ts';
import type { TimeSpan } from '../calendar/span.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Calendar } from '../model/schedule.ts';

/** Openings are looked up at most so far ahead for one into which the work fits. */
const spansTried = 12;

/** Whether work may start: until when at the latest, or else when next (undefined: never, as far as the calendar goes). */
export type Opening =
  | { readonly open: true; readonly latest: Instant }
  | { readonly open: false; readonly next: Instant | undefined };

/**
 * The calendar of a plan, for the many questions of one policy.
 *
 * It remembers the spans it found for each window, because every decision asks for every host.
 */
export class Openings {
  readonly #calendar: Calendar;
  readonly #spans = new Map<string | null, { asked: Instant; spans: TimeSpan[] }>();

  constructor(calendar: Calendar) {
    this.#calendar = calendar;
  }

  /** Whether work that takes `needed` may start at `now` in the window `name` (null: any time but in a freeze). */
  opening(name: string | null, needed: Duration, now: Instant): Opening {
    const schedule = scheduleOf(this.#calendar, name);
    if (schedule === undefined) return { open: false, next: undefined };
    let from = now;
    for (let tried = 0; tried < spansTried; tried++) {
      const span = this.#span(name, from);
      if (span === undefined) break;
      const latest = latestStart(schedule, span, needed);
      if (span.start <= now && now <= latest) return { open: true, latest };
      if (span.start > now && span.start <= latest) return { open: false, next: span.start };
      from = span.end;
    }
    return { open: false, next: undefined };
  }

  /** The first span that ends after `at`. */
  #span(name: string | null, at: Instant): TimeSpan | undefined {
    const known = this.#spans.get(name);
    if (known !== undefined && known.asked <= at) {
      const span = known.spans.find(({ end }) => at < end);
      if (span !== undefined) return span;
    }
    const schedule = scheduleOf(this.#calendar, name);
    const span = schedule && nextOpening(schedule, at);
    if (span === undefined) return undefined;
    // Only what follows on without a gap may be kept together: what lies between was not looked at.
    if (known !== undefined && at === known.spans.at(-1)?.end) known.spans.push(span);
    else this.#spans.set(name, { asked: at, spans: [span] });
    return span;
  }
}
