import { failure } from '../../../src/core/failure.ts';
import { err, ok } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import type {
  HttpConnection,
  HttpConnector,
  HttpRequest,
  HttpResponse,
} from '../../../src/ports/http-connection.ts';
import { soapContentType } from '../../../src/wire/sealing/multipart-encrypted.ts';
import type { RecordedHost } from '../host/recorded-host.ts';
import type { Door } from './door.ts';

const nowhere = { address: 'recorded.example', port: 5986 } as const;

/** The host in memory: plain SOAP, Basic credentials that nobody looks at, and no bytes on any network. */
export function openPlainDoor(host: RecordedHost): Promise<Door> {
  let sockets = 0;
  const connector: HttpConnector = { connect: () => new MemoryConnection(host, () => (sockets += 1)) };
  return Promise.resolve({
    ...nowhere,
    scheme: 'https',
    auth: 'basic',
    user: 'recorded',
    password: 'not checked',
    connector,
    close: () => Promise.resolve(),
  });
}

class MemoryConnection implements HttpConnection {
  readonly peerCertificate = undefined;
  readonly #host: RecordedHost;
  readonly #nextSocket: () => number;
  #socket: number | undefined;
  #closed = new AbortController();

  constructor(host: RecordedHost, nextSocket: () => number) {
    this.#host = host;
    this.#nextSocket = nextSocket;
  }

  get socket(): number | undefined {
    return this.#socket;
  }

  open(): Promise<Result<number>> {
    this.#socket ??= this.#nextSocket();
    return Promise.resolve(ok(this.#socket));
  }

  async exchange(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpResponse>> {
    this.#closed = new AbortController();
    const gone = AbortSignal.any([signal, this.#closed.signal, AbortSignal.timeout(request.timeout)]);
    const answer = await this.#host.answer(request.body, gone);
    if (signal.aborted) return this.#lost('net.aborted');
    const headers = { 'content-type': [soapContentType] };
    switch (answer.kind) {
      case 'answer':
        return ok({ status: answer.status, headers, body: answer.body });
      case 'denied':
        return ok({ status: 401, headers: { 'www-authenticate': ['Basic'] }, body: new Uint8Array(0) });
      case 'break':
        return this.#lost('net.reset');
      default:
        return answer satisfies never;
    }
  }

  close(): void {
    this.#socket = undefined;
    this.#closed.abort();
  }

  #lost(code: 'net.reset' | 'net.aborted'): Result<never> {
    this.#socket = undefined;
    return err(failure(code, { ...nowhere, sent: true }));
  }
}
