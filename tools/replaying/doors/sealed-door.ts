import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { createConnector } from '../../../src/node/http/connection.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import type { ServedRequest, ServedResponse } from '../../../src/ports/http-listener.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { ServerAuth } from '../../../src/wire/sealing/server-auth.ts';
import type { RecordedHost } from '../host/recorded-host.ts';
import type { Door } from './door.ts';

const account = {
  user: 'RECORDED\\operator',
  name: 'operator',
  password: 'Pä$$wörd of a recording',
} as const;

/** The host on a loopback port, as stock Windows is: NTLM under Negotiate, and every body sealed. */
export async function openSealedDoor(host: RecordedHost): Promise<Door> {
  const auths = new Map<number, ServerAuth>();
  const server = unwrap(
    await systemListener.listen('127.0.0.1', 0, {
      connected: (connection) => auths.set(connection, new ServerAuth({ acceptor: newAcceptor })),
      disconnected: (connection) => auths.delete(connection),
      request: (request) => answer(host, auths.get(request.connection), request),
    }),
  );
  return {
    scheme: 'http',
    address: server.address,
    port: server.port,
    auth: 'ntlm',
    user: account.user,
    password: account.password,
    connector: createConnector(),
    close: () => server.close(),
  };
}

async function answer(
  host: RecordedHost,
  auth: ServerAuth | undefined,
  request: ServedRequest,
): Promise<ServedResponse | 'drop'> {
  const step = auth?.receive(request);
  if (step === undefined) return 'drop';
  if (step.kind === 'answer') return step.answer;
  const given = await host.answer(step.envelope, request.signal);
  switch (given.kind) {
    case 'answer':
      return step.reply(given.status, given.body);
    case 'denied':
      return {
        status: 401,
        headers: { 'WWW-Authenticate': 'Negotiate' },
        body: new Uint8Array(0),
        close: true,
      };
    case 'break':
      return 'drop';
    default:
      return given satisfies never;
  }
}

function newAcceptor(): NtlmAcceptor {
  return new NtlmAcceptor({
    targetName: 'RECORDED',
    computerName: 'RECORDED-01',
    lookup: (user) => (user.toLowerCase() === account.name ? new Secret(account.password) : undefined),
    random: (count) => systemEntropy.bytes(count),
    now: systemClock.now(),
  });
}
