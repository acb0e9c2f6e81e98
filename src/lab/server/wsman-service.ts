import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { hours, milliseconds, minutes } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { Timers } from '../../ports/timers.ts';
import { commandStarted, parsePipelineCommand } from '../../wire/wsman/command.ts';
import { parseCreateShell } from '../../wire/wsman/create-shell.ts';
import { shellDeleted } from '../../wire/wsman/delete.ts';
import { buildReply } from '../../wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../wire/wsman/envelope.ts';
import { faultMessage } from '../../wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { actions } from '../../wire/wsman/namespaces.ts';
import type { Envelope } from '../../wire/wsman/parse-envelope.ts';
import { parseReceive, received } from '../../wire/wsman/receive.ts';
import { parseSend, sent } from '../../wire/wsman/send.ts';
import { shellCreated } from '../../wire/wsman/shell-created.ts';
import { parseSignal, signalled } from '../../wire/wsman/signal.ts';
import { faults } from './faults.ts';
import type { HostLog } from './host-event.ts';
import type { ShellBackends } from './shell-backend.ts';
import { WsmanShell } from './wsman-shell.ts';

export interface WsmanServiceOptions {
  readonly host: string;
  readonly backends: ShellBackends;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: HostLog;
  /** MaxEnvelopeSizekb of the host, in bytes; 512000 since Windows 8, 153600 before. */
  readonly maxEnvelopeBytes: number;
  /** MaxShellsPerUser. */
  readonly maxShellsPerUser: number;
}

/** One request with an envelope, of a user who has proven who they are. */
export interface WsmanCall {
  readonly user: string;
  readonly envelope: Envelope;
  readonly bytes: number;
}

export interface WsmanAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** MaxTimeoutms, which caps the OperationTimeout that a client asks for. */
const maxOperationTimeout = minutes(1);
const defaultIdleTimeout = hours(2);
/** Headers of a Receive answer, markup around its streams included. */
const answerOverheadBytes = 2048;

/** The WS-Man service of one host: the shells of all its users. */
export class WsmanService {
  readonly #options: WsmanServiceOptions;
  readonly #shells = new Map<string, WsmanShell>();

  constructor(options: WsmanServiceOptions) {
    this.#options = options;
  }

  /** Shells that are open now. */
  get openShells(): number {
    return this.#shells.size;
  }

