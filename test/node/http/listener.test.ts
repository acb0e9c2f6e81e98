import { afterEach, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import type { HttpConnection, HttpRequest } from '../../../src/ports/http-connection.ts';
import type {
  HttpHandler,
  HttpServer,
  ServedRequest,
  ServedResponse,
} from '../../../src/ports/http-listener.ts';

const signal = new AbortController().signal;
const request = (body = 'hello', timeout = seconds(5)): HttpRequest => ({
  method: 'POST',
  path: '/wsman?x=1',
  headers: { 'X-Test': 'yes' },
  body: new TextEncoder().encode(body),
  timeout,
  maxResponseBytes: 1000,
});
const echo = ({ body }: ServedRequest): ServedResponse => ({
  status: 200,
  headers: { 'X-Back': 'yes' },
  body,
});

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function listen(
  answer: (request: ServedRequest) => ServedResponse | 'drop' | Promise<ServedResponse | 'drop'> = echo,
): Promise<{ server: HttpServer; events: string[]; seen: ServedRequest[]; connect: () => HttpConnection }> {
  const events: string[] = [];
  const seen: ServedRequest[] = [];
  const handler: HttpHandler = {
    connected: (connection) => events.push(`connected ${String(connection)}`),
    disconnected: (connection) => events.push(`disconnected ${String(connection)}`),
    request: async (given) => {
      seen.push(given);
      return answer(given);
    },
  };
  const server = unwrap(await systemListener.listen('127.0.0.1', 0, handler));
  servers.push(server);
  const { address, port } = server;
  const connect = (): HttpConnection =>
    systemConnector.connect({ scheme: 'http', address, port, connectTimeout: seconds(5) });
  return { server, events, seen, connect };
}

test('a request is handed over with its connection, path, headers and body, and answered', async () => {
  const { seen, connect, events } = await listen();
  const connection = connect();
  unwrap(await connection.open(signal));

  const answer = unwrap(await connection.exchange(request(), signal));

  expect(answer).toMatchObject({ status: 200, headers: { 'x-back': ['yes'] } });
  expect(Buffer.from(answer.body).toString()).toBe('hello');
  expect(seen[0]).toMatchObject({ connection: 1, method: 'POST', path: '/wsman?x=1' });
  expect(seen[0]?.headers['x-test']).toEqual(['yes']);
  connection.close();
  await expect.poll(() => events).toEqual(['connected 1', 'disconnected 1']);
});

test('an answer may close the socket behind it', async () => {
  const { connect } = await listen((given) => ({ ...echo(given), close: true }));
  const connection = connect();
  unwrap(await connection.open(signal));

  unwrap(await connection.exchange(request(), signal));

  expect(connection.socket).toBeUndefined();
});

test('a handler may drop the connection without an answer', async () => {
  const { connect } = await listen(() => 'drop');
  const connection = connect();
  unwrap(await connection.open(signal));

  expect(await connection.exchange(request(), signal)).toMatchObject({
    ok: false,
    error: { code: 'net.reset' },
  });
});

test('a handler is told when the peer goes away before it was answered', async () => {
  const gone = Promise.withResolvers<string>();
  const { connect } = await listen((given) => {
    given.signal.addEventListener('abort', () => {
      gone.resolve('gone');
    });
    connection.close();
    return gone.promise.then(() => echo(given));
  });
  const connection = connect();
  unwrap(await connection.open(signal));

  await connection.exchange(request(), signal);

  expect(await gone.promise).toBe('gone');
});

test('a body of more than 64 MiB is not taken', async () => {
  const { connect, seen } = await listen();
  const connection = connect();
  unwrap(await connection.open(signal));

  const large = { ...request(), body: new Uint8Array(64 * 1024 * 1024 + 1), timeout: seconds(15) };
  const answer = await connection.exchange(large, signal);

  expect(answer).toMatchObject({ ok: false, error: { code: 'net.reset' } });
  expect(seen).toHaveLength(0);
});

test('all connections can be dropped, while the port stays open', async () => {
  const { server, connect } = await listen();
  const connection = connect();
  unwrap(await connection.open(signal));
  unwrap(await connection.exchange(request(), signal));

  server.dropConnections();

  await expect.poll(() => connection.socket).toBeUndefined();
  expect((await connection.open(signal)).ok).toBe(true);
  connection.close();
});

test('a suspended server refuses connections until it resumes on the same port', async () => {
  const { server, connect } = await listen();
  const { port } = server;

  await server.suspend();
  expect(await connect().open(signal)).toMatchObject({ ok: false, error: { code: 'net.refused' } });
  unwrap(await server.resume());
  unwrap(await server.resume());

  const connection = connect();
  expect((await connection.open(signal)).ok).toBe(true);
  expect(server.port).toBe(port);
  connection.close();
});

test('a port that is taken is a failure', async () => {
  const { server } = await listen();

  const second = await systemListener.listen('127.0.0.1', server.port, {
    connected: () => undefined,
    disconnected: () => undefined,
    request: () => Promise.resolve('drop'),
  });

  expect(second).toMatchObject({
    ok: false,
    error: { code: 'net.listen', details: { reason: 'EADDRINUSE' } },
  });
});
