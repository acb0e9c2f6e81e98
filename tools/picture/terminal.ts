import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PictureSize } from './animate.ts';

/** What a program showed in a terminal. */
export interface Recording {
  /** Screens that differ, in order, with their colour codes. */
  readonly screens: readonly string[];
  /** Everything that scrolled by and the last screen, with colour codes. */
  readonly scrollback: string;
  readonly exitCode: number;
}

const pause = 150;

/** Runs a shell command in a real terminal (tmux) of the given size, and looks at it several times a second. */
export async function recordTerminal(
  command: string,
  { cwd, columns, rows }: PictureSize & { readonly cwd: string },
): Promise<Recording> {
  const tmux = ownTmux();
  try {
    tmux(
      ...['start-server', ';', 'set', '-g', 'history-limit', '5000', ';', 'set', '-g', 'status', 'off', ';'],
      ...['set', '-g', 'remain-on-exit', 'on', ';', 'set', '-g', 'remain-on-exit-format', '', ';'],
      ...['new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', cwd, command],
    );
    const screens: string[] = [];
    let seen = '';
    while (tmux('display', '-p', '#{pane_dead}').trim() !== '1') {
      const screen = tmux('capture-pane', '-e', '-p');
      if (still(screen) !== seen) screens.push(screen);
      seen = still(screen);
      await sleep(pause);
    }
    const scrollback = tmux('capture-pane', '-e', '-p', '-S', '-');
    return { screens, scrollback, exitCode: Number(tmux('display', '-p', '#{pane_dead_status}')) };
  } finally {
    tmux('kill-server');
  }
}

/** A screen without what turns by itself. */
function still(screen: string): string {
  return screen.replaceAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠿');
}

/** A tmux of our own, apart from the one that a person may sit in. */
function ownTmux(): (...args: string[]) => string {
  const base = ['-L', `countersign-picture-${process.pid}`, '-f', '/dev/null'];
  return (...args) => {
    const { status, stdout, stderr, error } = spawnSync('tmux', [...base, ...args], { encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
}
