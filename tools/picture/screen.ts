/** Characters of one row that look the same, at their column. */
export interface Run {
  readonly column: number;
  readonly text: string;
  /** `bold dim red`: names of the picture's style sheet, in a fixed order. */
  readonly look: string;
}

/** What a terminal shows: rows from top to bottom. */
export type Screen = readonly (readonly Run[])[];

const colours = ['grey', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const rendition = /\u001B\[([\d;]*)m/;

/** Reads rows with colour codes, as `tmux capture-pane -e -p` gives them. */
export function readScreen(captured: string): Screen {
  let look = new Set<string>();
  return captured
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const runs: Run[] = [];
      let column = 0;
      line.split(rendition).forEach((part, index) => {
        if (index % 2 === 1) look = changeLook(look, part);
        else {
          runs.push(...wordsOf(part, column, [...look].sort().join(' ')));
          column += [...part].length;
        }
      });
      return runs;
    });
}

/** Plain text of a screen, for finding things on it. */
export function plainText(captured: string): string {
  return captured.replaceAll(new RegExp(rendition, 'g'), '');
}

/** Stretches between gaps: each gets a place of its own, so that columns stand straight in any font. */
function wordsOf(text: string, start: number, look: string): Run[] {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map((found) => ({
    column: start + [...text.slice(0, found.index)].length,
    text: found[0],
    look,
  }));
}

function changeLook(before: ReadonlySet<string>, parameters: string): Set<string> {
  const look = new Set(before);
  for (const code of (parameters || '0').split(';').map(Number)) {
    if (code === 0) look.clear();
    else if (code === 1) look.add('bold');
    else if (code === 2) look.add('dim');
    else if (code === 22) for (const weight of ['bold', 'dim']) look.delete(weight);
    else if (code === 39 || (code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      for (const colour of colours) look.delete(colour);
      if (code !== 39) look.add(colours[code % 10] ?? 'white');
    }
  }
  return look;
}
