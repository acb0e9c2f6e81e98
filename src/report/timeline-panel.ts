import { formatLocal } from '../calendar/local-time.ts';
import { byCodeUnit } from '../core/json.ts';
import { between, formatDuration } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { axisTicks } from './timeline-axis.ts';
import type { Bar, Burst } from './timeline-bursts.ts';
import { bandMark, barMark, layoutOf, legendMark, rowMark, tickMark, troubleMark } from './timeline-marks.ts';
import type { Band, Layout } from './timeline-marks.ts';

/** One burst of work: hosts as rows, local time from left to right. */
export function timelinePanel(o: {
  readonly burst: Burst;
  readonly bands: readonly Band[];
  readonly zone: string;
  readonly caption: string;
}): HtmlValue {
  const { burst, zone } = o;
  const hosts = [...new Set(burst.bars.map(({ host }) => host))].sort(byCodeUnit);
  const layout = layoutOf(burst, hosts.length);
  const title = formatLocal(firstStart(burst), zone);
  const caption = `${lasting(burst)} · ${o.caption}`;
  return html`<figure>
    <figcaption>${title} <span>${caption}</span></figcaption>
    <svg viewBox="0 0 ${layout.width} ${layout.height}" role="img" aria-label="${title}, ${caption}">
      ${hosts.map(rowMark)} ${o.bands.map((band) => bandMark(layout, band))}
      ${axisTicks(burst, zone).map((tick) => tickMark(layout, tick))}
      ${hosts.map((host, row) =>
        hostMarks(
          layout,
          burst.bars.filter((bar) => bar.host === host),
          row,
        ),
      )}
    </svg>
  </figure> `;
}

/** A host's bars; only its last trouble is put into words, so that the words do not cover each other. */
function hostMarks(layout: Layout, bars: readonly Bar[], row: number): HtmlValue {
  const troubled = bars.filter(({ trouble }) => trouble !== undefined).at(-1);
  const marks = bars.map((bar) => barMark(layout, bar, row));
  return troubled === undefined ? marks : [...marks, troubleMark(layout, troubled, row)];
}

const firstStart = ({ bars, start }: Burst): Instant =>
  bars.reduce((least, bar) => (bar.start < least ? bar.start : least), bars[0]?.start ?? start);
const lastEnd = ({ bars, start }: Burst): Instant =>
  bars.reduce((most, bar) => (bar.end > most ? bar.end : most), start);

function lasting(burst: Burst): string {
  const length = between(firstStart(burst), lastEnd(burst));
  return length === 0 ? 'under a second' : formatDuration(length);
}

/** What the bars mean. */
export function timelineLegend(kinds: readonly Bar['kind'][]): HtmlValue {
  return html`<ul class="legend">
    ${kinds.map(legendMark)}
  </ul>`;
}
