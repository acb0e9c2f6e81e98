import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { pingHosts } from '../../src/app/ping-hosts.ts';
import { loadInventoryOf } from '../../src/app/load-inputs.ts';
import { failure } from '../../src/core/failure.ts';
import { err, ok, unwrap } from '../../src/core/result.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { Ping } from '../../src/model/ping.ts';
import { CertificateWorkshop, hasOpenssl } from '../support/certificates.ts';
import { oracle } from '../support/oracles.ts';
import { Site } from '../support/app-site.ts';
import type { SiteOptions } from '../support/app-site.ts';
import { engineBackends, serveHost } from '../support/winrm-host.ts';

/** What ping found out about the only host. */
interface Found {
  readonly exit: number;
  readonly reach: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly hint: string;
  /** The line that a person reads. */
  readonly line: string;
}

/** Pings the only host of a folder, once for a program and once for a person. */
async function ping(site: Site): Promise<Found> {
  const { code: exit, out } = await site.cli('ping', '--json');
  const [host] = Ping.parse(JSON.parse(out)).hosts;
  const shown = await site.cli('ping');
  const { code, message = '', hint = '' } = host?.failure ?? {};
  return { exit, reach: host?.reach ?? '', code, message, hint, line: shown.out.split('\n')[1] ?? '' };
}

/** A folder whose inventory has one host with these variables. */
async function siteFor(vars: Readonly<Record<string, string | number>>): Promise<Site> {
  const site = await Site.start();
  const all = { ansible_connection: 'psrp', ansible_psrp_auth: 'ntlm', ansible_psrp_protocol: 'http' };
  const login = { ansible_user: 'ops', ansible_password: 'geheim-4711', ansible_psrp_connection_timeout: 2 };
  const host = { 'fs-01': { ...all, ...login, ...vars } };
  site.write('inventory.yml', JSON.stringify({ all: { hosts: host } }));
  return site;
}

const at = (port: number, vars: Readonly<Record<string, string | number>> = {}): Promise<Site> =>
  siteFor({ ansible_host: '127.0.0.1', ansible_port: port, ...vars });

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A service that says this to whatever comes. */
const speaking = (text: string): Promise<number> =>
  listen(createServer((socket) => socket.once('data', () => socket.write(text))));

/** A web server that answers every request like this. */
const answering = (status: number, headers: Record<string, string>, body = ''): Promise<number> =>
  listen(
    createHttpServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status, headers).end(body));
    }),
  );

const lab = (o: Pick<SiteOptions, 'hosts' | 'vars'>): Promise<Site> => Site.start(o);

