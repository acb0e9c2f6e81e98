import { expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpConnector, HttpRequest, HttpResponse } from '../../../src/ports/http-connection.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { loopbackTarget } from '../../support/target.ts';

const limits = { timeout: seconds(1), maxResponseBytes: 1000 };
const signal = new AbortController().signal;
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A connection that gives prepared answers; its socket changes where `socketAfter` says so. */
function scripted(
  answers: readonly HttpResponse[],
  socketAfter: (requests: number) => number = () => 1,
): { connector: HttpConnector; requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const connection = {
    open: () => Promise.resolve(ok(1)),
    get socket(): number {
      return socketAfter(requests.length);
    },
    exchange: (request: HttpRequest) => {
      requests.push(request);
      return Promise.resolve(
        ok(answers[requests.length - 1] ?? { status: 200, headers: {}, body: text('x') }),
      );
    },
    close: () => undefined,
    peerCertificate: undefined,
  };
  return { connector: { connect: () => connection }, requests };
}

function connect(connector: HttpConnector, auth: 'basic' | 'negotiate'): AuthConnection {
  const target = loopbackTarget(5986, { scheme: 'https', auth });
  return new AuthConnection({
    target,
    connector,
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => systemClock.now(),
  });
}

/** MS-NLMP §4.2.4.3 */
const challenge =
  'TlRMTVNTUAACAAAADAAMADgAAAAzgoriASNFZ4mrze8AAAAAAAAAACQAJABEAAAABgBwFwAAAA9TAGUAcgB2AGUAcgACAAwARABvAG0AYQBpAG4AAQAMAFMAZQByAHYAZQByAAAAAAA=';
const challenged = {
  status: 401,
  headers: { 'www-authenticate': [`Negotiate ${challenge}`] },
  body: text(''),
};

test('Basic sends user and password as UTF-8 with every request', async () => {
  const { connector, requests } = scripted([]);
  const connection = connect(connector, 'basic');

  const answers = [
    await connection.post(text('<s:Envelope/>'), signal, limits),
    await connection.post(text('<s:Envelope/>'), signal, limits),
  ];

  expect(answers.map((answer) => unwrap(answer).status)).toEqual([200, 200]);
  for (const { headers } of requests)
    expect(Buffer.from((headers['Authorization'] ?? '').slice(6), 'base64').toString()).toBe(
      'CORP\\ops:Pä$$wörd',
    );
});

test('Basic that is turned away is denied', async () => {
  const { connector } = scripted([{ status: 401, headers: {}, body: text('') }]);

  const answer = await connect(connector, 'basic').post(text('x'), signal, limits);

  expect(answer).toMatchObject({ ok: false, error: { code: 'auth.denied' } });
});

test('NTLM inside TLS does not seal a second time', async () => {
  const { connector, requests } = scripted([challenged]);

  unwrap(await connect(connector, 'negotiate').post(text('<s:Envelope/>'), signal, limits));

  expect(requests).toHaveLength(3);
  expect(requests[2]).toMatchObject({
    body: text('<s:Envelope/>'),
    headers: { 'Content-Type': 'application/soap+xml;charset=UTF-8' },
  });
});

test.each([1, 2])(
  'a socket that changed after leg %i of the logon gets nothing sealed for the old one',
  async (leg) => {
    const { connector, requests } = scripted([challenged], (sent) => (sent >= leg ? 2 : 1));

    const answer = await connect(connector, 'negotiate').post(text('x'), signal, limits);

    expect(answer).toMatchObject({ ok: false, error: { code: 'net.reset', details: { sent: false } } });
    expect(requests).toHaveLength(leg);
  },
);
