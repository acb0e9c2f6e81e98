import { expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import { instant } from '../../../src/core/time.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpConnection } from '../../../src/ports/http-connection.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { joinWrapToken, splitWrapToken } from '../../../src/wire/kerberos/wrap-token.ts';
import { formatAuth } from '../../../src/wire/sealing/authorization.ts';
import {
  decodeSealed,
  encodeSealed,
  sealedContentType,
} from '../../../src/wire/sealing/multipart-encrypted.ts';
import { loopbackTarget } from '../../support/target.ts';
import { apReply, fakeKerberos, unwrap as open, wrap } from './fake-kerberos.ts';

const protocol = 'application/HTTP-Kerberos-session-encrypted';
const signal = new AbortController().signal;
const limits = { timeout: seconds(1), maxResponseBytes: 1000 };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A host that proves itself to each ticket and echoes each sealed message. */
function kerberosHost(): { connection: HttpConnection; logons: () => number; sockets: () => number } {
  let [logons, sockets] = [0, 0];
  let socket: number | undefined;
  const connection: HttpConnection = {
    open: () => Promise.resolve(ok((socket ??= ++sockets))),
    get socket() {
      return socket;
    },
    peerCertificate: undefined,
    exchange: ({ headers, body }) => {
      if (headers['Authorization'] !== undefined) {
        logons += 1;
        const proof = { 'www-authenticate': [formatAuth('Kerberos', apReply)] };
        return Promise.resolve(ok({ status: 200, headers: proof, body: text('') }));
      }
      const frame = unwrap(decodeSealed(body));
      const plain = unwrap(open(unwrap(joinWrapToken(frame.header, frame.body))));
      const answer = concatBytes(text('echo:'), plain);
      const sealed = unwrap(splitWrapToken(wrap(answer), answer.length));
      return Promise.resolve(
        ok({
          status: 200,
          headers: { 'content-type': [sealedContentType(protocol)] },
          body: encodeSealed(protocol, sealed, answer.length),
        }),
      );
    },
    close: () => {
      socket = undefined;
    },
  };
  return { connection, logons: () => logons, sockets: () => sockets };
}

test('a connection logs on anew, on a new socket, before its ticket expires', async () => {
  const host = kerberosHost();
  let now = instant(0);
  const connection = new AuthConnection({
    target: loopbackTarget(5985, {
      auth: 'kerberos',
      address: 'web-01.corp.example',
      user: 'ops@CORP.EXAMPLE',
    }),
    connector: { connect: () => host.connection },
    timers: systemTimers,
    entropy: systemEntropy,
    now: () => now,
    kerberos: fakeKerberos({ expiresAt: instant(3_600_000) }).kerberos,
  });
  const post = async (): Promise<string> =>
    Buffer.from(unwrap(await connection.post(text('x'), signal, limits)).body).toString();

  expect(await post()).toBe('echo:x');
  now = instant(3_299_999);
  expect(await post()).toBe('echo:x');
  expect([host.logons(), host.sockets()]).toEqual([1, 1]);

  now = instant(3_300_000);
  expect(await post()).toBe('echo:x');

  expect([host.logons(), host.sockets()]).toEqual([2, 2]);
});
