import type { Runtime } from '../app/runtime.ts';
import { readEnvironment, toolVersion } from '../compose/environment.ts';
import { composeRuntime } from '../compose/runtime.ts';
import { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { Call } from './command.ts';
import { commandGroups } from './commands.ts';
import { exitCodes, exitCodeOfFailure } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { fit } from './fit.ts';
import { painter } from './io.ts';
import type { Io } from './io.ts';
import { valueOf } from './outcome.ts';
import { renderFailure } from './print.ts';
import { parseArguments } from './program.ts';
import type { Invocation } from './program.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Runs one command line to its exit code.
 *
 * @param argv - Arguments without the program's own name.
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { io } = surroundings;
  try {
    const parsed = await parseArguments(argv, commandGroups, { io, version: toolVersion() });
    return parsed.kind === 'exit' ? parsed.code : await carryOut(parsed.invocation, surroundings);
  } catch (error) {
    return reportBug(error, io);
  }
}

async function carryOut(invocation: Invocation, surroundings: Surroundings): Promise<ExitCode> {
  const { io, cwd } = surroundings;
  const { stateDir, lab, verbose } = invocation.globals;
  const paint = painter(io.color);
  const interrupt = interruptions(surroundings);
  let composed: Result<Runtime> | undefined;
  try {
    const env = valueOf(readEnvironment(cwd, surroundings.env));
    const call: Call = {
      ...invocation,
      ...{ io, paint, cwd, env },
      interrupt: interrupt.signal,
      runtime: () => (composed ??= composeRuntime({ cwd, env, stateDir, lab })),
    };
    return await invocation.spec.run(call);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.err(`${fit(renderFailure(error, paint, verbose), io)}\n`);
    return exitCodeOfFailure(error);
  } finally {
    interrupt.release();
    if (composed?.ok) await composed.value.close();
  }
}

/** First Ctrl-C: finish what is in flight. Second: detach; the journal stays intact. */
function interruptions(surroundings: Surroundings): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const text =
    '\nStopping: nothing new starts, what is in flight is finished. Once more to detach at once.\n';
  const release = surroundings.onStop(() => {
    if (controller.signal.aborted) surroundings.leave(exitCodes.interrupted);
    else surroundings.io.err(text);
    controller.abort();
  });
  return { signal: controller.signal, release };
}

function reportBug(error: unknown, io: Io): ExitCode {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.err(`This is a bug in countersign; please report it with the command line you used.\n${stack}\n`);
  return exitCodes.internal;
}
