import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { faults } from '../../../src/lab/server/faults.ts';
import { first } from '../../../src/lab/server/misbehaviour.ts';
import type { Misbehave, Misbehaviour } from '../../../src/lab/server/misbehaviour.ts';
import { respell } from '../../../src/lab/server/sealed-spelling.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpConnection } from '../../../src/ports/http-connection.ts';
import {
  decodeSealed,
  encodeSealed,
  sealedContentType,
} from '../../../src/wire/sealing/multipart-encrypted.ts';
import { createShell } from '../../../src/wire/wsman/create-shell.ts';
import { deleteShell } from '../../../src/wire/wsman/delete.ts';
import { engineBackends, never, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { WireClient, cmdShell } from './wire-client.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

async function host(misbehave: Misbehave): Promise<{ served: ServedHost; client: WireClient }> {
  const idle = engineBackends(() => Promise.resolve(ok(undefined)));
  const served = await serveHost(idle, { cmd: programBackends(), misbehave });
  const client = new WireClient(served);
  toClose.push(
    () => client.close(),
    () => served.host.restart(),
    () => served.server.close(),
  );
  return { served, client };
}

/** A plain HTTP connection, and what one request without a logon brings on it. */
async function plain({ target }: ServedHost): Promise<HttpConnection> {
  const { address, port, connectTimeout } = target;
  const http = systemConnector.connect({ scheme: 'http', address, port, connectTimeout });
  unwrap(await http.open(never));
  toClose.push(() => http.close());
  return http;
}

const request = {
  ...({ method: 'POST', path: '/wsman', headers: { 'Content-Type': 'application/soap+xml' } } as const),
  ...{ body: new Uint8Array(0), timeout: seconds(10), maxResponseBytes: 100_000 },
};

describe('a lab host that is not well', () => {
  test('closes the connection after an answer, with or without a word', async () => {
    const bad: Misbehaviour[] = ['close-after', 'announce-close'];
    const { served } = await host(({ order }) => bad[order - 1]);

    for (const expected of [undefined, 'close']) {
      const http = await plain(served);
      const answer = unwrap(await http.exchange(request, never));
      expect(answer.status).toBe(401);
      if (expected !== undefined) expect(answer.headers['connection']).toEqual(['close']);
      await expect.poll(() => http.socket, { timeout: 15_000 }).toBeUndefined();
    }
  });

  test('closes what is idle when it is told to, and nothing else', async () => {
    let isCreating = false;
    const { served, client } = await host(({ action }) => {
      if (action !== 'Create') return undefined;
      isCreating = true;
      return { kind: 'delay', delay: milliseconds(500) };
    });
    const http = await plain(served);
    await http.exchange(request, never);
    const creating = client.createCmd();
    await expect.poll(() => isCreating, { timeout: 15_000, interval: 5 }).toBe(true);

    served.server.closeIdleConnections();

    await expect.poll(() => http.socket, { timeout: 15_000 }).toBeUndefined();
    expect((await creating).shellId).toHaveLength(36);
  });

  test('resets the connection in the middle of an answer', async () => {
    const { client } = await host(first(1, 'Create', { kind: 'cut', afterBytes: 200 }));

    await expect(client.createCmd()).rejects.toThrow(/reset|closed|cut/i);
    expect((await client.createCmd()).shellId).toHaveLength(36);
  });

  test('dribbles its answers, and thinks first', async () => {
    const slow: Misbehaviour = { kind: 'dribble', bytes: 500, pause: milliseconds(5) };
    const { client } = await host(({ action }) =>
      action === 'Create'
        ? slow
        : action === 'Delete'
          ? { kind: 'delay', delay: milliseconds(150) }
          : undefined,
    );

    const shell = await client.createCmd();
    const before = systemTimers.monotonic();
    await client.ask(deleteShell(), shell);

    expect(systemTimers.monotonic() - before).toBeGreaterThan(140);
  });

  test('answers the first so many requests with a fault', async () => {
    const { client } = await host(first(2, 'Create', { kind: 'fault', fault: faults.shellQuota }));

    const quota = { code: 2_150_859_173 };
    expect(await client.faultTo(createShell(cmdShell))).toMatchObject(quota);
    expect(await client.faultTo(createShell(cmdShell))).toMatchObject(quota);
    expect(await client.faultTo(createShell(cmdShell))).toBeUndefined();
  });

  test('forgets a logon, so that the client must prove itself again', async () => {
    const { served, client } = await host(first(1, 'Delete', 'unauthorized'));

    await client.ask(deleteShell(), await client.createCmd());

    const statuses = served.events.flatMap((event) => (event.event === 'request' ? [event.status] : []));
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(served.host.openShells).toBe(0);
  });

  test('is silent to logons as well when it loses answers', async () => {
    const { client } = await host(first(1, 'logon', 'lose-answer'));

    await expect(client.createCmd()).rejects.toThrow();
  });

  test('calls its answers something else', async () => {
    const { served } = await host(() => ({ kind: 'content-type', value: 'text/html' }));

    const answer = unwrap(await (await plain(served)).exchange(request, never));

    expect(answer.headers['content-type']).toEqual(['text/html']);
  });

  test.each(['exchange', 'no-tabs'] as const)(
    'writes its framing as %s does, which ours reads',
    async (spelling) => {
      const { client } = await host(() => ({ kind: 'spelling', spelling }));

      expect((await client.createCmd()).shellId).toHaveLength(36);
    },
  );
});

describe('another spelling of the framing', () => {
  const sealed = {
    headers: { 'Content-Type': sealedContentType('application/HTTP-SPNEGO-session-encrypted') },
    body: encodeSealed(
      'application/HTTP-SPNEGO-session-encrypted',
      { header: Uint8Array.of(1, 2), body: Uint8Array.of(3, 4, 5) },
      3,
    ),
  };
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  test('keeps what is inside', () => {
    const exchange = respell(sealed, 'exchange');
    const withoutTabs = respell(sealed, 'no-tabs');

    expect(text(exchange.body)).toContain('-- Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO');
    expect(text(exchange.body)).toMatch(/-- Encrypted Boundary--\r\n$/);
    expect(text(withoutTabs.body)).not.toContain('\t');
    for (const { body } of [exchange, withoutTabs])
      expect(unwrap(decodeSealed(body))).toMatchObject({
        header: Uint8Array.of(1, 2),
        body: Uint8Array.of(3, 4, 5),
      });
  });

  test('leaves alone what is not sealed, or no frame', () => {
    const plainAnswer = { headers: {}, body: Uint8Array.of(1) };
    const broken = { ...sealed, body: Uint8Array.of(1) };

    expect(respell(plainAnswer, 'exchange')).toBe(plainAnswer);
    expect(respell(broken, 'exchange')).toBe(broken);
  });
});
