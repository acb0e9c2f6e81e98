import type { Instant } from '../core/time.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import type { Tick } from './timeline-axis.ts';
import type { Bar } from './timeline-bursts.ts';

/** A stretch behind the bars, such as an open maintenance window. */
export interface Band {
  readonly label: string;
  readonly start: Instant;
  readonly end: Instant;
}

const width = 960;
const labelWidth = 190;
const right = 24;
const axisHeight = 24;
const rowHeight = 20;
const longestLabel = 28;

/** Where things lie in the drawing of one stretch of time, in user units of the SVG. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly start: Instant;
  readonly end: Instant;
}

export function layoutOf(span: { start: Instant; end: Instant }, rows: number): Layout {
  return { width, height: axisHeight + rows * rowHeight + 4, start: span.start, end: span.end };
}

function x({ start, end }: Layout, at: Instant): number {
  return round(labelWidth + ((at - start) / (end - start)) * (width - labelWidth - right));
}

const round = (value: number): number => Math.round(value * 10) / 10;
const rowTop = (row: number): number => axisHeight + row * rowHeight;
const rowMiddle = (row: number): number => rowTop(row) + rowHeight / 2;

export function rowMark(host: string, row: number): HtmlValue {
  const label = host.length > longestLabel ? `${host.slice(0, longestLabel - 1)}…` : host;
  const stripe = html`<rect class="row" x="0" y="${rowTop(row)}" width="${width}" height="${rowHeight}" />`;
  return html`${row % 2 === 0 ? stripe : undefined}
    <text x="6" y="${rowTop(row) + 14}">${label}<title>${host}</title></text>`;
}

export function tickMark(layout: Layout, { at, label }: Tick): HtmlValue {
  const left = x(layout, at);
  return html`<line class="grid" x1="${left}" x2="${left}" y1="${axisHeight - 6}" y2="${layout.height}" />
    <text class="axis" x="${left}" y="${axisHeight - 10}" text-anchor="middle">${label}</text>`;
}

export function bandMark(layout: Layout, { label, start, end }: Band): HtmlValue {
  const from = x(layout, start > layout.start ? start : layout.start);
  const to = x(layout, end < layout.end ? end : layout.end);
  if (to <= from) return undefined;
  const size = html`width="${round(to - from)}" height="${layout.height - axisHeight}"`;
  return html`<rect class="band" x="${from}" y="${axisHeight}" ${size}><title>${label}</title></rect>`;
}

/** Kinds differ in height as well as in colour. */
const heights: Readonly<Record<Bar['kind'], number>> = {
  probe: 5,
  write: 10,
  reboot: 14,
  settle: 6,
  verify: 9,
};

/** No bar is too narrow to be seen. */
const narrowest = 3;

export function barMark(layout: Layout, bar: Bar, row: number): HtmlValue {
  const { kind, start, end, title, trouble } = bar;
  const left = x(layout, start);
  const length = Math.max(narrowest, round(x(layout, end) - left));
  const top = rowMiddle(row) - heights[kind] / 2;
  const name = `bar-${kind}${trouble === undefined ? '' : ' bar-bad'}`;
  const place = html`x="${left}" y="${top}" width="${length}" height="${heights[kind]}" rx="1"`;
  return html`<rect class="${name}" ${place}><title>${title}</title></rect>`;
}

/** The word stands behind the bar, or before it where the page ends. */
export function troubleMark(layout: Layout, { start, end, trouble }: Bar, row: number): HtmlValue {
  const after = Math.max(x(layout, end), x(layout, start) + narrowest);
  const isFarRight = after > width - 200;
  const at = isFarRight ? round(x(layout, start) - 5) : round(after + 5);
  const place = html`x="${at}" y="${rowMiddle(row) + 4}" text-anchor="${isFarRight ? 'end' : 'start'}"`;
  return html`<text class="trouble" ${place}>${trouble}</text>`;
}

const legendWords: Readonly<Record<Bar['kind'], string>> = {
  probe: 'survey',
  write: 'write',
  reboot: 'reboot',
  settle: 'settling',
  verify: 'second survey',
};

export function legendMark(kind: Bar['kind']): HtmlValue {
  const place = html`x="0" y="${7 - heights[kind] / 2}" width="14" height="${heights[kind]}" rx="1"`;
  return html`<li>
    <svg viewBox="0 0 14 14" aria-hidden="true"><rect class="bar-${kind}" ${place} /></svg>
    ${legendWords[kind]}
  </li>`;
}
