import process from 'node:process';
import type { Runtime } from '../app/runtime.ts';
import type { Result } from '../core/result.ts';
import { composeRuntime } from '../compose/runtime.ts';
import { readEnvironment, toolVersion } from '../compose/environment.ts';
import type { Call } from './command.ts';
import { commands } from './commands.ts';
import { exitCodes, exitCodeOfFailure } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { painter } from './io.ts';
import type { Io } from './io.ts';
import { renderFailure } from './print.ts';
import { parseArguments } from './program.ts';
import type { Invocation } from './program.ts';
import { Failure } from '../core/failure.ts';

/** Runs one command line to its exit code. */
export async function runCli(argv: readonly string[]): Promise<ExitCode> {
  const io = standardIo(argv);
  try {
    const parsed = await parseArguments(argv, commands, { io, version: toolVersion() });
    return parsed.kind === 'exit' ? parsed.code : await carryOut(parsed.invocation, io);
  } catch (error) {
    return reportBug(error, io);
  }
}

async function carryOut(invocation: Invocation, io: Io): Promise<ExitCode> {
  const paint = painter(io.color);
  const interrupt = interruptions(io);
  let composed: Result<Runtime> | undefined;
  const call: Call = {
    ...invocation,
    io,
    paint,
    interrupt: interrupt.signal,
    runtime: () => (composed ??= composeRuntime(runtimeOptions(invocation))),
  };
  try {
    return await invocation.spec.run(call);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(`${renderFailure(error, paint, call.globals.verbose)}\n`);
    return exitCodeOfFailure(error);
  } finally {
    interrupt.release();
    if (composed?.ok) await composed.value.close();
  }
}

function runtimeOptions({ globals }: Invocation) {
  const cwd = process.cwd();
  return { cwd, env: readEnvironment(cwd), stateDir: globals.stateDir, lab: globals.lab };
}

function standardIo(argv: readonly string[]): Io {
  const terminal = process.stdout.isTTY;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal,
    color: terminal && !argv.includes('--no-color') && process.env['NO_COLOR'] === undefined,
    columns: terminal ? process.stdout.columns : 100,
  };
}

/** First Ctrl-C: finish what is in flight. Second: detach; the journal stays intact. */
function interruptions(io: Io): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    io.err('\nStopping: nothing new starts, what is in flight is finished. Once more to detach at once.\n');
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function reportBug(error: unknown, io: Io): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`This is a bug in countersign; please report it with the command line you used.\n${stack}\n`);
  return exitCodes.internal;
}
