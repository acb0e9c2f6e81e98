import { Failure } from '../../../src/core/failure.ts';
import type { CmdRun } from '../../../src/remote/api/cmd-process.ts';

/** What a program wrote, and how it ended. */
export interface ProcessOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way. */
export interface RunningProcess {
  readonly process: CmdRun;
  /** How it came out; a Failure where its end is not known. */
  readonly ended: Promise<ProcessOutcome | Failure>;
}

/** Reads a program to its end; texts are UTF-8, as in the description. */
export function readProcess(process: CmdRun): RunningProcess {
  return { process, ended: readAll(process) };
}

async function readAll(process: CmdRun): Promise<ProcessOutcome | Failure> {
  const pieces: Readonly<Record<'stdout' | 'stderr', Uint8Array[]>> = { stdout: [], stderr: [] };
  const textOf = (stream: 'stdout' | 'stderr'): string => Buffer.concat(pieces[stream]).toString('utf8');
  try {
    for await (const { stream, data } of process) pieces[stream].push(data);
    const { exitCode } = await process.result;
    return { exitCode, stdout: textOf('stdout'), stderr: textOf('stderr') };
  } catch (problem) {
    if (problem instanceof Failure) return problem;
    throw problem;
  }
}