describe('ping tells apart', () => {
  test('a name that does not exist', async () => {
    const found = await ping(await siteFor({ ansible_host: 'fs-01.invalid' }));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'net.name-not-found' });
    expect(found.hint).toMatch(/ansible_host/);
  });

  test('a port that refuses', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();

    const found = await ping(await at(port));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'net.refused' });
    expect(found.line).toMatch(/was refused.*winrm quickconfig/);
  });

  test('a port that a firewall drops', async () => {
    const found = await ping(await at(await startFiltered(), { ansible_psrp_connection_timeout: 1 }));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'net.timeout' });
    expect(found.message).toMatch(/^Connecting to 127\.0\.0\.1:\d+ timed out after 1s$/);
    expect(found.hint).toMatch(/firewall drops/);
  });

  test('a service that takes the connection and never answers', async () => {
    const found = await ping(await at(await listen(createServer()), { ansible_psrp_connection_timeout: 1 }));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'net.logon-timeout' });
  });

  test('a service that is not HTTP', async () => {
    const found = await ping(await at(await speaking('SSH-2.0-OpenSSH_9.6\r\n')));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'http.not-http' });
  });

  test.each<[string, () => Promise<number>]>([
    ['knows no such path', () => answering(404, { 'Content-Type': 'text/html' }, '<html>')],
    ['takes no POST', () => answering(405, {})],
    ['sends one elsewhere', () => answering(302, { Location: '/login' })],
    ['shows a page', () => answering(200, { 'Content-Type': 'text/html' }, '<html>')],
  ])('a web server that is not WinRM: it %s', async (_, start) => {
    const found = await ping(await at(await start()));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'http.not-winrm' });
    expect(found.hint).toMatch(/winrm enumerate winrm\/config\/listener/);
  });

  test('a WinRM service that is starting', async () => {
    const found = await ping(await at(await answering(503, {})));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code: 'http.status' });
    expect(found.hint).toMatch(/starting or busy/);
  });

  test.each([
    ['only what seals nothing', { 'WWW-Authenticate': 'Basic realm="WSMAN"' }, 'Basic'],
    ['nothing', {}, 'nothing'],
  ])('a 401 that offers %s', async (_, headers, offered) => {
    const found = await ping(await at(await answering(401, headers)));

    expect(found).toMatchObject({ exit: 1, reach: 'denied', code: 'auth.not-offered' });
    expect(found.message).toContain(`it offers ${offered}`);
  });

  test('a wrong password, which is not printed', async () => {
    const site = await lab({ hosts: [{ name: 'fs-01', build: 'server-2019' }] });
    site.env = { COUNTERSIGN_PASSWORD: 'geheim-4711' };

    const found = await ping(site);

    expect(found).toMatchObject({ exit: 1, reach: 'denied', code: 'auth.denied' });
    expect(JSON.stringify(found)).not.toContain('4711');
  });

  test('an administrator whose token is filtered', async () => {
    const hosts = [{ name: 'fs-01', build: 'server-2019', already: { elevated: false } }] as const;

    const found = await ping(await lab({ hosts }));

    expect(found).toMatchObject({ exit: 1, reach: 'ok', code: 'session.filtered-token' });
    expect(found.hint).toMatch(/LocalAccountTokenFilterPolicy \/t REG_DWORD \/d 1/);
  });

  test('an account that is no administrator', async () => {
    const already = { elevated: false, memberOfAdministrators: false };

    const found = await ping(await lab({ hosts: [{ name: 'fs-01', build: 'server-2019', already }] }));

    expect(found).toMatchObject({ exit: 1, reach: 'ok', code: 'session.not-administrator' });
  });

  test('a logon that is taken, and a shell that is not given', async () => {
    const denied = {
      code: 5,
      subcode: 'AccessDenied',
      side: 'sender',
      reason: 'Zugriff verweigert',
    } as const;
    const served = await serveHost(
      engineBackends(() => Promise.resolve(ok(undefined))),
      {
        misbehave: ({ action }) => (action === 'Create' ? { kind: 'fault', fault: denied } : undefined),
      },
    );
    onTestFinished(() => served.server.close());

    const found = await ping(await at(served.server.port, { ansible_password: 'Pä$$wörd' }));

    expect(found).toMatchObject({ exit: 1, reach: 'denied', code: 'wsman.access-denied' });
    expect(found.hint).toMatch(/Remote Management Users.*LocalAccountTokenFilterPolicy/);
  });

  test('a host without the session configuration that is asked for', async () => {
    const vars = '    ansible_psrp_configuration_name: PowerShell.7\n';

    const found = await ping(await lab({ hosts: [{ name: 'fs-01', build: 'server-2019' }], vars }));

    expect(found).toMatchObject({ code: 'wsman.no-configuration' });
    expect(found.hint).toMatch(/Get-PSSessionConfiguration/);
  });

  test.each([
    ['Basic over http', { ansible_psrp_auth: 'basic' }, 'auth.basic-over-http'],
    ['a proxy over http', { ansible_psrp_proxy: 'proxy:3128' }, 'net.proxy-needs-https'],
    [
      'authorities that are none',
      { ansible_psrp_protocol: 'https', ansible_psrp_ca_cert: 'playbook.yml' },
      'tls.bad-authority',
    ],
  ])('settings that cannot work, as a mistake in the inventory: %s', async (_, vars, code) => {
    const connections: Socket[] = [];
    const port = await listen(createServer((socket) => connections.push(socket)));

    const found = await ping(await at(port, vars));

    expect(found).toMatchObject({ exit: 65, code });
    expect(connections.flatMap(({ bytesRead }) => (bytesRead === 0 ? [] : [bytesRead]))).toEqual([]);
  });

  test('clocks that are too far apart for Kerberos', async () => {
    const site = await siteFor({ ansible_psrp_auth: 'kerberos' });
    const skewed = failure('auth.kerberos-clock-skew', { host: 'fs-01', here: '10:00', there: '10:07' });
    const runtime = site.runtime({ sessions: { open: () => Promise.resolve(err(skewed)) } });
    const selection = { inventory: ['inventory.yml'], extra: {}, forks: 1 };
    const { inventory } = unwrap(loadInventoryOf(runtime, selection));

    const { hosts } = await pingHosts(
      runtime,
      inventory,
      ['fs-01'],
      { forks: 1 },
      new AbortController().signal,
    );

    expect(hosts[0]).toMatchObject({ reach: 'denied', failure: { code: 'auth.kerberos-clock-skew' } });
    expect(hosts[0]?.failure?.hint).toMatch(/same time server/);
  });

  test('clocks that are apart where that does not matter', async () => {
    const already = { clockOffsetMs: 600_000 };

    const found = await ping(await lab({ hosts: [{ name: 'fs-01', build: 'server-2019', already }] }));

    expect(found).toMatchObject({ exit: 0, reach: 'ok', code: undefined });
    expect(found.line).toMatch(/administrator, clock 10m ahead/);
  });
});

