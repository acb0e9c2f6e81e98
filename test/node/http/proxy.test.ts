import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { createConnector } from '../../../src/node/http/connection.ts';
import type { HttpConnection, HttpEndpoint } from '../../../src/ports/http-connection.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';

const signal = new AbortController().signal;
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A proxy of Node's own HTTP server: it tunnels to this machine, whatever name it is asked for. */
async function startProxy(allows: (request: IncomingMessage) => string | undefined = () => undefined) {
  const seen: string[] = [];
  const proxy = createHttpServer();
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.push(`${request.url ?? ''} for ${request.headers.host ?? ''}`);
    const refusal = allows(request);
    if (refusal !== undefined) {
      socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const port = Number(/:(\d+)$/.exec(request.url ?? '')?.[1]);
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    sockets.add(upstream);
  });
  return { port: await listen(proxy), seen };
}

/** A proxy that says what it is told to, to whatever it is asked. */
const startRawProxy = (answer: (socket: Socket) => void): Promise<number> =>
  listen(
    createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', () => {
          answer(socket);
        });
    }),
  );

const through = (proxyPort: number, changes: Partial<HttpEndpoint> = {}): HttpConnection =>
  createConnector().connect({
    ...{ scheme: 'https', address: 'fs-01.corp.example', port: 5986, connectTimeout: seconds(5) },
    ...{ proxy: { address: '127.0.0.1', port: proxyPort }, ...changes },
  });

oracle('certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const authority = workshop.make({ name: 'Our authority', isAuthority: true });
  const name = 'fs-01.corp.example';
  const { certificate, key } = workshop.make({ name, names: [`DNS:${name}`], issuer: authority });
  const startHost = (): Promise<number> =>
    listen(createHttpsServer({ cert: certificate, key }, (_, response) => response.end('ok')));
  const tls = { ca: authority.certificate };

  test('a request goes through the proxy to the host, which TLS proves', async () => {
    const [host, proxy] = [await startHost(), await startProxy()];
    const connection = through(proxy.port, { port: host, tls });

    unwrap(await connection.open(signal));
    const request = { method: 'POST', path: '/wsman', headers: {}, body: new Uint8Array(1) } as const;
    const limits = { timeout: seconds(5), maxResponseBytes: 100 };
    const answer = unwrap(await connection.exchange({ ...request, ...limits }, signal));
    connection.close();

    expect(Buffer.from(answer.body).toString()).toBe('ok');
    expect(proxy.seen).toEqual([`${name}:${String(host)} for ${name}:${String(host)}`]);
  });

  test('the proxy gets its own user and password, when it has any', async () => {
    const offered: (string | undefined)[] = [];
    const [host, proxy] = [
      await startHost(),
      await startProxy(({ headers }) => {
        offered.push(headers['proxy-authorization']);
        return undefined;
      }),
    ];
    const settings = { address: '127.0.0.1', port: proxy.port, user: 'web' };

    for (const more of [{ password: new Secret('gehéim') }, {}]) {
      const connection = through(0, { port: host, tls, proxy: { ...settings, ...more } });
      unwrap(await connection.open(signal));
      connection.close();
    }

    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(offered).toEqual([basic('web:gehéim'), basic('web:')]);
  });

  test('a proxy cannot answer in place of the host', async () => {
    const [host, proxy] = [await startHost(), await startProxy()];

    expect(await through(proxy.port, { port: host }).open(signal)).toMatchObject({
      ok: false,
      error: { code: 'tls.untrusted-authority' },
    });
  });
});

test.each([
  [
    '407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm="x"',
    {
      code: 'net.proxy-authentication',
      details: { offered: 'NTLM, Basic', presented: false },
    },
  ],
  [
    '407 Proxy Authentication Required',
    { code: 'net.proxy-authentication', details: { offered: 'nothing' } },
  ],
  ['403 Forbidden', { code: 'net.proxy-forbidden', details: { status: 403 } }],
  ['405 Method Not Allowed', { code: 'net.proxy-forbidden', details: { status: 405 } }],
  ['502 Bad Gateway', { code: 'net.proxy-failed', details: { status: 502 } }],
  ['504 Gateway Timeout', { code: 'net.proxy-failed', details: { status: 504 } }],
])('a proxy that answers %j is told apart', async (refusal, expected) => {
  const proxy = await startProxy(() => refusal);

  const opened = await through(proxy.port).open(signal);

  expect(opened).toMatchObject({ ok: false, error: expected });
  expect(opened.ok ? {} : opened.error.details).toMatchObject({
    ...{ address: 'fs-01.corp.example', port: 5986, sent: false },
    proxy: `127.0.0.1:${String(proxy.port)}`,
  });
});

test('a proxy that refuses our password says so, and the password is in no message', async () => {
  const proxy = await startProxy(() => '407 No');
  const settings = { address: '127.0.0.1', port: proxy.port, user: 'web', password: new Secret('geheim') };

  const opened = await through(0, { proxy: settings }).open(signal);

  expect(opened).toMatchObject({ ok: false, error: { details: { presented: true } } });
  expect(opened.ok ? '' : opened.error.message).toMatch(/refused its user and password/);
  expect(JSON.stringify(opened)).not.toContain('geheim');
});

test.each<[string, (socket: Socket) => void]>([
  ['speaks another protocol', (socket) => socket.write('SSH-2.0-x\r\n\r\n\r\n')],
  ['closes without an answer', (socket) => socket.end()],
  ['closes in the middle', (socket) => socket.end('HTTP/1.1 200 OK\r\n')],
  ['never comes to an end', (socket) => socket.write('x'.repeat(70_000))],
  ['speaks in the place of the host', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhello')],
])('a proxy that %s is none', async (_, answer) => {
  const opened = await through(await startRawProxy(answer)).open(signal);

  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'net.proxy-not-http', details: { sent: false } },
  });
});

test('a proxy that resets the connection cannot be reached', async () => {
  const opened = await through(await startRawProxy((socket) => socket.resetAndDestroy())).open(signal);

  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'net.proxy-unreachable', details: { reason: 'ECONNRESET' } },
  });
});

test('a proxy that is not there is not mistaken for the host', async () => {
  const port = await listen(createServer());
  servers[0]?.close();

  const opened = await through(port).open(signal);

  expect(opened).toMatchObject({ ok: false, error: { code: 'net.proxy-unreachable' } });
  expect(opened.ok ? '' : opened.error.message).toContain(`127.0.0.1:${String(port)} was refused`);
});

test('a proxy that hangs is left when the time to connect is over', async () => {
  const port = await startRawProxy(() => undefined);

  expect(await through(port, { connectTimeout: milliseconds(60) }).open(signal)).toMatchObject({
    ok: false,
    error: { code: 'net.timeout', details: { what: 'Asking the proxy' } },
  });
});

test('an IPv6 address stands in brackets', async () => {
  const proxy = await startProxy(() => '403 No');

  await through(proxy.port, { address: 'fe80::1%eth0' }).open(signal);

  expect(proxy.seen).toEqual(['[fe80::1]:5986 for [fe80::1]:5986']);
});

test('http goes through no proxy, which is not even connected to', async () => {
  const connections: Socket[] = [];
  const port = await listen(createServer((socket) => connections.push(socket)));

  const opened = await through(port, { scheme: 'http' }).open(signal);

  expect(opened).toMatchObject({
    ok: false,
    error: { code: 'net.proxy-needs-https', details: { proxy: `127.0.0.1:${String(port)}`, sent: false } },
  });
  expect(connections).toHaveLength(0);
});
