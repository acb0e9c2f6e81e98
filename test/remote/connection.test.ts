import { afterEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Target } from '../../src/core/target.ts';
import { seconds } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { ServedResponse } from '../../src/ports/http-listener.ts';
import type { HandshakeStyle } from '../../src/remote/auth/ntlm.ts';
import { AuthConnection } from '../../src/remote/connection.ts';
import { startSealingHost } from '../support/sealing-host.ts';
import type { SealingHost, SealingHostOptions } from '../support/sealing-host.ts';
import { loopbackTarget } from '../support/target.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (body: Uint8Array): string => Buffer.from(body).toString('latin1');
const limits = { timeout: seconds(10), maxResponseBytes: 1_000_000 };
const signal = new AbortController().signal;
const plain = (status: number, body = '', headers: Record<string, string> = {}): ServedResponse => ({
  status,
  headers,
  body: bytes(body),
});

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

async function start(
  options: SealingHostOptions = {},
  changes: Partial<Target> = {},
  handshake: HandshakeStyle = 'apart',
): Promise<{ host: SealingHost; connection: AuthConnection; send: (text: string) => Promise<unknown> }> {
  const host = await startSealingHost(options);
  const connection = new AuthConnection({
    target: loopbackTarget(host.server.port, changes),
    connector: systemConnector,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
    handshake,
  });
  toClose.push(() => {
    connection.close();
    void host.server.close();
  });
  const send = async (text: string): Promise<unknown> => {
    const answer = await connection.post(bytes(text), signal, limits);
    if (answer.ok) return { status: answer.value.status, body: latin1(answer.value.body) };
    return { code: answer.error.code, ...answer.error.details };
  };
  return { host, connection, send };
}

