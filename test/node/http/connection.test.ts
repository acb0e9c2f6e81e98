import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result.ts';
import { unwrap } from '../../../src/core/result.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { formatRequestHead } from '../../../src/node/http/request-head.ts';
import type { HttpConnection, HttpEndpoint, HttpRequest } from '../../../src/ports/http-connection.ts';

const signal = new AbortController().signal;
const request: HttpRequest = {
  method: 'POST',
  path: '/wsman',
  headers: { 'X-Test': 'yes' },
  body: new TextEncoder().encode('body'),
  timeout: seconds(5),
  maxResponseBytes: 1000,
};
const endpoint = (port: number, changes: Partial<HttpEndpoint> = {}): HttpEndpoint => ({
  scheme: 'http',
  address: '127.0.0.1',
  port,
  connectTimeout: seconds(5),
  ...changes,
});
const good = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A raw server that does something with each piece that arrives. */
async function serve(act: (socket: Socket, received: string) => void): Promise<HttpConnection> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      act(socket, chunk.toString());
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return systemConnector.connect(endpoint((server.address() as AddressInfo).port));
}

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

test('requests go over one socket, one after another', async () => {
  const received: string[] = [];
  const connection = await serve((socket, text) => {
    received.push(text);
    socket.write(good);
  });

  const id = unwrap(await connection.open(signal));
  const answers = [await connection.exchange(request, signal), await connection.exchange(request, signal)];

  expect(answers.map((answer) => Buffer.from(unwrap(answer).body).toString())).toEqual(['ok', 'ok']);
  expect([connection.socket, unwrap(await connection.open(signal))]).toEqual([id, id]);
  expect(sockets).toHaveLength(1);
  expect(received[0]).toMatch(
    /^POST \/wsman HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nConnection: Keep-Alive\r\nX-Test: yes\r\nContent-Length: 4\r\n\r\nbody$/,
  );
  connection.close();
});

test('nothing is sent where no socket is open, and a new socket has a new number', async () => {
  const connection = await serve((socket) => socket.write(good));
  expect(await connection.exchange(request, signal)).toMatchObject({
    ok: false,
    error: { code: 'net.reset', details: { sent: false } },
  });

  const first = unwrap(await connection.open(signal));
  connection.close();
  const second = unwrap(await connection.open(signal));

  expect(connection.socket).toBe(second);
  expect(second).toBeGreaterThan(first);
  connection.close();
});

test('an idle socket that the other side closes is noticed', async () => {
  const connection = await serve((socket) => socket.end(good));
  unwrap(await connection.open(signal));

  expect(codeOf(await connection.exchange(request, signal))).toBe('ok');

  await expect.poll(() => connection.socket).toBeUndefined();
});

test('bytes that nobody asked for close the socket', async () => {
  const connection = await serve((socket) => socket.write(good));
  unwrap(await connection.open(signal));
  unwrap(await connection.exchange(request, signal));

  sockets[0]?.write(good);

  await expect.poll(() => connection.socket).toBeUndefined();
});

describe('an exchange fails', () => {
  test.each<[string, (socket: Socket) => void, object]>([
    ['when the answer is not HTTP', (socket) => socket.write('SSH-2.0-x\r\n'), { code: 'http.not-http' }],
    [
      'when the answer is a TLS alert',
      (socket) => socket.write(Buffer.of(0x15, 3, 3, 0, 2, 2, 10)),
      { code: 'http.tls-expected' },
    ],
    [
      'when the answer is too large',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'),
      { code: 'http.response-too-large', details: { maxBytes: 1000 } },
    ],
    [
      'when the socket is reset before an answer',
      (socket) => socket.resetAndDestroy(),
      { code: 'net.reset', details: { sent: true, answerBegan: false } },
    ],
    [
      'when the socket closes in the answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'),
      { code: 'net.reset', details: { sent: true, answerBegan: true } },
    ],
  ])('%s', async (_, act, expected) => {
    const connection = await serve(act);
    unwrap(await connection.open(signal));

    const result = await connection.exchange(request, signal);

    expect(result).toMatchObject({ ok: false, error: expected });
    expect(connection.socket).toBeUndefined();
  });

  test('when no answer comes in time', async () => {
    const connection = await serve(() => undefined);
    unwrap(await connection.open(signal));

    const result = await connection.exchange({ ...request, timeout: milliseconds(30) }, signal);

    expect(result).toMatchObject({ ok: false, error: { code: 'net.timeout', details: { sent: true } } });
    expect(connection.socket).toBeUndefined();
  });

  test('when it is given up, before or after sending', async () => {
    const stop = new AbortController();
    const connection = await serve(() => {
      stop.abort();
    });
    unwrap(await connection.open(signal));

    const during = await connection.exchange(request, stop.signal);
    const before = await connection.exchange(request, stop.signal);

    expect(during).toMatchObject({ ok: false, error: { code: 'net.aborted', details: { sent: true } } });
    expect(before).toMatchObject({ ok: false, error: { code: 'net.aborted', details: { sent: false } } });
  });

  test('loudly when another one is under way, which is our own bug', async () => {
    const connection = await serve(() => undefined);
    unwrap(await connection.open(signal));
    const first = connection.exchange(request, signal);

    await expect(connection.exchange(request, signal)).rejects.toThrow(/one request at a time/);

    connection.close();
    expect(codeOf(await first)).toBe('net.aborted');
  });
});

describe('opening fails', () => {
  test('when nobody listens', async () => {
    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
    const { port } = unused.address() as AddressInfo;
    await new Promise((resolve) => unused.close(resolve));

    const opened = await systemConnector.connect(endpoint(port)).open(signal);

    expect(opened).toMatchObject({
      ok: false,
      error: { code: 'net.refused', details: { port, sent: false } },
    });
  });

  test('when the name does not exist', async () => {
    const connection = systemConnector.connect(endpoint(5985, { address: 'no-such-host.invalid' }));

    expect(await connection.open(signal)).toMatchObject({
      ok: false,
      error: { code: 'net.name-not-found', details: { address: 'no-such-host.invalid', sent: false } },
    });
  });

  test('when it is given up, before or while connecting', async () => {
    const stop = new AbortController();
    const connection = systemConnector.connect(endpoint(5985, { address: '192.0.2.1' }));

    const opening = connection.open(stop.signal);
    stop.abort();

    expect(codeOf(await opening)).toBe('net.aborted');
    expect(codeOf(await connection.open(stop.signal))).toBe('net.aborted');
  });

  test('in time when a TLS handshake is never answered', async () => {
    const silent = createServer((socket) => sockets.push(socket));
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;

    const connection = systemConnector.connect(
      endpoint(port, { scheme: 'https', connectTimeout: milliseconds(50) }),
    );

    expect(codeOf(await connection.open(signal))).toBe('net.timeout');
  });

  test('when the other side does not speak TLS', async () => {
    const plain = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('not tls\r\n');
    });
    servers.push(plain);
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as AddressInfo;

    const opened = await systemConnector.connect(endpoint(port, { scheme: 'https' })).open(signal);

    expect(codeOf(opened)).toBe('tls.not-tls');
  });
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::1', '[::1]'],
  ['fe80::1%eth0', '[fe80::1]'],
])('the Host of %s is %s', (address, host) => {
  expect(formatRequestHead(endpoint(5985, { address }), request)).toContain(`Host: ${host}:5985\r\n`);
});

test('a header with a line break is our own bug', () => {
  expect(() => formatRequestHead(endpoint(1), { ...request, headers: { A: 'b\r\nC: d' } })).toThrow(
    TypeError,
  );
});
