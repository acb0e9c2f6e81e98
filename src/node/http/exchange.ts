import { Failure, failure } from '../../core/failure.ts';
import type { FailureCode } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { HttpEndpoint, HttpRequest, HttpResponse } from '../../ports/http-connection.ts';
import { ResponseParser } from './response-parser.ts';
import { clientCertificateFailure } from './tls-failure.ts';

/** A request that waits for its answer. */
export class Exchange {
  readonly result: Promise<Result<HttpResponse>>;
  readonly #endpoint: HttpEndpoint;
  readonly #request: HttpRequest;
  readonly #parser: ResponseParser;
  #resolve: (result: Result<HttpResponse>) => void = () => undefined;
  #answered = false;

  constructor(endpoint: HttpEndpoint, request: HttpRequest) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#parser = new ResponseParser(request.maxResponseBytes);
    this.result = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get canGoOn(): boolean {
    return this.#answered && this.#parser.canGoOn;
  }

  receive(chunk: Buffer): void {
    this.#settle(this.#parser.push(chunk));
  }

  /** The socket closed, with an error or without. */
  end(error?: Error): void {
    if (this.#parser.end() === 'done') this.#settle('done');
    else this.#broken(error);
  }

  fail(code: FailureCode, details: JsonObject = {}): void {
    const { address, port } = this.#endpoint;
    this.#resolve(err(failure(code, { address, port, sent: true, ...details })));
  }

  #broken(error: Error | undefined): void {
    const known = error === undefined ? undefined : tlsFailureOf(this.#endpoint, error);
    if (known === undefined) this.fail('net.reset', { answerBegan: this.#parser.hasBegun });
    else this.fail(known.code, known.details);
  }

  #settle(state: ReturnType<ResponseParser['push']>): void {
    switch (state) {
      case 'more':
        return;
      case 'done':
        this.#answered = true;
        this.#resolve(ok(this.#parser.response()));
        return;
      case 'not-http':
        this.fail('http.not-http');
        return;
      case 'tls':
        this.fail('http.tls-expected');
        return;
      case 'too-large':
        this.fail('http.response-too-large', { maxBytes: this.#request.maxResponseBytes });
        return;
      default:
        state satisfies never;
    }
  }
}

/** What ended an established TLS connection, where it was TLS itself. */
function tlsFailureOf(endpoint: HttpEndpoint, error: Error): Failure | undefined {
  return error instanceof Failure ? error : clientCertificateFailure(endpoint, error, true);
}
