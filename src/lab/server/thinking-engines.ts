import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Duration } from '../../core/time.ts';
import type { ScriptError } from '../../ports/session.ts';
import type { Timers } from '../../ports/timers.ts';
import type { CmdEngine, CmdProcess } from './cmd-engine.ts';
import type { ScriptCall, ScriptEngine, ScriptStreams } from './script-engine.ts';

export interface ThinkingOptions {
  readonly timers: Timers;
  /** How long a script or a program takes. */
  readonly thinkTime: Duration;
  /** What it then says. */
  readonly answer: string;
}

/** Answers every script with the same text after a while; stands for the work of a host where that is not the question. */
export class ThinkingScripts implements ScriptEngine {
  readonly #options: ThinkingOptions;

  constructor(options: ThinkingOptions) {
    this.#options = options;
  }

  async run(
    _call: ScriptCall,
    streams: ScriptStreams,
    signal: AbortSignal,
  ): Promise<Result<void, ScriptError>> {
    const { timers, thinkTime, answer } = this.#options;
    if (thinkTime > 0) await timers.sleep(thinkTime, signal);
    streams.output(answer);
    return ok(undefined);
  }
}

/** The same for programs under cmd: the answer and a line end on standard output, and exit code 0. */
export class ThinkingPrograms implements CmdEngine {
  readonly #options: ThinkingOptions;

  constructor(options: ThinkingOptions) {
    this.#options = options;
  }

  async start(...[, output]: Parameters<CmdEngine['start']>): Promise<Result<CmdProcess, never>> {
    const { timers, thinkTime, answer } = this.#options;
    const stop = new AbortController();
    const line = new TextEncoder().encode(`${answer}\r\n`);
    const think = async (): Promise<number> => {
      if (thinkTime > 0) await timers.sleep(thinkTime, stop.signal);
      await output.write('stdout', line);
      return 0;
    };
    return ok({
      write: async () => undefined,
      endInput: () => undefined,
      interrupt: () => stop.abort(),
      kill: () => stop.abort(),
      exited: think(),
    });
  }
}
