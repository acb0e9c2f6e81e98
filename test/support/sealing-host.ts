import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import type { HttpServer, ServedRequest, ServedResponse } from '../../src/ports/http-listener.ts';
import { NtlmAcceptor } from '../../src/wire/ntlm/acceptor.ts';
import { ServerAuth } from '../../src/wire/sealing/server-auth.ts';
import type { ServerAuthOptions } from '../../src/wire/sealing/server-auth.ts';

export interface SealingHostOptions extends Partial<ServerAuthOptions> {
  /** May answer (or drop) a request in the host's place; numbered from 1 over all connections. */
  readonly interfere?: (request: ServedRequest, number: number) => ServedResponse | 'drop' | undefined;
  /** May change the answer to a proof that came alone. */
  readonly changeProof?: (answer: ServedResponse) => ServedResponse;
  /** May change a sealed answer on its way. */
  readonly change?: (answer: ServedResponse) => ServedResponse;
}

export interface SealingHost {
  readonly server: HttpServer;
  /** Everything that arrived, in order. */
  readonly requests: readonly ServedRequest[];
  readonly connections: () => number;
}

/** A host on loopback that takes account `ops` and echoes each SOAP message in capitals. */
export async function startSealingHost(options: SealingHostOptions = {}): Promise<SealingHost> {
  const requests: ServedRequest[] = [];
  const auths = new Map<number, ServerAuth>();
  const server = await systemListener.listen('127.0.0.1', 0, {
    connected: (connection) => auths.set(connection, new ServerAuth({ acceptor: newAcceptor, ...options })),
    disconnected: () => undefined,
    request: (request) => {
      requests.push(request);
      return Promise.resolve(
        options.interfere?.(request, requests.length) ?? answer(request, auths, options),
      );
    },
  });
  return { server: unwrap(server), requests, connections: () => auths.size };
}

function answer(
  request: ServedRequest,
  auths: ReadonlyMap<number, ServerAuth>,
  { change = (given) => given, changeProof = (given) => given }: SealingHostOptions,
): ServedResponse | 'drop' {
  const step = auths.get(request.connection)?.receive(request);
  if (step === undefined) return 'drop';
  if (step.kind === 'answer') return step.answer.status === 200 ? changeProof(step.answer) : step.answer;
  const text = new TextDecoder().decode(step.envelope);
  return change(step.reply(text === 'fault' ? 500 : 200, new TextEncoder().encode(text.toUpperCase())));
}

function newAcceptor(): NtlmAcceptor {
  return new NtlmAcceptor({
    targetName: 'CORP',
    computerName: 'WEB-01',
    lookup: (user) => (user.toLowerCase() === 'ops' ? new Secret('Pä$$wörd') : undefined),
    random: (count) => systemEntropy.bytes(count),
    now: systemClock.now(),
  });
}
