import { err, ok } from '../../core/result.ts';
import { milliseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
import type { Entropy } from '../../ports/entropy.ts';
import { parseCommandLine } from '../../wire/wsman/command-line.ts';
import { commandStarted } from '../../wire/wsman/command.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import type { Envelope } from '../../wire/wsman/parse-envelope.ts';
import { parseReceive, received } from '../../wire/wsman/receive.ts';
import { parseSend, sent } from '../../wire/wsman/send.ts';
import { parseSignal, signalCodes, signalled } from '../../wire/wsman/signal.ts';
import { faults } from './faults.ts';
import type { HostLog } from './host-event.ts';
import type { ServiceLimits, ServiceQuirks } from './service-limits.ts';
import type { ShellOutput } from './shell-backend.ts';
import type { ShellRegistry } from './shell-registry.ts';
import type { Handled, WsmanCall, WsmanReply } from './wsman-call.ts';
import type { ReceiveCall, WsmanShell } from './wsman-shell.ts';

export interface CommandVerbsOptions {
  readonly host: string;
  readonly shells: ShellRegistry;
  readonly entropy: Entropy;
  readonly log: HostLog;
  readonly limits: ServiceLimits;
  readonly quirks: ServiceQuirks;
}

/** Headers of a Receive answer, markup around its streams included. */
const answerOverheadBytes = 2048;

/** Command, Send, Receive and Signal. */
export class CommandVerbs {
  readonly #options: CommandVerbsOptions;

  constructor(options: CommandVerbsOptions) {
    this.#options = options;
  }

  async command(call: WsmanCall, shell: WsmanShell): Handled {
    const { entropy, host, log, quirks } = this.#options;
    const line = parseCommandLine(call.envelope);
    if (!line.ok) return err(faults.invalidRequest);
    const full = this.#quotaFault(call.user, shell);
    if (full !== undefined) return err(full);
    const key = (line.value.commandId ?? entropy.uuid()).toUpperCase();
    const commandId = quirks.ignoresClientIds === true ? entropy.uuid().toUpperCase() : key;
    log({ host, event: 'pipeline', shell: shell.id, command: commandId, user: call.user });
    shell.addCommand(commandId, shell.isCmd ? line.value.command : '', key);
    const started = await shell.use((backend) => backend.command(key, line.value));
    if (started.ok) return ok({ message: commandStarted(commandId) });
    shell.removeCommand(commandId);
    return started;
  }

  async send({ envelope }: WsmanCall, shell: WsmanShell): Handled {
    const request = parseSend(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const { stream, data, end = false } = request.value;
    if (stream !== 'stdin' && stream !== 'pr') return err(faults.invalidRequest);
    const commandId = request.value.commandId?.toUpperCase();
    const taken = await shell.use((backend) => backend.send(shell.keyOf(commandId), { stream, data, end }));
    return taken.ok ? ok({ message: sent() }) : taken;
  }

  async receive({ envelope, signal: gone }: WsmanCall, shell: WsmanShell): Handled {
    const request = parseReceive(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const commandId = request.value.commandId?.toUpperCase();
    const call = { messageId: envelope.messageId, commandId, gone, ...this.#bounds(envelope) };
    const output = await shell.receive(call);
    if (!shell.isCmd && gone.aborted) shell.vanish(this.#options.limits.vanishGrace);
    if (!output.ok) return output;
    const { streams, done } = output.value;
    if (streams.length > 0 || done) return ok(outputReply(shell, call, output.value));
    if (gone.aborted) shell.restore(call, output.value);
    return err(faults.timedOut);
  }

  async signal({ envelope }: WsmanCall, shell: WsmanShell): Handled {
    const request = parseSignal(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const { code } = request.value;
    const commandId = request.value.commandId.toUpperCase();
    const key = shell.keyOf(commandId) ?? commandId;
    const done = await shell.use((backend) => backend.signal(key, code));
    if (!done.ok) return done;
    if (!keepsCommand(code)) shell.removeCommand(commandId);
    return ok({ message: signalled() });
  }

  #quotaFault(user: string, shell: WsmanShell): WsmanFault | undefined {
    const { shells, limits } = this.#options;
    const operations = shells.ownedBy(user).reduce((sum, { commands }) => sum + commands.length, 0);
    if (operations >= limits.maxOperationsPerUser) return faults.operationQuota;
    const { commands } = shell;
    const running = commands.filter(({ state }) => state === 'Running').length;
    const isFull = shell.isCmd && running >= limits.maxProcessesPerShell;
    return isFull || commands.length >= limits.maxCommandsPerShell ? faults.commandQuota : undefined;
  }

  #bounds(envelope: Envelope): { readonly maxBytes: number; readonly wait: Duration } {
    const { maxEnvelopeBytes, maxOperationTimeout } = this.#options.limits;
    const limit = Math.min(envelope.maxEnvelopeBytes ?? maxEnvelopeBytes, maxEnvelopeBytes);
    return {
      maxBytes: Math.floor(((limit - answerOverheadBytes) * 3) / 4),
      wait: milliseconds(Math.min(envelope.operationTimeout ?? maxOperationTimeout, maxOperationTimeout)),
    };
  }
}

function outputReply(shell: WsmanShell, call: ReceiveCall, output: ShellOutput): WsmanReply {
  const { streams, done, exitCode } = output;
  const state = call.commandId === undefined ? undefined : done ? 'done' : 'running';
  return {
    message: received(call.commandId, {
      ...{ streams, state },
      exitCode: state === 'done' ? (exitCode ?? 0) : undefined,
    }),
    undelivered: () => shell.restore(call, output),
  };
}

/** Whether a command lives on after this signal. */
function keepsCommand(code: string): boolean {
  return code === signalCodes.ctrlC || code === signalCodes.ctrlBreak || code === signalCodes.stopPipeline;
}
