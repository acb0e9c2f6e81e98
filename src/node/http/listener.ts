import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { HttpHandler, HttpListener, HttpServer, ServerTls } from '../../ports/http-listener.ts';
import { sendResponse } from './send-response.ts';
import { describeRequest, readBody } from './served-request.ts';

const maxHeaderBytes = 65_536;
/** As http.sys of Windows does. */
const idleTimeoutMs = 120_000;

/** HTTP/1.1 servers for simulated hosts, on loopback. */
export const systemListener: HttpListener = {
  async listen(address, port, handler, tls) {
    const server = new SocketServer({ address, port, handler, tls });
    const started = await server.resume();
    return started.ok ? ok(server) : started;
  },
};

interface ServerOptions {
  readonly address: string;
  readonly port: number;
  readonly handler: HttpHandler;
  readonly tls: ServerTls | undefined;
}

interface Served {
  readonly connection: number;
  readonly tcp: Socket;
}

class SocketServer implements HttpServer {
  readonly address: string;
  readonly #options: ServerOptions;
  /** By the peer's port, which a socket and the TLS socket on top of it have in common. */
  readonly #served = new Map<number, Served>();
  #port: number;
  #server: Server | undefined;
  #lastConnection = 0;

  constructor(options: ServerOptions) {
    this.address = options.address;
    this.#port = options.port;
    this.#options = options;
  }

  get port(): number {
    return this.#port;
  }

  closeIdleConnections(): void {
    this.#server?.closeIdleConnections();
  }

  dropConnections(): void {
    for (const { tcp } of this.#served.values()) tcp.resetAndDestroy();
  }

  suspend(): Promise<void> {
    // The port is free at once; connections that are busy may finish.
    this.#server?.close();
    this.#server = undefined;
    return Promise.resolve();
  }

  resume(): Promise<Result<void>> {
    if (this.#server !== undefined) return Promise.resolve(ok(undefined));
    const created = this.#create();
    if (!created.ok) return Promise.resolve(created);
    const server = created.value;
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
    for (const { tcp } of this.#served.values()) tcp.destroy();
  }

  #create(): Result<Server> {
    const limits = { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: idleTimeoutMs };
    const { tls } = this.#options;
    if (tls === undefined) return ok(createServer(limits));
    try {
      return ok(createTlsServer({ ...limits, ...tlsOptions(tls) }));
    } catch (error) {
      return err(this.#listenFailure(error instanceof Error ? error : new Error(String(error))));
    }
  }

  #connected(tcp: Socket): void {
    const { handler } = this.#options;
    const connection = ++this.#lastConnection;
    const port = tcp.remotePort ?? 0;
    this.#served.set(port, { connection, tcp });
    tcp.setNoDelay(true);
    tcp.on('error', () => undefined);
    tcp.once('close', () => {
      this.#served.delete(port);
      handler.disconnected(connection);
    });
    handler.connected(connection);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const served = this.#served.get(socket.remotePort ?? 0);
    const body = await readBody(request);
    if (served === undefined || body === undefined) {
      socket.destroy();
      return;
    }
    const { connection, tcp } = served;
    const gone = new AbortController();
    const onClose = (): void => {
      gone.abort();
    };
    socket.once('close', onClose);
    const described = describeRequest(request, { connection, body, signal: gone.signal });
    const answer = await this.#options.handler.request(described);
    socket.removeListener('close', onClose);
    if (answer === 'drop') tcp.resetAndDestroy();
    else if (!socket.destroyed) await sendResponse(response, answer, tcp);
  }

  #listenFailure(error: Error): ReturnType<typeof failure> {
    const reason = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
    return failure('net.listen', { address: this.address, port: this.#port, reason }, error);
  }
}

function tlsOptions({ key, certificate, requestClientCertificate = false, version }: ServerTls): object {
  return {
    key,
    cert: certificate,
    requestCert: requestClientCertificate,
    rejectUnauthorized: false,
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
    // A simulated host may be old: OpenSSL's own level refuses certificates that are signed with SHA-1.
    ciphers: 'DEFAULT@SECLEVEL=0',
  };
}
