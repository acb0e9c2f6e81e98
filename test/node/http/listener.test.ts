import { afterEach, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { TlsSettings } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import type { HttpConnection, HttpRequest } from '../../../src/ports/http-connection.ts';
import type {
  HttpHandler,
  HttpServer,
  ServedRequest,
  ServedResponse,
  ServerTls,
} from '../../../src/ports/http-listener.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';

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
  tls?: ServerTls,
): Promise<{
  server: HttpServer;
  events: string[];
  seen: ServedRequest[];
  connect: (settings?: TlsSettings) => HttpConnection;
}> {
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
  const server = unwrap(await systemListener.listen('127.0.0.1', 0, handler, tls));
  servers.push(server);
  const { port } = server;
  const where = { address: tls === undefined ? '127.0.0.1' : 'localhost', port, connectTimeout: seconds(5) };
  const connect = (settings: TlsSettings = {}): HttpConnection =>
    systemConnector.connect({ scheme: tls === undefined ? 'http' : 'https', ...where, tls: settings });
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

oracle('certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const host = workshop.make({ name: 'localhost', names: ['DNS:localhost'] });
  const client = workshop.make({ name: 'ops' });
  const tls = { key: host.key, certificate: host.certificate };
  const settings = { ca: host.certificate };
  const clientCertificate = { certificate: client.certificate, key: new Secret(client.key) };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server may speak %s', async (version) => {
    const { connect, events } = await listen(echo, { ...tls, version });
    const connection = connect(settings);
    unwrap(await connection.open(signal));

    const answers = [
      await connection.exchange(request('a'), signal),
      await connection.exchange(request('b'), signal),
    ];

    expect(answers.map((it) => Buffer.from(unwrap(it).body).toString())).toEqual(['a', 'b']);
    expect(Buffer.from(connection.peerCertificate ?? []).equals(host.der)).toBe(true);
    connection.close();
    await expect.poll(() => events).toEqual(['connected 1', 'disconnected 1']);
  });

  test('a handler gets the certificate that a client shows, with each request', async () => {
    const { connect, seen } = await listen(echo, { ...tls, requestClientCertificate: true });
    const connection = connect({ ...settings, clientCertificate });
    unwrap(await connection.open(signal));

    for (const body of ['a', 'b']) unwrap(await connection.exchange(request(body), signal));
    connection.close();
    const other = connect(settings);
    unwrap(await other.open(signal));
    unwrap(await other.exchange(request(), signal));
    other.close();

    const shown = seen.map(({ clientCertificate: it }) => it && Buffer.from(it).equals(client.der));
    expect(shown).toEqual([true, true, undefined]);
  });

  test('connections with TLS are dropped as others are', async () => {
    const { server, connect } = await listen(() => 'drop', tls);
    const [first, second] = [connect(settings), connect(settings)];
    unwrap(await first.open(signal));
    unwrap(await second.open(signal));

    const dropped = await first.exchange(request(), signal);
    server.dropConnections();

    expect(dropped).toMatchObject({ ok: false, error: { code: 'net.reset' } });
    await expect.poll(() => second.socket).toBeUndefined();
  });

  test('a key that belongs to another certificate is a failure', async () => {
    const handler = {
      connected: () => 0,
      disconnected: () => 0,
      request: () => Promise.resolve('drop' as const),
    };
    const wrong = { ...tls, key: client.key };

    expect(await systemListener.listen('127.0.0.1', 0, handler, wrong)).toMatchObject({
      ok: false,
      error: { code: 'net.listen' },
    });
  });
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
