import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Program, Programs } from '../../ports/program.ts';
import { encodeBase64 } from '../../wire/bytes/base64.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { CmdCall, CmdEngine, CmdOutput, CmdProcess } from './cmd-engine.ts';
import { faults } from './faults.ts';
import { encodedScript } from './powershell-line.ts';

export interface ProcessEngineOptions {
  readonly programs: Programs;
  /** Path of a `pwsh` for scripts that come as `powershell -EncodedCommand`; without one the line goes to `sh`. */
  readonly powershell?: string;
}

/**
 * Runs real programs of this machine, byte for byte: a command line goes to `sh -c`, an encoded script to PowerShell.
 *
 * Nothing is translated, so clients of tests write lines that `sh` understands.
 */
export class ProcessEngine implements CmdEngine {
  readonly #options: ProcessEngineOptions;

  constructor(options: ProcessEngineOptions) {
    this.#options = options;
  }

  async start(call: CmdCall, output: CmdOutput): Promise<Result<CmdProcess, WsmanFault>> {
    const { program, args } = this.#programOf(call.line);
    const { environment, workingDirectory } = call;
    const started = await this.#options.programs.start(program, args, {
      environment,
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
    });
    return started.ok ? ok(new RunningProcess(started.value, output)) : err(faults.invalidDirectory);
  }

  #programOf(line: string): { readonly program: string; readonly args: readonly string[] } {
    const { powershell } = this.#options;
    const script = powershell === undefined ? undefined : encodedScript(line);
    if (powershell === undefined || script === undefined) return { program: 'sh', args: ['-c', line] };
    const encoded = encodeBase64(utf16(script));
    return { program: powershell, args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded] };
  }
}

class RunningProcess implements CmdProcess {
  readonly exited: Promise<number>;
  readonly #program: Program;

  constructor(program: Program, output: CmdOutput) {
    this.#program = program;
    this.exited = this.#run(output);
  }

  async write(data: Uint8Array): Promise<void> {
    // A program that has ended reads no more, which is no error of whoever writes.
    await this.#program.write(data);
  }

  endInput(): void {
    this.#program.endInput();
  }

  interrupt(how: 'ctrl-c' | 'ctrl-break'): void {
    this.#program.signal(how === 'ctrl-c' ? 'interrupt' : 'break');
  }

  kill(): void {
    this.#program.signal('kill');
  }

  async #run(output: CmdOutput): Promise<number> {
    const { stdout, stderr, exited } = this.#program;
    await Promise.all([pump(stdout, 'stdout', output), pump(stderr, 'stderr', output)]);
    return (await exited) ?? controlC;
  }
}

async function pump(
  source: AsyncIterable<Uint8Array>,
  stream: 'stdout' | 'stderr',
  output: CmdOutput,
): Promise<void> {
  for await (const data of source) await output.write(stream, data);
}

function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), true);
  return bytes;
}

/** STATUS_CONTROL_C_EXIT, the exit code of what Ctrl-C ended. */
const controlC = -1_073_741_510;