  async handle(call: WsmanCall): Promise<WsmanAnswer> {
    const done =
      call.bytes > this.#options.maxEnvelopeBytes ? err(faults.tooLarge) : await this.#dispatch(call);
    const message = done.ok ? done.value : faultMessage(done.error, this.#options.host);
    const messageId = this.#options.entropy.uuid().toUpperCase();
    const body = buildReply({ messageId, relatesTo: call.envelope.messageId }, message);
    return { status: done.ok ? 200 : 500, body };
  }

  /** Ends all shells, as a restart of the service does. */
  async closeAll(): Promise<void> {
    for (const shell of [...this.#shells.values()]) await this.#close(shell);
  }

  #dispatch(call: WsmanCall): Promise<Result<WsmanMessage, WsmanFault>> {
    switch (call.envelope.action) {
      case actions.create:
        return this.#create(call);
      case actions.command:
        return this.#onShell(call, (shell) => this.#command(call, shell));
      case actions.send:
        return this.#onShell(call, (shell) => this.#send(call, shell));
      case actions.receive:
        return this.#onShell(call, (shell) => this.#receive(call, shell));
      case actions.signal:
        return this.#onShell(call, (shell) => this.#signal(call, shell));
      case actions.delete:
        return this.#onShell(call, (shell) => this.#delete(shell));
      default:
        return Promise.resolve(err(faults.notSupported));
    }
  }

  async #onShell(
    call: WsmanCall,
    act: (shell: WsmanShell) => Promise<Result<WsmanMessage, WsmanFault>>,
  ): Promise<Result<WsmanMessage, WsmanFault>> {
    const shell = this.#shells.get((call.envelope.selectors.get('ShellId') ?? '').toUpperCase());
    // Another user's shell is as unknown as none.
    if (shell?.owner !== call.user) return err(faults.unknownShell);
    return act(shell);
  }

  async #create({ envelope, user }: WsmanCall): Promise<Result<WsmanMessage, WsmanFault>> {
    const { backends, entropy, timers, maxShellsPerUser } = this.#options;
    const request = parseCreateShell(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const resourceUri = envelope.resourceUri ?? '';
    const { creationXml = new Uint8Array(0), idleTimeout = defaultIdleTimeout } = request.value;
    const shellId = (request.value.shellId ?? entropy.uuid()).toUpperCase();
    const owned = [...this.#shells.values()].filter((shell) => shell.owner === user);
    if (owned.length >= maxShellsPerUser) return err(faults.shellQuota);
    if (this.#shells.has(shellId)) return err(faults.invalidRequest);
    const backend = await backends.open({ resourceUri, shellId, creationXml, user });
    if (!backend.ok) return backend;
    const expire = (): void => {
      void this.#close(shell);
    };
    const shell: WsmanShell = new WsmanShell({
      ...{ id: shellId, owner: user, resourceUri, backend: backend.value, timers, idleTimeout, expire },
    });
    this.#shells.set(shellId, shell);
    const address = `http://${this.#options.host}/wsman`;
    const { inputStreams, outputStreams } = request.value;
    return ok(
      shellCreated(address, {
        ...{ shellId, resourceUri, owner: user, inputStreams, outputStreams, idleTimeout },
        state: 'Connected',
      }),
    );
  }

  async #command(call: WsmanCall, shell: WsmanShell): Promise<Result<WsmanMessage, WsmanFault>> {
    const request = parsePipelineCommand(call.envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const commandId = (request.value.commandId ?? this.#options.entropy.uuid()).toUpperCase();
    const { host, log } = this.#options;
    log({ host, event: 'pipeline', shell: shell.id, command: commandId, user: call.user });
    const started = await shell.use((backend) => backend.command(commandId, request.value.fragments));
    return started.ok ? ok(commandStarted(commandId)) : started;
  }

  async #send(call: WsmanCall, shell: WsmanShell): Promise<Result<WsmanMessage, WsmanFault>> {
    const request = parseSend(call.envelope);
    if (!request.ok || !isInputStream(request.value.stream)) return err(faults.invalidRequest);
    const { stream, data } = request.value;
    const commandId = request.value.commandId?.toUpperCase();
    const taken = await shell.use((backend) => backend.send(commandId, stream, data));
    return taken.ok ? ok(sent()) : taken;
  }

  async #receive({ envelope }: WsmanCall, shell: WsmanShell): Promise<Result<WsmanMessage, WsmanFault>> {
    const request = parseReceive(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const commandId = request.value.commandId?.toUpperCase();
    const limit = Math.min(
      envelope.maxEnvelopeBytes ?? this.#options.maxEnvelopeBytes,
      this.#options.maxEnvelopeBytes,
    );
    const maxBytes = Math.floor(((limit - answerOverheadBytes) * 3) / 4);
    const wait = capped(envelope.operationTimeout);
    const output = await shell.receive(envelope.messageId, commandId, maxBytes, wait);
    if (!output.ok) return output;
    const { data, done } = output.value;
    if (data.length === 0 && !done) return err(faults.timedOut);
    const streams = data.map((piece) => ({ stream: 'stdout', data: piece }));
    const state = commandId === undefined ? undefined : done ? 'done' : 'running';
    return ok(received(commandId, { streams, state, exitCode: state === 'done' ? 0 : undefined }));
  }

  async #signal({ envelope }: WsmanCall, shell: WsmanShell): Promise<Result<WsmanMessage, WsmanFault>> {
    const request = parseSignal(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const { code } = request.value;
    const commandId = request.value.commandId.toUpperCase();
    const done = await shell.use((backend) => backend.signal(commandId, code));
    return done.ok ? ok(signalled()) : done;
  }

  async #delete(shell: WsmanShell): Promise<Result<WsmanMessage, WsmanFault>> {
    await this.#close(shell);
    return ok(shellDeleted());
  }

  async #close(shell: WsmanShell): Promise<void> {
    this.#shells.delete(shell.id);
    await shell.close();
  }
}

function isInputStream(name: string): name is 'stdin' | 'pr' {
  return name === 'stdin' || name === 'pr';
}

function capped(wanted: Duration | undefined): Duration {
  return milliseconds(Math.min(wanted ?? maxOperationTimeout, maxOperationTimeout));
}
