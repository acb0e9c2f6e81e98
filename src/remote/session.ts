import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { fromJson } from '../core/ps-json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { frameScript, lateErrorId } from '../core/script-frame.ts';
import { formatDuration, formatInstant } from '../core/time.ts';
import type { Duration, Instant } from '../core/time.ts';
import { WritePermit } from '../core/write-permit.ts';
import type { ReadScript, WriteScript } from '../ports/scripts.ts';
import type {
  HostSession,
  ScriptOptions,
  ScriptOutput,
  SessionServer,
  WriteOptions,
} from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';
import type { PsCommand } from '../wire/psrp/command.ts';
import type { HostLink } from './host-link.ts';
import type { Invocation } from './invocation.ts';
import { PipelineRecords } from './pipeline-records.ts';
import type { RunspacePool } from './runspace-pool.ts';
import { scriptError, scriptOutput } from './script-output.ts';

/** Fragments of one script that are taken in at most; one that gives more is not one of ours. */
const maxOutputBytes = 256 * 1024 * 1024;

/** One script on its way, with what its failures have to tell. */
interface ScriptRun {
  readonly script: ReadScript | WriteScript;
  readonly command: PsCommand;
  readonly timeout: Duration;
  readonly validUntil?: Instant;
}

/** A `HostSession` on a runspace pool. */
export class RemoteSession implements HostSession {
  readonly host: string;
  readonly #link: HostLink;
  readonly #pool: RunspacePool;
  readonly #timers: Timers;

  constructor(link: HostLink, pool: RunspacePool, timers: Timers) {
    this.host = link.host;
    this.#link = link;
    this.#pool = pool;
    this.#timers = timers;
  }

  get server(): SessionServer {
    const { protocol, powershell } = this.#pool.server;
    return { protocol, powershell };
  }

  async read(
    script: ReadScript,
    args: JsonObject,
    { timeout }: ScriptOptions,
    signal: AbortSignal,
  ): Promise<Result<ScriptOutput>> {
    // Types do not reach a script that came in by another way.
    if (!isOfKind(script, 'read')) throw new TypeError('read() takes only scripts that read');
    return this.#run({ script, command: framedCommand(script, args), timeout }, signal);
  }

  async write(
    script: WriteScript,
    args: JsonObject,
    permit: WritePermit,
    { timeout, validUntil }: WriteOptions,
    signal: AbortSignal,
  ): Promise<Result<ScriptOutput>> {
    if (!WritePermit.isGenuine(permit)) throw new TypeError('a write needs a permit of the engine');
    if (permit.host !== this.host) throw new TypeError(`the permit is for ${permit.host}, not ${this.host}`);
    if (!isOfKind(script, 'write')) throw new TypeError('write() takes only scripts that write');
    const command = framedCommand(script, args, validUntil);
    return this.#run({ script, command, timeout, validUntil }, signal);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#link.close();
  }

  async #run(run: ScriptRun, signal: AbortSignal): Promise<Result<ScriptOutput>> {
    const stop = new AbortController();
    const abort = (): void => stop.abort('abort');
    const cancel = this.#timers.after(run.timeout, () => stop.abort('timeout'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    const { invocation, records } = await this.#invoke(run.command, stop.signal);
    signal.removeEventListener('abort', abort);
    cancel();
    const isTimeout = stop.signal.reason === 'timeout' && wasStopped(invocation);
    return isTimeout ? err(this.#timeout(run, invocation)) : this.#judge(run, invocation, records);
  }

  async #invoke(
    command: PsCommand,
    stop: AbortSignal,
  ): Promise<{ readonly invocation: Invocation; readonly records: PipelineRecords }> {
    const pipeline = this.#pool.start({
      create: (psrp, id) => psrp.createPipeline({ id, commands: [command], noInput: true }),
      maxOutputBytes,
    });
    const onStop = (): void => pipeline.stop();
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop);
    const records = await PipelineRecords.of(pipeline);
    const invocation = await pipeline.ended;
    stop.removeEventListener('abort', onStop);
    return { invocation, records };
  }

  #judge(run: ScriptRun, invocation: Invocation, records: PipelineRecords): Result<ScriptOutput> {
    if (invocation.kind === 'not-started') return err(invocation.failure);
    if (invocation.kind === 'lost') return err(this.#lost(run, invocation.failure));
    const { state, reason } = invocation;
    if (state === 'Completed') return ok(scriptOutput(records, run.script));
    if (state === 'Stopped') return err(this.#lost(run, failure('net.aborted', { sent: true })));
    return err(this.#failed(run, reason));
  }

  #failed({ script, validUntil }: ScriptRun, reason: FailureReason): Failure {
    const details = { host: this.host, script: script.name };
    if (script.kind === 'write' && reason?.fullyQualifiedErrorId === lateErrorId) {
      const until = validUntil === undefined ? null : formatInstant(validUntil);
      return failure('session.refused-late', { ...details, validUntil: until });
    }
    const error = reason === undefined ? undefined : scriptError(reason, script);
    return failure('script.failed', {
      ...details,
      reason: error?.message,
      errorId: error?.id,
      category: error?.category,
      exceptionType: error?.exceptionType,
      position: error?.position,
    });
  }

  /** For a read the failure itself is all there is to say; a write may have taken effect. */
  #lost({ script }: ScriptRun, reason: Failure): Failure {
    if (script.kind === 'read') return reason;
    const details = { host: this.host, script: script.name, because: reason.code };
    return failure('session.outcome-unknown', details, reason);
  }

  #timeout({ script, timeout }: ScriptRun, invocation: Invocation): Failure {
    return failure('script.timeout', {
      host: this.host,
      script: script.name,
      after: formatDuration(timeout),
      // Part of a script's work may be done unless it was never started.
      started: invocation.kind !== 'not-started',
      // Whether the host said that it stopped.
      stopped: invocation.kind === 'ended',
    });
  }
}

type FailureReason = Extract<Invocation, { kind: 'ended' }>['reason'];

/** Whether it ended because it was asked to, rather than by itself or by accident. */
function wasStopped(invocation: Invocation): boolean {
  if (invocation.kind === 'ended') return invocation.state === 'Stopped';
  return invocation.failure.code === 'net.aborted';
}

function isOfKind(script: ReadScript | WriteScript, kind: 'read' | 'write'): boolean {
  return script.kind === kind;
}

/** Arguments are typed values, never text in the script. */
function framedCommand(script: ReadScript | WriteScript, args: JsonObject, validUntil?: Instant): PsCommand {
  const until = validUntil === undefined ? [] : [{ name: 'ValidUntil', value: formatInstant(validUntil) }];
  return {
    text: frameScript(script),
    isScript: true,
    parameters: [{ name: 'Arguments', value: fromJson(args) }, ...until],
  };
}
