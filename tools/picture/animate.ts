import type { Run, Screen } from './screen.ts';

/** A screen and how long it stays. */
export interface Frame {
  readonly screen: Screen;
  readonly seconds: number;
}

export interface PictureSize {
  readonly columns: number;
  readonly rows: number;
}

const cell = { width: 8.44, height: 18 };
const margin = { x: 16, top: 44, bottom: 14 };

const style = `
text { font: 14px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d6deeb; }
.bold { font-weight: 700; } .dim { fill: #8796a8; }
.red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #f2cc60; } .blue { fill: #79c0ff; }
.magenta { fill: #d2a8ff; } .cyan { fill: #76e3ea; } .white { fill: #ffffff; } .grey { fill: #8796a8; }
.title { fill: #8796a8; font-size: 13px; text-anchor: middle; }`;

/**
 * Screens as one self-contained SVG that plays them in a loop. The screens stand below each other and the strip is
 * moved; where nothing moves (print, reduced motion, a renderer without CSS) the last one shows.
 */
export function animate(frames: readonly Frame[], { columns, rows }: PictureSize, title: string): string {
  const width = Math.ceil(columns * cell.width + 2 * margin.x);
  const inner = rows * cell.height;
  const height = margin.top + inner + margin.bottom;
  const rest = -(frames.length - 1) * inner;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
<style>${style}
#strip { transform: translateY(${rest}px); animation: play ${total(frames)}s step-end infinite; }
@keyframes play {
${keyframes(frames, inner)}
}
@media (prefers-reduced-motion: reduce) { #strip { animation: none; } }
</style>
<rect width="${width}" height="${height}" rx="10" fill="#0d1520"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
<text class="title" x="${width / 2}" y="25">${escape(title)}</text>
<svg x="${margin.x}" y="${margin.top}" width="${width - margin.x}" height="${inner}" overflow="hidden">
<g id="strip">
${frames.map(({ screen }, index) => frameGroup(screen, index * inner)).join('\n')}
</g>
</svg>
</svg>
`;
}

function total(frames: readonly Frame[]): number {
  return frames.reduce((sum, { seconds }) => sum + seconds, 0);
}

function keyframes(frames: readonly Frame[], inner: number): string {
  const whole = total(frames);
  let before = 0;
  return frames
    .map(({ seconds }, index) => {
      const at = ((before / whole) * 100).toFixed(2);
      before += seconds;
      return `${at}% { transform: translateY(${-index * inner}px); }`;
    })
    .join('\n');
}

function frameGroup(screen: Screen, top: number): string {
  const lines = screen.flatMap((runs, row) => {
    if (runs.length === 0) return [];
    const y = top + (row + 1) * cell.height - 5;
    return [`<text y="${y}">${runs.map(span).join('')}</text>`];
  });
  return `<g>${lines.join('\n')}</g>`;
}

function span({ column, text, look }: Run): string {
  const x = Number((column * cell.width).toFixed(1));
  return `<tspan x="${x}"${look === '' ? '' : ` class="${look}"`}>${escape(text)}</tspan>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
