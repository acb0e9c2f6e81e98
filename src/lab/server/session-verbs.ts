import { err, ok } from '../../core/result.ts';
import { connected, parseConnect } from '../../wire/wsman/connect.ts';
import { disconnected, parseDisconnect, reconnected } from '../../wire/wsman/disconnect.ts';
import type { Envelope } from '../../wire/wsman/parse-envelope.ts';
import { faults } from './faults.ts';
import type { ServiceQuirks } from './service-limits.ts';
import type { Handled, WsmanCall } from './wsman-call.ts';
import type { WsmanShell } from './wsman-shell.ts';

/** Disconnect, Reconnect and Connect: who holds a shell. */
export class SessionVerbs {
  readonly #quirks: ServiceQuirks;

  constructor(quirks: ServiceQuirks) {
    this.#quirks = quirks;
  }

  async disconnect({ envelope }: WsmanCall, shell: WsmanShell): Handled {
    const request = parseDisconnect(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    if (!this.#isPossible(shell)) return err(faults.disconnectNotSupported);
    if (!isHolder(envelope, shell)) return err(faults.sessionMismatch);
    if (shell.state === 'Disconnected') return err(faults.shellDisconnected);
    shell.backend.setBufferMode(request.value.bufferMode ?? 'Block');
    shell.disconnect(request.value.idleTimeout);
    return ok({ message: disconnected() });
  }

  async reconnect({ envelope }: WsmanCall, shell: WsmanShell): Handled {
    if (!this.#isPossible(shell)) return err(faults.disconnectNotSupported);
    if (!isHolder(envelope, shell)) return err(faults.sessionMismatch);
    shell.backend.setBufferMode('Block');
    shell.connect(shell.sessionId);
    return ok({ message: reconnected() });
  }

  async connect({ envelope }: WsmanCall, shell: WsmanShell): Handled {
    const request = parseConnect(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const { commandId, connectXml } = request.value;
    const { backend } = shell;
    if (!this.#isPossible(shell) || backend.connect === undefined) return err(faults.disconnectNotSupported);
    if (commandId !== undefined) return this.#connectCommand(envelope, shell, commandId);
    if (connectXml === undefined) return err(faults.invalidRequest);
    if (shell.state === 'Connected') return err(faults.connectedElsewhere);
    const taken = await backend.connect(connectXml);
    if (!taken.ok) return taken;
    backend.setBufferMode('Block');
    shell.connect(envelope.sessionId ?? '');
    const { inputStreams, outputStreams } = shell.describe();
    return ok({
      message: connected({
        ...(inputStreams === undefined ? {} : { inputStreams }),
        ...(outputStreams === undefined ? {} : { outputStreams }),
        connectResponseXml: taken.value,
      }),
    });
  }

  async #connectCommand(envelope: Envelope, shell: WsmanShell, commandId: string): Handled {
    if (shell.state === 'Disconnected') return err(faults.shellDisconnected);
    if (!isHolder(envelope, shell)) return err(faults.connectedElsewhere);
    const isThere = shell.commands.some((command) => command.commandId === commandId.toUpperCase());
    return isThere ? ok({ message: connected({}) }) : err(faults.unknownCommand);
  }

  #isPossible(shell: WsmanShell): boolean {
    return !shell.isCmd && this.#quirks.cannotDisconnect !== true;
  }
}

function isHolder(envelope: Envelope, shell: WsmanShell): boolean {
  return (envelope.sessionId ?? '').toLowerCase() === shell.sessionId.toLowerCase();
}
