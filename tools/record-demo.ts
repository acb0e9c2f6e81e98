// Writes docs/demo.svg: `countersign demo`, recorded in a terminal. Needs tmux; takes about a minute.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { animate } from './picture/animate.ts';
import type { Frame } from './picture/animate.ts';
import { plainText, readScreen } from './picture/screen.ts';
import { recordTerminal } from './picture/terminal.ts';

const size = { columns: 110, rows: 34 };
const liveFrames = 11;
const root = join(import.meta.dirname, '..');
const cwd = mkdtempSync(join(tmpdir(), 'countersign-picture-'));

try {
  const program = `"${process.execPath}" "${join(root, 'bin', 'countersign.mjs')}" demo`;
  const recording = await recordTerminal(`printf '$ countersign demo\\n'; ${program}`, { ...size, cwd });
  if (recording.exitCode !== 0) throw new Error(`the demo ended with exit code ${recording.exitCode}`);
  const lines = recording.scrollback.trimEnd().split('\n');
  const live = recording.screens.filter((screen) => /── apply[^]*\n❯ /.test(plainText(screen)));
  const frames: Frame[] = [
    frame(pageAt(lines, 'validate'), 4),
    frame(pageAt(lines, 'plan:'), 5),
    ...spread(live, liveFrames).map((screen) => frame(screen.split('\n'), 1.2)),
    frame(pageAt(lines, 'report'), 4),
    frame(lines.slice(-size.rows), 6),
  ];
  writeFileSync(join(root, 'docs', 'demo.svg'), animate(frames, size, 'countersign demo'));
} finally {
  rmSync(cwd, { recursive: true });
}

/** One screen full from the heading of a section, as scrolling back to it shows. */
function pageAt(lines: readonly string[], section: string): readonly string[] {
  const start = lines.findIndex((line) => plainText(line).startsWith(`── ${section}`));
  if (start < 0) throw new Error(`the demo printed no section ${section}`);
  const top = section === 'validate' ? 0 : start;
  return lines.slice(top, top + size.rows);
}

function frame(lines: readonly string[], seconds: number): Frame {
  // The recording's own folder is nobody's business; what stands in for it is what a person would see.
  return { screen: readScreen(lines.join('\n').replaceAll(cwd, '~/rollout')), seconds };
}

/** Some of the list, evenly spread, the first and the last among them. */
function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  const step = (list.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => list[Math.round(index * step)]).filter(
    (item) => item !== undefined,
  );
}
