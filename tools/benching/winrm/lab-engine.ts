import { ok } from '../../../src/core/result.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { CmdEngine } from '../../../src/lab/server/cmd-engine.ts';
import { encodedScript } from '../../../src/lab/server/powershell-line.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { downloadLineBytes, thinkMs } from './work.ts';

const line = 'x'.repeat(downloadLineBytes - 2);
/** Lines that are written at one go, so that an answer is as full as those of a fast program are. */
const linesAtOnce = 16;
const block = Buffer.from(`${line}\r\n`.repeat(linesAtOnce));
const answer = '2026-11-25T02:00:00.0000000Z';
const never = new AbortController().signal;

/** Lines that a script asks for; undefined where it only thinks. */
function linesOf(script: string): number | undefined {
  const megabytes = /Write-Download (\d+)/.exec(script)?.[1];
  return megabytes === undefined ? undefined : Math.ceil((Number(megabytes) * 1e6) / downloadLineBytes);
}

/** Scripts of runspace pools. */
export const scriptEngine: ScriptEngine = {
  async run({ script }, streams, signal) {
    const lines = linesOf(script);
    if (lines === undefined) {
      await systemTimers.sleep(milliseconds(thinkMs), signal);
      streams.output(answer);
    }
    for (let written = 1; written <= (lines ?? 0) && !signal.aborted; written++) {
      streams.output(line);
      if (written % linesAtOnce === 0) await streams.drained();
    }
    return ok(undefined);
  },
};

/** The same as programs of cmd shells. */
export const cmdEngine: CmdEngine = {
  async start(call, output) {
    const script = encodedScript(call.line) ?? call.line;
    const run = async (): Promise<number> => {
      const lines = linesOf(script);
      if (lines === undefined) {
        await systemTimers.sleep(milliseconds(thinkMs), never);
        await output.write('stdout', Buffer.from(`${answer}\r\n`));
      }
      for (let written = 0; written < (lines ?? 0); written += linesAtOnce)
        await output.write('stdout', block);
      return 0;
    };
    return ok({
      write: async () => undefined,
      endInput: () => undefined,
      interrupt: () => undefined,
      kill: () => undefined,
      exited: run(),
    });
  },
};