describe('an envelope', () => {
  test('is answered, and so is the next one on the same socket', async () => {
    const { host, send } = await start();

    expect(await send('first')).toEqual({ status: 200, body: 'FIRST' });
    expect(await send('')).toEqual({ status: 200, body: '' });
    expect(await send('fault')).toEqual({ status: 500, body: 'FAULT' });
    expect(host.connections()).toBe(1);
  });

  test('never shows on the wire', async () => {
    const { host, send } = await start();

    await send('the plain text');

    for (const { body } of host.requests) expect(latin1(body)).not.toContain('plain');
  });

  test('costs one round trip, and the logon two more', async () => {
    const { host, send } = await start();

    await send('first');
    await send('second');

    expect(host.requests.map(({ body }) => body.length > 0)).toEqual([false, false, true, true]);
  });

  test('goes with the AUTHENTICATE message where that is chosen, which saves a round trip', async () => {
    const { host, send } = await start({}, {}, 'together');

    expect(await send('first')).toEqual({ status: 200, body: 'FIRST' });
    expect(await send('second')).toEqual({ status: 200, body: 'SECOND' });

    expect(host.requests.map(({ body }) => body.length > 0)).toEqual([false, true, true]);
    expect(host.requests.map(({ headers }) => headers['authorization'] !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('waits its turn behind earlier ones', async () => {
    const { host, send } = await start();

    const answers = await Promise.all(['a', 'b', 'c'].map(send));

    expect(answers).toEqual(['A', 'B', 'C'].map((body) => ({ status: 200, body })));
    expect(host.requests).toHaveLength(5);
  });

  test('that is given up while it waits is not sent', async () => {
    const { host, connection, send } = await start();
    const stop = new AbortController();

    const first = send('first');
    const second = connection.post(bytes('second'), stop.signal, limits);
    stop.abort();

    expect(await first).toEqual({ status: 200, body: 'FIRST' });
    expect(await second).toMatchObject({
      ok: false,
      error: { code: 'net.aborted', details: { sent: false } },
    });
    expect(host.requests).toHaveLength(3);
  });
});

describe('logging on', () => {
  test('with a wrong password is denied, after one try only, since accounts get locked', async () => {
    const { host, send } = await start({}, { password: new Secret('wrong') });

    expect(await send('x')).toMatchObject({ code: 'auth.denied', host: 'web-01', user: 'CORP\\ops' });
    expect(host.requests).toHaveLength(2);
  });

  test('together with a body is denied for a wrong password', async () => {
    const { host, send } = await start({}, { password: new Secret('wrong') }, 'together');

    expect(await send('x')).toMatchObject({ code: 'auth.denied' });
    expect(host.requests).toHaveLength(2);
  });

  test('works where the host offers only the scheme NTLM', async () => {
    const { send } = await start({ schemes: ['NTLM'] });

    expect(await send('x')).toEqual({ status: 200, body: 'X' });
  });

  test.each([
    ['Basic realm="WSMAN", Kerberos', 'Basic, Kerberos'],
    ['', 'nothing'],
  ])('where the host offers "%s" says so', async (offer, offered) => {
    const { send } = await start({ interfere: () => plain(401, '', { 'WWW-Authenticate': offer }) });

    expect(await send('x')).toMatchObject({ code: 'auth.not-offered', offered });
  });

  test('goes on when the proof is answered by a fault about the empty body', async () => {
    const { send } = await start({ changeProof: () => plain(500) });

    expect(await send('x')).toEqual({ status: 200, body: 'X' });
  });

  test.each([
    [503, 'http.status'],
    [502, 'http.status'],
    [404, 'http.not-winrm'],
    [405, 'http.not-winrm'],
    [302, 'http.not-winrm'],
  ])('at a host that answers %i fails with that status: %s', async (status, code) => {
    const { send } = await start({ interfere: () => plain(status) });

    expect(await send('x')).toMatchObject({ code, status });
  });

  test('at a web server that shows a page fails, and says what answered', async () => {
    const page = plain(200, '<html>', { 'Content-Type': 'text/html; charset=utf-8' });
    const { send } = await start({ interfere: () => page });

    expect(await send('x')).toMatchObject({ code: 'http.not-winrm', status: 200, path: '/wsman' });
  });

  test('to a proof that is answered 503 fails with that status', async () => {
    const { send } = await start({ interfere: (_, number) => (number === 2 ? plain(503) : undefined) });

    expect(await send('x')).toMatchObject({ code: 'http.status', status: 503 });
  });

  test('with a challenge that is none is a malformed token', async () => {
    const { send } = await start({
      interfere: () => plain(401, '', { 'WWW-Authenticate': 'Negotiate AAAA' }),
    });

    expect(await send('x')).toMatchObject({ code: 'auth.malformed-token' });
  });

  test('by Basic over http is refused before the password leaves', async () => {
    const { host, send } = await start({}, { auth: 'basic' });

    expect(await send('x')).toMatchObject({ code: 'auth.basic-over-http' });
    expect(host.requests).toHaveLength(0);
  });
});

describe('when the host forgets us', () => {
  test('and closed the idle socket, the next envelope is sealed anew under a new logon', async () => {
    const { host, send } = await start();
    await send('same');

    host.server.dropConnections();
    await expect.poll(() => send('same')).toEqual({ status: 200, body: 'SAME' });

    const sealed = host.requests.map(({ body }) => latin1(body)).filter((body) => body !== '');
    expect(new Set(sealed).size).toBe(sealed.length);
    expect(host.connections()).toBe(2);
  });

  test('and says 401, we log on once more and seal anew', async () => {
    const { host, send } = await start({ interfere: (_, number) => (number === 4 ? plain(401) : undefined) });
    await send('same');

    expect(await send('same')).toEqual({ status: 200, body: 'SAME' });

    const sealed = host.requests.map(({ body }) => latin1(body)).filter((body) => body !== '');
    expect(new Set(sealed).size).toBe(3);
  });

  test('and does not offer a new logon either, we stop', async () => {
    const { host, send } = await start({ interfere: (_, number) => (number >= 4 ? plain(401) : undefined) });
    await send('x');

    expect(await send('x')).toMatchObject({ code: 'auth.not-offered' });
    expect(host.requests).toHaveLength(5);
  });

  test('and says 401 to the sealed body right after the logon, it denied us', async () => {
    const { send } = await start({ interfere: (_, number) => (number === 3 ? plain(401) : undefined) });

    expect(await send('x')).toMatchObject({ code: 'auth.denied' });
  });

  test('and cannot open the body, the next envelope logs on anew', async () => {
    const { send } = await start({ interfere: (_, number) => (number === 3 ? plain(400) : undefined) });

    expect(await send('x')).toMatchObject({ code: 'http.status', status: 400 });
    expect(await send('x')).toEqual({ status: 200, body: 'X' });
  });

  test('and took the proof but not the body beside it, they go apart', async () => {
    const { host, send } = await start(
      { interfere: (_, number) => (number === 2 ? plain(200) : undefined) },
      {},
      'together',
    );

    expect(await send('x')).toEqual({ status: 200, body: 'X' });
    expect(host.requests.map(({ body }) => body.length > 0)).toEqual([false, true, false, false, true]);
  });
});

describe('an answer', () => {
  test('in clear text to a sealed envelope is not used', async () => {
    const { send } = await start({
      interfere: (_, number) =>
        number === 3 ? plain(200, '<s:Envelope/>', { 'Content-Type': 'application/soap+xml' }) : undefined,
    });

    expect(await send('x')).toEqual({ code: 'auth.unsealed', host: 'web-01', status: 200 });
  });

  test('that was changed on its way is not used, and the next envelope logs on anew', async () => {
    let number = 0;
    const { host, send } = await start({
      change: (answer) => {
        if (++number > 1) return answer;
        const body = answer.body.slice();
        const at = body.length - 30;
        body[at] = (body[at] ?? 0) ^ 1;
        return { ...answer, body };
      },
    });

    expect(await send('x')).toMatchObject({ code: 'auth.bad-seal' });
    expect(await send('x')).toEqual({ status: 200, body: 'X' });
    expect(host.connections()).toBe(2);
  });

  test('that is no multipart/encrypted under that name is malformed', async () => {
    const { send } = await start({ change: (answer) => ({ ...answer, body: bytes('rubbish') }) });

    expect(await send('x')).toMatchObject({ code: 'auth.malformed-sealing' });
  });

  test('500 without a body is not a fault', async () => {
    const { send } = await start({ interfere: (_, number) => (number === 3 ? plain(500) : undefined) });

    expect(await send('x')).toMatchObject({ code: 'http.status', status: 500 });
  });

  test('that never comes because the socket broke leaves it open whether the envelope took effect', async () => {
    const { send } = await start({ interfere: (_, number) => (number === 3 ? 'drop' : undefined) });

    expect(await send('x')).toMatchObject({ code: 'net.reset', sent: true });
  });

  test.each([1, 2])('that breaks off in leg %i of the logon leaves the envelope unsent', async (leg) => {
    const { send } = await start({ interfere: (_, number) => (number === leg ? 'drop' : undefined) });

    expect(await send('x')).toMatchObject({ code: 'net.reset', sent: false });
  });
});

test('a closed connection starts anew', async () => {
  const { host, connection, send } = await start();
  await send('x');

  connection.close();

  expect(await send('y')).toEqual({ status: 200, body: 'Y' });
  expect(host.connections()).toBe(2);
});

test('a refused port is told apart from a denied logon', async () => {
  const { host, connection } = await start();
  await host.server.close();

  const answer = await connection.post(bytes('x'), signal, limits);

  expect(() => unwrap(answer)).toThrow(/refused/);
});
