import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { failure } from '../../core/failure.ts';
import type { FailureCode } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { formatDuration } from '../../core/time.ts';
import type {
  HttpConnection,
  HttpConnector,
  HttpEndpoint,
  HttpRequest,
  HttpResponse,
} from '../../ports/http-connection.ts';
import { systemTimers } from '../timers.ts';
import { dial } from './dial.ts';
import { Exchange } from './exchange.ts';
import { peerCertificate } from './peer-certificate.ts';
import { formatRequestHead } from './request-head.ts';
import { SecureContexts } from './secure-contexts.ts';

/** HTTP/1.1 over sockets of this machine. */
export function createConnector(): HttpConnector {
  const contexts = new SecureContexts();
  return { connect: (endpoint) => new SocketConnection(endpoint, contexts) };
}

export const systemConnector = createConnector();

/**
 * One socket at a time, and one request at a time on it.
 *
 * Own HTTP, since agents and pools may move a request to another socket, which a security context does not survive.
 */
class SocketConnection implements HttpConnection {
  readonly #endpoint: HttpEndpoint;
  readonly #contexts: SecureContexts;
  #open: { readonly id: number; readonly socket: Socket } | undefined;
  #lastId = 0;
  #waiting: Exchange | undefined;

  constructor(endpoint: HttpEndpoint, contexts: SecureContexts) {
    this.#endpoint = endpoint;
    this.#contexts = contexts;
  }

  get socket(): number | undefined {
    return this.#open?.id;
  }

  get peerCertificate(): Uint8Array | undefined {
    const socket = this.#open?.socket;
    return socket instanceof TLSSocket ? peerCertificate(socket) : undefined;
  }

  async open(signal: AbortSignal): Promise<Result<number>> {
    if (this.#open !== undefined) return ok(this.#open.id);
    const dialled = await dial(this.#endpoint, this.#contexts, signal);
    if (!dialled.ok) return dialled;
    const socket = dialled.value;
    const id = ++this.#lastId;
    this.#open = { id, socket };
    socket.on('data', (chunk: Buffer) => {
      // Bytes that nobody asked for: whatever they are, the next answer could not be trusted.
      if (this.#waiting === undefined) this.close();
      else this.#waiting.receive(chunk);
    });
    let broken: Error | undefined;
    const onLost = (): void => {
      this.#lost(id, broken);
    };
    // An error is always followed by `close`, and by `end` where TLS reports it.
    socket.on('error', (error) => {
      broken = error;
    });
    socket.on('end', onLost).on('close', onLost);
    return ok(id);
  }

  async exchange(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpResponse>> {
    if (this.#waiting !== undefined) throw new Error('the connection carries one request at a time');
    const socket = this.#open?.socket;
    if (signal.aborted) return err(failure('net.aborted', { sent: false }));
    if (socket === undefined) return err(this.#failure('net.reset', { sent: false }));
    const head = formatRequestHead(this.#endpoint, request);
    const exchange = new Exchange(this.#endpoint, request);
    this.#waiting = exchange;
    const onAbort = (): void => {
      exchange.fail('net.aborted');
    };
    const cancelTimer = systemTimers.after(request.timeout, () => {
      exchange.fail('net.timeout', { what: 'Waiting for an answer', after: formatDuration(request.timeout) });
    });
    signal.addEventListener('abort', onAbort);
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(request.body);
    socket.uncork();
    const result = await exchange.result;
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
    this.#waiting = undefined;
    if (!exchange.canGoOn) this.close();
    return result;
  }

  close(): void {
    const socket = this.#open?.socket;
    this.#open = undefined;
    this.#waiting?.fail('net.aborted');
    socket?.destroy();
  }

  #lost(id: number, error?: Error): void {
    if (this.#open?.id !== id) return;
    const { socket } = this.#open;
    this.#open = undefined;
    this.#waiting?.end(error);
    socket.destroy();
  }

  #failure(code: FailureCode, details: JsonObject): ReturnType<typeof failure> {
    const { address, port } = this.#endpoint;
    return failure(code, { address, port, ...details });
  }
}
