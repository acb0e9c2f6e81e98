import { failure } from '../../src/core/failure.ts';
import type { FailureCode } from '../../src/core/failure.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import type {
  HttpConnection,
  HttpConnector,
  HttpEndpoint,
  HttpRequest,
  HttpResponse,
} from '../../src/ports/http-connection.ts';
import type { HttpHandler } from '../../src/ports/http-listener.ts';
import type { Timers } from '../../src/ports/timers.ts';

/** Hosts by address; an address that is not there drops packets, so that connecting times out. */
export class MemoryNetwork implements HttpConnector {
  readonly #hosts: ReadonlyMap<string, HttpHandler>;
  readonly #timers: Timers;
  readonly #open = new Map<number, { readonly address: string; readonly close: () => void }>();
  #last = 0;
  /** Most sockets that were open at once: of all hosts, and of each. */
  peak = 0;
  readonly peaks = new Map<string, number>();

  constructor(timers: Timers, hosts: ReadonlyMap<string, HttpHandler>) {
    this.#timers = timers;
    this.#hosts = hosts;
  }

  /** Sockets that are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Sockets that were ever opened. */
  get opened(): number {
    return this.#last;
  }

  connect(endpoint: HttpEndpoint): HttpConnection {
    const network = { timers: this.#timers, enter: this.#enter.bind(this), leave: this.#leave.bind(this) };
    return new MemoryConnection(endpoint, this.#hosts.get(endpoint.address), network);
  }

  /** The server closes one socket, without a word. */
  closeSocket(id: number): void {
    this.#open.get(id)?.close();
  }

  #enter(address: string, close: () => void): number {
    const id = (this.#last += 1);
    this.#open.set(id, { address, close });
    const ofHost = [...this.#open.values()].filter((other) => other.address === address).length;
    this.peaks.set(address, Math.max(ofHost, this.peaks.get(address) ?? 0));
    this.peak = Math.max(this.peak, this.#open.size);
    return id;
  }

  #leave(id: number): void {
    this.#open.delete(id);
  }
}

interface NetworkSide {
  readonly timers: Timers;
  readonly enter: (address: string, close: () => void) => number;
  readonly leave: (id: number) => void;
}

class MemoryConnection implements HttpConnection {
  readonly peerCertificate = undefined;
  readonly #endpoint: HttpEndpoint;
  readonly #host: HttpHandler | undefined;
  readonly #network: NetworkSide;
  #socket: number | undefined;
  #lost = new AbortController();
  #reset: () => void = () => undefined;

  constructor(endpoint: HttpEndpoint, host: HttpHandler | undefined, network: NetworkSide) {
    this.#endpoint = endpoint;
    this.#host = host;
    this.#network = network;
  }

  get socket(): number | undefined {
    return this.#socket;
  }

  async open(signal: AbortSignal): Promise<Result<number>> {
    if (this.#socket !== undefined) return ok(this.#socket);
    if (this.#host === undefined) return this.#connectInVain(signal);
    await Promise.resolve();
    this.#lost = new AbortController();
    this.#socket = this.#network.enter(this.#endpoint.address, () => this.#lose());
    this.#host.connected(this.#socket);
    return ok(this.#socket);
  }

  exchange(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpResponse>> {
    const socket = this.#socket;
    const lost = this.#lost.signal;
    if (signal.aborted) return Promise.resolve(this.#fail('net.aborted', false));
    if (socket === undefined) return Promise.resolve(this.#fail('net.reset', false));
    return new Promise((resolve) => {
      const settle = (result: Result<HttpResponse>): void => {
        cancel();
        signal.removeEventListener('abort', abort);
        lost.removeEventListener('abort', abort);
        if (!result.ok) this.close();
        resolve(result);
      };
      const abort = (): void => settle(this.#fail('net.aborted', true));
      this.#reset = () => settle(this.#fail('net.reset', true));
      const cancel = this.#network.timers.after(request.timeout, () =>
        settle(this.#fail('net.timeout', true)),
      );
      signal.addEventListener('abort', abort);
      lost.addEventListener('abort', abort);
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), [value]]),
      );
      const { method, path, body } = request;
      void this.#host
        ?.request({ connection: socket, method, path, headers, body, signal: lost })
        .then((answer) => {
          if (answer === 'drop') settle(this.#fail('net.reset', true));
          else settle(ok({ status: answer.status, headers: lowerCase(answer.headers), body: answer.body }));
          if (answer !== 'drop' && answer.close === true) this.close();
        });
    });
  }

  close(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.#socket = undefined;
    this.#network.leave(socket);
    this.#lost.abort();
    this.#host?.disconnected(socket);
  }

  #lose(): void {
    this.#reset();
    this.close();
  }

  #connectInVain(signal: AbortSignal): Promise<Result<never>> {
    return new Promise((resolve) => {
      const settle = (code: FailureCode): void => {
        cancel();
        resolve(this.#fail(code, false));
      };
      const cancel = this.#network.timers.after(this.#endpoint.connectTimeout, () => settle('net.timeout'));
      signal.addEventListener('abort', () => settle('net.aborted'));
    });
  }

  #fail(code: FailureCode, sent: boolean): Result<never> {
    const { address, port } = this.#endpoint;
    return err(failure(code, { address, port, sent }));
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): HttpResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]));
}
