import type { BenchResult } from './result.ts';

const headings = ['', 'ours', 'peer', 'ratio', 'unit'];

/** Results for people: a line each, notes below in small print. */
export function formatTable(results: readonly BenchResult[]): string {
  const rows = results.map(({ name, ours, peer, ratio, unit }) => [
    name,
    String(ours),
    peer === undefined ? '' : String(peer),
    ratio === undefined ? '' : `${ratio}×`,
    unit,
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumeric(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const body = results.map((result, index) => [line(rows[index] ?? []), ...notes(result)].join('\n'));
  return [line(headings), ...body].join('\n');
}

const isNumeric = (column: number): boolean => column >= 1 && column <= 3;

function notes({ note, peerName }: BenchResult): readonly string[] {
  const texts = [peerName === undefined ? '' : `peer: ${peerName}`, note ?? ''].filter((text) => text !== '');
  return texts.length === 0 ? [] : [`    ${texts.join('; ')}`];
}
