import { afterEach, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import { seconds } from '../../src/core/time.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemConnector } from '../../src/node/http/connection.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';
import { AuthConnection } from '../../src/remote/connection.ts';
import { WsmanClient } from '../../src/remote/wsman-client.ts';
import { WsmanExchange } from '../../src/remote/wsman-exchange.ts';
import { NtlmAcceptor } from '../../src/wire/ntlm/acceptor.ts';
import { ServerAuth } from '../../src/wire/sealing/server-auth.ts';
import { deleteShell, shellDeleted } from '../../src/wire/wsman/delete.ts';
import { buildReply } from '../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../src/wire/wsman/envelope.ts';
import { faultMessage } from '../../src/wire/wsman/fault-message.ts';
import { parseEnvelope } from '../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../src/wire/wsman/parse-envelope.ts';
import { loopbackTarget } from '../support/target.ts';
import { never } from '../support/winrm-host.ts';

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

const acceptor = (): NtlmAcceptor =>
  new NtlmAcceptor({
    ...{ targetName: 'CORP', computerName: 'WEB-01', lookup: () => new Secret('Pä$$wörd') },
    random: (count) => systemEntropy.bytes(count),
    now: systemClock.now(),
  });

interface Scripted {
  readonly client: WsmanClient;
  readonly exchange: WsmanExchange;
  readonly requests: readonly Envelope[];
}

/** A client whose server gives one answer to everything. */
async function answering(
  answer: (request: Envelope) => [relatesTo: string, WsmanMessage],
): Promise<Scripted> {
  const requests: Envelope[] = [];
  const auth = new ServerAuth({ acceptor });
  const server = unwrap(
    await systemListener.listen('127.0.0.1', 0, {
      connected: () => undefined,
      disconnected: () => undefined,
      request: async (request) => {
        const step = auth.receive(request);
        if (step.kind === 'answer') return step.answer;
        const envelope = unwrap(parseEnvelope(step.envelope, 'a request'));
        requests.push(envelope);
        const [relatesTo, message] = answer(envelope);
        return step.reply(
          message.action.endsWith('fault') ? 500 : 200,
          buildReply({ messageId: 'R', relatesTo }, message),
        );
      },
    }),
  );
  const target = loopbackTarget(server.port);
  const connection = new AuthConnection({
    ...{ target, connector: systemConnector, timers: systemTimers, entropy: systemEntropy },
    now: () => systemClock.now(),
  });
  toClose.push(() => {
    connection.close();
    void server.close();
  });
  const exchange = new WsmanExchange({ target, connection, sessionId: 'SESSION' });
  return {
    client: new WsmanClient(exchange, {
      entropy: systemEntropy,
      timers: systemTimers,
      patience: { quota: seconds(0) },
    }),
    exchange,
    requests,
  };
}

const shell = { resourceUri: 'urn:x', shellId: 'S' };
const quota = { code: 2_150_859_173, subcode: 'QuotaLimit', side: 'sender', reason: '30 shells' } as const;

test('an answer to another request is no answer', async () => {
  const { client } = await answering(() => ['uuid:ANOTHER', shellDeleted()]);

  expect(await client.delete(shell, never)).toMatchObject({
    error: { code: 'wsman.malformed', details: { reason: 'it answers another request' } },
  });
});

test('a fault may relate to nothing, but not to another request', async () => {
  const toNothing = await answering(() => ['', faultMessage(quota, 'WEB-01')]);
  const toAnother = await answering(() => ['uuid:ANOTHER', faultMessage(quota, 'WEB-01')]);

  expect(await toNothing.client.delete(shell, never)).toMatchObject({ error: { code: 'wsman.quota' } });
  expect(await toAnother.client.delete(shell, never)).toMatchObject({ error: { code: 'wsman.malformed' } });
});

test('every request has an id of its own, and all have the session in common', async () => {
  const { client, requests } = await answering(({ messageId }) => [messageId.toLowerCase(), shellDeleted()]);

  unwrap(await client.delete(shell, never));
  unwrap(await client.delete(shell, never));

  expect(new Set(requests.map(({ messageId }) => messageId)).size).toBe(2);
  expect(new Set(requests.map(({ sessionId }) => sessionId))).toEqual(new Set(['uuid:SESSION']));
  expect(requests[0]).toMatchObject({ maxEnvelopeBytes: 153_600, operationTimeout: seconds(20) });
});

test('an envelope that is larger than agreed is not sent', async () => {
  const { exchange, requests } = await answering(({ messageId }) => [messageId, shellDeleted()]);

  const answer = await exchange.ask(deleteShell(), shell, { messageId: 'M', maxEnvelopeBytes: 1000 }, never);

  expect(answer).toMatchObject({ kind: 'failure', failure: { code: 'wsman.envelope-too-large' } });
  expect(requests).toEqual([]);
});

test('larger envelopes carry larger payloads', async () => {
  const { client, requests } = await answering(({ messageId }) => [messageId, shellDeleted()]);

  const before = client.maxPayloadBytes;
  client.useLargeEnvelopes();
  unwrap(await client.delete(shell, never));

  expect([before, client.maxPayloadBytes]).toEqual([113_664, 382_464]);
  expect(requests[0]?.maxEnvelopeBytes).toBe(512_000);
});
