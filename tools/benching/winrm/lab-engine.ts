import { ok } from '../../../src/core/result.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { CmdEngine } from '../../../src/lab/server/cmd-engine.ts';
import { encodedScript } from '../../../src/lab/server/powershell-line.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { downloadLineBytes, thinkMs } from './work.ts';

const line = 'x'.repeat(downloadLineBytes - 2);
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
    for (let written = 0; written < (lines ?? 0) && !signal.aborted; written++) {
      streams.output(line);
      await streams.drained();
    }
    return ok(undefined);
  },
};

/** The same as programs of cmd shells. */
export const cmdEngine: CmdEngine = {
  async start(call, output) {
    const script = encodedScript(call.line) ?? call.line;
    const write = (text: string): Promise<void> => output.write('stdout', Buffer.from(`${text}\r\n`));
    const run = async (): Promise<number> => {
      const lines = linesOf(script);
      if (lines === undefined) {
        await systemTimers.sleep(milliseconds(thinkMs), never);
        await write(answer);
      }
      for (let written = 0; written < (lines ?? 0); written++) await write(line);
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
