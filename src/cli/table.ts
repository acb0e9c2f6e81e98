import { visibleWidth } from './io.ts';

/**
 * Lays rows out in columns, two spaces apart, for reading; the last column is never padded.
 *
 * @param heading - Paints the heading, which is the first row, or the first `headingRows` of them.
 */
export function table(
  rows: readonly (readonly string[])[],
  heading?: (text: string) => string,
  headingRows = 1,
): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleWidth(cell));
    });
  }
  return rows
    .map((row, index) => {
      const line = row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - visibleWidth(cell)),
        )
        .join('  ')
        .trimEnd();
      return index < headingRows && heading ? heading(line) : line;
    })
    .join('\n');
}
