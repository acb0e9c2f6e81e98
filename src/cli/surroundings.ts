import process from 'node:process';
import type { Io } from './io.ts';

/** What a command line runs in: the process, or a test. */
export interface Surroundings {
  readonly io: Io;
  readonly cwd: string;
  /** Variables that are set; `.env` in `cwd` never beats them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls `act` at each request to stop (Ctrl-C); the returned function ends that. */
  onStop(act: () => void): () => void;
  /** Leaves at once, whatever is under way. */
  leave(exitCode: number): void;
}

export function processSurroundings(argv: readonly string[]): Surroundings {
  const { stdout, stderr, env } = process;
  const terminal = stdout.isTTY;
  return {
    io: {
      out: (text) => void stdout.write(text),
      err: (text) => void stderr.write(text),
      terminal,
      color: terminal && !argv.includes('--no-color') && env['NO_COLOR'] === undefined,
      columns: terminal ? stdout.columns : 100,
    },
    cwd: workingDirectory(env),
    env,
    onStop(act) {
      process.on('SIGINT', act);
      process.on('SIGTERM', act);
      return () => {
        process.off('SIGINT', act);
        process.off('SIGTERM', act);
      };
    },
    leave: (exitCode) => process.exit(exitCode),
  };
}

/** `npm run countersign` starts us in the package's folder; where the person stands is in INIT_CWD. */
function workingDirectory(env: Surroundings['env']): string {
  const { npm_lifecycle_event: script, INIT_CWD: there } = env;
  return script === 'countersign' && there !== undefined ? there : process.cwd();
}
