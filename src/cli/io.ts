/** Where a command prints: the result to stdout, everything else to stderr. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** stdout is a terminal: live views and colours are welcome. */
  readonly terminal: boolean;
  readonly color: boolean;
  readonly columns: number;
}

export type Tone = 'good' | 'bad' | 'warn' | 'dim' | 'bold' | 'info';

const codes: Record<Tone, readonly [number, number]> = {
  good: [32, 39],
  bad: [31, 39],
  warn: [33, 39],
  info: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** Colours a text for a terminal; returns it unchanged where colour is off. */
export type Paint = (tone: Tone, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_tone, text) => text;
  return (tone, text) => `\u001B[${codes[tone][0]}m${text}\u001B[${codes[tone][1]}m`;
}

const colourCodes = /\u001B\[\d+m/g;

/** Number of columns a text takes, colour codes not counted. */
export function visibleWidth(text: string): number {
  return [...text.replace(colourCodes, '')].length;
}
