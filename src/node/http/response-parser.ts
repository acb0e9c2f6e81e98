import type { HttpResponse } from '../../ports/http-connection.ts';

/** Largest head (status line and headers), and largest line in between chunks. */
const maxHeadBytes = 65_536;
const maxLineBytes = 8192;

export type ParserState = 'more' | 'done' | 'not-http' | 'tls' | 'too-large';
type Step = 'head' | 'length' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close';

/**
 * Reads one HTTP/1.1 response from the bytes of a socket, however they are cut.
 *
 * @see RFC 9112 https://www.rfc-editor.org/rfc/rfc9112
 */
export class ResponseParser {
  readonly #maxBodyBytes: number;
  #pending: Buffer = Buffer.alloc(0);
  #step: Step = 'head';
  #state: ParserState = 'more';
  #left = 0;
  #bodyBytes = 0;
  #parts: Buffer[] = [];
  #head: ResponseHead | undefined;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Whether any byte came. */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#pending.length > 0;
  }

  /** Takes bytes as they come; nothing more after another state than `more`. */
  push(chunk: Buffer): ParserState {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    while (this.#state === 'more' && this.#advance());
    return this.#state;
  }

  /** The peer sent its last byte. */
  end(): ParserState {
    if (this.#state === 'more' && this.#step === 'until-close') this.#state = 'done';
    return this.#state;
  }

  /** The response of a parser that is `done`. */
  response(): HttpResponse {
    const head = this.#head;
    if (head === undefined || this.#state !== 'done') throw new Error('the response is not complete');
    return { status: head.status, headers: head.headers, body: new Uint8Array(Buffer.concat(this.#parts)) };
  }

  /** Whether the socket can carry another request: not announced otherwise, and nothing unasked behind the answer. */
  get canGoOn(): boolean {
    return this.#head?.keepsAlive === true && this.#step !== 'until-close' && this.#pending.length === 0;
  }

  /** Makes one step; false when it needs more bytes. */
  #advance(): boolean {
    switch (this.#step) {
      case 'head':
        return this.#readHead();
      case 'length':
      case 'chunk':
        return this.#readBody(Math.min(this.#left, this.#pending.length));
      case 'until-close':
        return this.#readBody(this.#pending.length);
      case 'chunk-size':
        return this.#readLine((line) => {
          this.#startChunk(line);
        });
      case 'chunk-end':
        return this.#readLine((line) => {
          this.#step = 'chunk-size';
          if (line !== '') this.#state = 'not-http';
        });
      case 'trailer':
        return this.#readLine((line) => {
          if (line === '') this.#state = 'done';
        });
    }
  }

  #readHead(): boolean {
    if (looksLikeTls(this.#pending)) return this.#stop('tls');
    if (!looksLikeHttp(this.#pending)) return this.#stop('not-http');
    const end = this.#pending.indexOf('\r\n\r\n');
    if (end < 0 || end > maxHeadBytes)
      return this.#pending.length > maxHeadBytes ? this.#stop('too-large') : false;
    const head = parseHead(this.#pending.toString('latin1', 0, end));
    this.#pending = this.#pending.subarray(end + 4);
    if (head === undefined) return this.#stop('not-http');
    // An interim answer (100 Continue) is followed by the real one.
    if (head.status < 200) return true;
    this.#head = head;
    this.#startBody(head);
    return true;
  }

  #startBody({ framing, status }: ResponseHead): void {
    if (status === 204 || status === 304 || framing === 0) this.#state = 'done';
    else if (framing === 'chunked') this.#step = 'chunk-size';
    else if (framing === 'until-close') this.#step = 'until-close';
    else if (framing > this.#maxBodyBytes) this.#state = 'too-large';
    else [this.#step, this.#left] = ['length', framing];
  }

  #startChunk(line: string): void {
    const size = /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i.exec(line)?.[1];
    if (size === undefined) this.#state = 'not-http';
    this.#left = Number.parseInt(size ?? '0', 16);
    this.#step = this.#left === 0 ? 'trailer' : 'chunk';
  }

  #readBody(count: number): boolean {
    if (count === 0) return false;
    this.#bodyBytes += count;
    if (this.#bodyBytes > this.#maxBodyBytes) return this.#stop('too-large');
    this.#parts.push(this.#pending.subarray(0, count));
    this.#pending = this.#pending.subarray(count);
    this.#left -= count;
    if (this.#step === 'length' && this.#left === 0) this.#state = 'done';
    if (this.#step === 'chunk' && this.#left === 0) this.#step = 'chunk-end';
    return true;
  }

  #readLine(use: (line: string) => void): boolean {
    const end = this.#pending.indexOf('\r\n');
    if (end < 0 || end > maxLineBytes)
      return this.#pending.length > maxLineBytes ? this.#stop('too-large') : false;
    const line = this.#pending.toString('latin1', 0, end);
    this.#pending = this.#pending.subarray(end + 2);
    use(line);
    return true;
  }

  #stop(state: ParserState): boolean {
    this.#state = state;
    return false;
  }
}

interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** How long the body is: bytes, chunks, or all until the socket closes. */
  readonly framing: number | 'chunked' | 'until-close';
  readonly keepsAlive: boolean;
}

/** A TLS alert or handshake record, as an HTTPS port may answer plain HTTP. @see RFC 8446 §5.1 */
function looksLikeTls(start: Buffer): boolean {
  return (start[0] === 0x15 || start[0] === 0x16) && (start[1] ?? 0x03) === 0x03;
}

function looksLikeHttp(start: Buffer): boolean {
  const wanted = 'HTTP/1.';
  return wanted.startsWith(start.toString('latin1', 0, wanted.length));
}

function parseHead(text: string): ResponseHead | undefined {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: .*)?$/.exec(statusLine);
  if (status === null) return undefined;
  const headers: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const line of lines) {
    const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (field === null) return undefined;
    (headers[(field[1] ?? '').toLowerCase()] ??= []).push(field[2] ?? '');
  }
  const framing = bodyFraming(headers);
  if (framing === undefined) return undefined;
  const connection = (headers['connection'] ?? []).join(',').toLowerCase();
  const keepsAlive = status[1] === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return { status: Number(status[2]), headers, framing, keepsAlive };
}

function bodyFraming(
  headers: Readonly<Record<string, readonly string[]>>,
): ResponseHead['framing'] | undefined {
  const coding = headers['transfer-encoding']?.join(',').toLowerCase();
  if (coding !== undefined) return coding === 'chunked' ? 'chunked' : undefined;
  const lengths = new Set(headers['content-length']);
  if (lengths.size === 0) return 'until-close';
  const [length = ''] = lengths;
  return lengths.size === 1 && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
