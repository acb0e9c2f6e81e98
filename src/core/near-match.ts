/**
 * The candidate that a mistyped name most likely meant, or undefined when none is near.
 *
 * Nearness is the edit distance with transpositions, at most a third of the longer name's length.
 */
export function nearMatch(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** A cell of the table; the ones outside are out of reach. */
const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const twoBack = at(beforePrevious, column - 2);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const edited = Math.min(at(previous, column), at(current, column - 1)) + 1;
      const replaced = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(edited, replaced, swapped ? twoBack + 1 : Infinity));
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}