oracle('certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const authority = workshop.make({ name: 'Our authority', isAuthority: true });
  const tls = { ansible_psrp_protocol: 'https', ansible_psrp_ca_cert: authority.certificateFile };

  test.each([
    [
      'a foreign authority',
      { ansible_psrp_protocol: 'https' },
      'tls.untrusted-authority',
      /ansible_psrp_ca_cert/,
    ],
    ['another name', tls, 'tls.wrong-name', /countersign_tls_server_name/],
    [
      'a pin that does not match',
      { ...tls, countersign_tls_pin: 'ab'.repeat(32) },
      'tls.pin-mismatch',
      /countersign_tls_pin/,
    ],
  ])('ping tells apart a certificate of %s', async (_, vars, code, hint) => {
    const { certificate, key } = workshop.make({ name: 'dc-01', names: ['DNS:dc-01'], issuer: authority });
    const port = await listen(createHttpsServer({ cert: certificate, key }));

    const found = await ping(await at(port, vars));

    expect(found).toMatchObject({ exit: 4, reach: 'unreachable', code });
    expect(found.hint).toMatch(hint);
  });

  test('ping tells apart a certificate that has expired', async () => {
    const validity = ['20200101000000Z', '20200202000000Z'] as const;
    const { certificate, key } = workshop.make({
      name: 'fs',
      names: ['IP:127.0.0.1'],
      issuer: authority,
      validity,
    });
    const port = await listen(createHttpsServer({ cert: certificate, key }));

    const found = await ping(await at(port, tls));

    expect(found).toMatchObject({ exit: 4, code: 'tls.expired' });
    expect(found.message).toContain('expired at 2020-02-02T00:00:00Z');
  });

  test('ping tells apart a port that does not speak TLS', async () => {
    const found = await ping(await at(await speaking('HTTP/1.1 400 Bad Request\r\n\r\n'), tls));

    expect(found).toMatchObject({ exit: 4, code: 'tls.not-tls' });
    expect(found.hint).toMatch(/ansible_psrp_protocol: http/);
  });

  test('ping takes a host whose certificate is pinned', async () => {
    const self = workshop.make({ name: 'fs-01' });
    const print = workshop.openssl('x509', '-in', self.certificateFile, '-noout', '-fingerprint', '-sha256');
    const handler = {
      ...{ connected: () => undefined, disconnected: () => undefined },
      request: () => Promise.resolve({ status: 503, headers: {}, body: new Uint8Array(0) }),
    };
    const pem = { key: self.key, certificate: self.certificate };
    const server = unwrap(await systemListener.listen('127.0.0.1', 0, handler, pem));
    onTestFinished(() => server.close());
    const pin = print.trim().split('=')[1] ?? '';

    const found = await ping(
      await at(server.port, { ansible_psrp_protocol: 'https', countersign_tls_pin: pin }),
    );

    expect(found.code).toBe('http.status');
  });
});

/** A port of which the system drops every new connection: its queue is full, and nobody takes from it. */
async function startFiltered(): Promise<number> {
  const backlog = 1;
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: ${String(backlog)} }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = z.tuple([z.number()]).parse(await once(worker, 'message'));
  const filling = Array.from({ length: backlog + 1 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await Promise.all(filling.map((socket) => once(socket, 'connect')));
  onTestFinished(async () => {
    for (const socket of filling) socket.destroy();
    await worker.terminate();
  });
  return port;
}
