import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { Timers } from '../../ports/timers.ts';
import { shellDeleted } from '../../wire/wsman/delete.ts';
import { buildReply } from '../../wire/wsman/envelope.ts';
import { faultCodes } from '../../wire/wsman/fault-codes.ts';
import { faultMessage } from '../../wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { actions } from '../../wire/wsman/namespaces.ts';
import { wmiErrorMessage } from '../../wire/wsman/wmi-error.ts';
import { CommandVerbs } from './command-verbs.ts';
import { faults } from './faults.ts';
import type { HostLog } from './host-event.ts';
import { ListVerbs } from './list-verbs.ts';
import type { ServiceLimits, ServiceQuirks } from './service-limits.ts';
import { SessionVerbs } from './session-verbs.ts';
import type { ShellKinds } from './shell-kinds.ts';
import { ShellRegistry } from './shell-registry.ts';
import type { Handled, WsmanCall } from './wsman-call.ts';
import type { WsmanShell } from './wsman-shell.ts';

export interface WsmanServiceOptions {
  readonly host: string;
  readonly kinds: ShellKinds;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: HostLog;
  readonly limits: ServiceLimits;
  readonly quirks: ServiceQuirks;
  readonly isAdministrator: (user: string) => boolean;
}

export interface WsmanAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** To be called when the answer could not be delivered. */
  readonly undelivered?: () => void;
}

/** The WS-Man service of one host: envelopes in, envelopes out. */
export class WsmanService {
  readonly #options: WsmanServiceOptions;
  readonly #shells: ShellRegistry;
  readonly #commands: CommandVerbs;
  readonly #sessions: SessionVerbs;
  readonly #lists: ListVerbs;

  constructor(options: WsmanServiceOptions) {
    this.#options = options;
    this.#shells = new ShellRegistry(options);
    this.#commands = new CommandVerbs({ ...options, shells: this.#shells });
    this.#sessions = new SessionVerbs(options.quirks);
    this.#lists = new ListVerbs({ ...options, shells: this.#shells });
  }

  /** Shells that are open now. */
  get openShells(): number {
    return this.#shells.size;
  }

  async handle(call: WsmanCall): Promise<WsmanAnswer> {
    const isTooLarge = call.bytes > this.#options.limits.maxEnvelopeBytes;
    const done = isTooLarge ? err(faults.tooLarge) : await this.#dispatch(call);
    if (!done.ok) return this.fault(call, done.error);
    const { message, undelivered } = done.value;
    const body = buildReply(this.#header(call), message);
    return { status: 200, body, ...(undelivered === undefined ? {} : { undelivered }) };
  }

  /** Answers with this fault, in the form that Windows gives it. */
  fault(call: Pick<WsmanCall, 'envelope'>, fault: WsmanFault): WsmanAnswer {
    const header = this.#header(call);
    const body = quotas.has(fault.code)
      ? buildReply({ ...header, relatesTo: '' }, wmiErrorMessage(fault))
      : buildReply(header, faultMessage(fault, this.#options.host));
    return { status: 500, body };
  }

  closeAll(): Promise<void> {
    return this.#shells.closeAll();
  }

  #header({ envelope }: Pick<WsmanCall, 'envelope'>): { messageId: string; relatesTo: string } {
    return { messageId: this.#options.entropy.uuid().toUpperCase(), relatesTo: envelope.messageId };
  }

  #dispatch(call: WsmanCall): Handled {
    switch (call.envelope.action) {
      case actions.create:
        return this.#shells.create(call);
      case actions.get:
        return this.#lists.get(call);
      case actions.enumerate:
        return this.#lists.enumerate(call);
      case actions.pull:
        return this.#lists.pull(call);
      case actions.release:
        return this.#lists.release(call);
      default:
        return this.#onShell(call);
    }
  }

  async #onShell(call: WsmanCall): Handled {
    const verb = this.#verb(call.envelope.action);
    if (verb === undefined) return err(faults.notSupported);
    const shell: Result<WsmanShell, WsmanFault> = this.#shells.find(call);
    return shell.ok ? verb(shell.value, call) : shell;
  }

  #verb(action: string): ((shell: WsmanShell, call: WsmanCall) => Handled) | undefined {
    switch (action) {
      case actions.command:
        return (shell, call) => this.#commands.command(call, shell);
      case actions.send:
        return (shell, call) => this.#commands.send(call, shell);
      case actions.receive:
        return (shell, call) => this.#commands.receive(call, shell);
      case actions.signal:
        return (shell, call) => this.#commands.signal(call, shell);
      case actions.disconnect:
        return (shell, call) => this.#sessions.disconnect(call, shell);
      case actions.reconnect:
        return (shell, call) => this.#sessions.reconnect(call, shell);
      case actions.connect:
        return (shell, call) => this.#sessions.connect(call, shell);
      case actions.delete:
        return (shell) => this.#delete(shell);
      default:
        return undefined;
    }
  }

  async #delete(shell: WsmanShell): Handled {
    await this.#shells.close(shell);
    return ok({ message: shellDeleted() });
  }
}

/** Faults that come as an MSFT_WmiError. */
const quotas: ReadonlySet<number | undefined> = new Set([faultCodes.shellQuota, faultCodes.operationQuota]);
