import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import type { Duration } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { commandLine } from '../../../src/wire/wsman/command-line.ts';
import type { CommandLine } from '../../../src/wire/wsman/command-line.ts';
import { parseCommandStarted } from '../../../src/wire/wsman/command.ts';
import { createShell } from '../../../src/wire/wsman/create-shell.ts';
import type { CreateShell } from '../../../src/wire/wsman/create-shell.ts';
import { buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage, WsmanOption } from '../../../src/wire/wsman/envelope.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../../src/wire/wsman/fault.ts';
import { resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceived, receive } from '../../../src/wire/wsman/receive.ts';
import { parseShellCreated } from '../../../src/wire/wsman/shell-created.ts';
import type { ShellCreated } from '../../../src/wire/wsman/shell-created.ts';
import { never } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

export interface Asking {
  readonly resourceUri?: string;
  readonly shellId?: string;
  readonly messageId?: string;
  readonly operationTimeout?: Duration;
  readonly maxEnvelopeBytes?: number;
  readonly signal?: AbortSignal;
}

export interface Collected {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number | undefined;
  /** Names of the streams that said they ended, in order. */
  readonly ended: readonly string[];
  readonly receives: number;
}

/** A bare client: one connection, one session, one envelope at a time, nothing repeated or hidden. */
export class WireClient {
  readonly sessionId: string;
  readonly #connection: AuthConnection;

  constructor({ target }: Pick<ServedHost, 'target'>, who: { sessionId?: string; user?: string } = {}) {
    const { user = target.user } = who;
    this.sessionId = who.sessionId ?? systemEntropy.uuid();
    this.#connection = new AuthConnection({
      target: { ...target, user, password: new Secret('Pä$$wörd') },
      ...{ connector: systemConnector, timers: systemTimers, entropy: systemEntropy },
      now: () => systemClock.now(),
    });
  }

  /** Another connection of the same session. */
  static beside(served: Pick<ServedHost, 'target'>, { sessionId }: WireClient): WireClient {
    return new WireClient(served, { sessionId });
  }

  close(): void {
    this.#connection.close();
  }

  async ask(message: WsmanMessage, asking: Asking = {}): Promise<Envelope> {
    const { resourceUri = resourceUris.cmd, maxEnvelopeBytes = 153_600, shellId } = asking;
    const bytes = buildRequest(
      {
        ...{ to: 'http://web-01:5985/wsman', sessionId: this.sessionId, resourceUri, maxEnvelopeBytes },
        messageId: asking.messageId ?? systemEntropy.uuid(),
        operationTimeout: asking.operationTimeout ?? milliseconds(200),
        ...(shellId === undefined ? {} : { shellId }),
      },
      message,
    );
    const limits = { timeout: seconds(30), maxResponseBytes: 2_000_000 };
    const answer = unwrap(await this.#connection.post(bytes, asking.signal ?? never, limits));
    return unwrap(parseEnvelope(answer.body, 'an answer'));
  }

  /** The fault that comes back; undefined where none does. */
  async faultTo(message: WsmanMessage, asking: Asking = {}): Promise<WsmanFault | undefined> {
    return parseFault(await this.ask(message, asking));
  }

  async createCmd(
    changes: Partial<CreateShell> = {},
    options: readonly WsmanOption[] = [],
  ): Promise<ShellCreated> {
    return unwrap(parseShellCreated(await this.ask(createShell({ ...cmdShell, ...changes }, options))));
  }

  async run(shellId: string, line: CommandLine | string): Promise<string> {
    const request = typeof line === 'string' ? { command: line, arguments: [] } : line;
    return unwrap(parseCommandStarted(await this.ask(commandLine(request), { shellId })));
  }

  /** Receives until the command is done. */
  async collect(shellId: string, commandId: string, asking: Asking = {}): Promise<Collected> {
    const collected: Record<string, Uint8Array[]> = { stdout: [], stderr: [] };
    const ended: string[] = [];
    for (let receives = 1; ; receives += 1) {
      const answer = await this.ask(receive({ streams: 'stdout stderr', commandId }), { shellId, ...asking });
      const fault = parseFault(answer);
      if (fault?.subcode === 'TimedOut') continue;
      if (fault !== undefined) throw new Error(fault.reason);
      const { streams, state, exitCode } = unwrap(parseReceived(answer));
      for (const { stream, data, end } of streams) {
        collected[stream]?.push(data);
        if (end === true) ended.push(stream);
      }
      if (state !== 'done') continue;
      const [stdout, stderr] = ['stdout', 'stderr'].map((name) => Buffer.concat(collected[name] ?? []));
      return { stdout: stdout!, stderr: stderr!, exitCode, ended, receives };
    }
  }
}

export const cmdShell: CreateShell = {
  ...{ shellId: undefined, inputStreams: 'stdin', outputStreams: 'stdout stderr' },
  ...{ idleTimeout: undefined, creationXml: undefined },
};

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const utf8 = (plain: string): Uint8Array => new TextEncoder().encode(plain);
