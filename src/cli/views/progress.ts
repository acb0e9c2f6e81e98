import type { Io } from '../io.ts';

/** A counter on stderr while hosts are asked; nothing where stdout is not a terminal. */
export interface Progress {
  readonly step: (name: string) => void;
  readonly done: () => void;
}

export function progress(io: Io, what: string, total: number): Progress {
  if (!io.terminal || total < 2) return { step: () => undefined, done: () => undefined };
  let count = 0;
  const show = (name: string) => {
    io.err(`\r\u001B[2K${what} ${count}/${total} ${name}`);
  };
  show('');
  return {
    step(name) {
      count += 1;
      show(name);
    },
    done() {
      io.err('\r\u001B[2K');
    },
  };
}
