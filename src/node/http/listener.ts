import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type {
  HttpHandler,
  HttpListener,
  HttpServer,
  ServedRequest,
  ServedResponse,
} from '../../ports/http-listener.ts';

const maxHeaderBytes = 65_536;
const maxBodyBytes = 64 * 1024 * 1024;
/** As http.sys of Windows does. */
const idleTimeoutMs = 120_000;

/** HTTP/1.1 servers for simulated hosts, on loopback. */
export const systemListener: HttpListener = {
  async listen(address, port, handler) {
    const server = new SocketServer(address, port, handler);
    const started = await server.resume();
    return started.ok ? ok(server) : started;
  },
};

class SocketServer implements HttpServer {
  readonly address: string;
  readonly #handler: HttpHandler;
  readonly #sockets = new Map<Socket, number>();
  #port: number;
  #server: Server | undefined;
  #lastConnection = 0;

  constructor(address: string, port: number, handler: HttpHandler) {
    this.address = address;
    this.#port = port;
    this.#handler = handler;
  }

  get port(): number {
    return this.#port;
  }

  dropConnections(): void {
    for (const socket of this.#sockets.keys()) socket.resetAndDestroy();
  }

  suspend(): Promise<void> {
    // The port is free at once; connections that are busy may finish.
    this.#server?.close();
    this.#server = undefined;
    return Promise.resolve();
  }

  resume(): Promise<Result<void>> {
    if (this.#server !== undefined) return Promise.resolve(ok(undefined));
    const server = createServer({ maxHeaderSize: maxHeaderBytes, keepAliveTimeout: idleTimeoutMs });
    server.on('connection', (socket) => {
      this.#connected(socket);
    });
    server.on('request', (request, response) => {
      void this.#serve(request, response);
    });
    return new Promise((resolve) => {
      server.on('error', (error) => {
        resolve(err(this.#listenFailure(error)));
      });
      server.listen(this.#port, this.address, () => {
        const bound = server.address();
        if (bound !== null && typeof bound === 'object') this.#port = bound.port;
        this.#server = server;
        resolve(ok(undefined));
      });
    });
  }

  async close(): Promise<void> {
    await this.suspend();
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #connected(socket: Socket): void {
    const connection = ++this.#lastConnection;
    this.#sockets.set(socket, connection);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#handler.disconnected(connection);
    });
    this.#handler.connected(connection);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const connection = this.#sockets.get(socket);
    const body = await readBody(request);
    if (connection === undefined || body === undefined) {
      socket.destroy();
      return;
    }
    const gone = new AbortController();
    const onClose = (): void => {
      gone.abort();
    };
    socket.once('close', onClose);
    const answer = await this.#handler.request(describe(request, { connection, body, signal: gone.signal }));
    socket.removeListener('close', onClose);
    if (answer === 'drop') socket.resetAndDestroy();
    else if (!socket.destroyed) send(response, answer);
  }

  #listenFailure(error: Error): ReturnType<typeof failure> {
    const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    return failure('net.listen', { address: this.address, port: this.#port, reason }, error);
  }
}

function describe(
  request: IncomingMessage,
  rest: Pick<ServedRequest, 'connection' | 'body' | 'signal'>,
): ServedRequest {
  const headers: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = values ?? [];
  return { method: request.method ?? '', path: request.url ?? '', headers, ...rest };
}

/** The whole body; undefined where the peer went away, or sends more than we take. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // The peer went away in the middle; `disconnected` tells the handler.
    return undefined;
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function send(response: ServerResponse, answer: ServedResponse): void {
  if (answer.close === true) response.setHeader('Connection', 'close');
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': answer.body.length });
  response.end(answer.body);
}
