/** First lines of every page that a program writes. */
export function generatedNotice(source: string): string {
  return `<!-- Written by \`npm run docs\` from ${source}; edit that, not this. -->`;
}

/** A Markdown table; cells must be Markdown already. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), `|${'---|'.repeat(heading.length)}`, ...rows.map(line)].join('\n');
}

/** Plain text as Markdown that shows it as it is; code in backticks stays code. */
export function asMarkdown(text: string): string {
  return text.replaceAll(/`[^`]*`|[<>*_[\]]/g, (match) => (match.length > 1 ? match : `\\${match}`));
}
