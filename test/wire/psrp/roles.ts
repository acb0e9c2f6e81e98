import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { nodeRsaKeys } from '../../../src/node/rsa-keys.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpClientOptions } from '../../../src/wire/psrp/client-options.ts';
import { encodeMessage } from '../../../src/wire/psrp/message.ts';
import type { MessageType, PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { splitMessage } from '../../../src/wire/psrp/fragment.ts';
import { PsrpServer } from '../../../src/wire/psrp/server.ts';
import type { PsrpServerOptions } from '../../../src/wire/psrp/server-options.ts';

/** Id of the pool in these tests. */
export const poolId = '00112233-4455-6677-8899-aabbccddeeff';
/** Id of their one pipeline. */
export const id = '11111111-2222-3333-4444-555555555555';
/** A pipeline of one script without input. */
export const script = (text: string, ...values: PsValue[]) => ({
  id,
  commands: [{ text, isScript: true, parameters: values.map((value) => ({ value })) }],
  noInput: true,
});

/** A client and a server that have not met. */
export function pair(client: Partial<PsrpClientOptions> = {}, server: Partial<PsrpServerOptions> = {}) {
  return {
    client: new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 2, maxFragmentBytes: 1000, ...client }),
    server: new PsrpServer({
      psVersion: '5.1.14393',
      protocolVersion: '2.3',
      maxFragmentBytes: 1000,
      ...server,
    }),
  };
}

/** A pair whose pool is open, with the events of the handshake. */
export function openPair(...options: Parameters<typeof pair>) {
  const { client, server } = pair(...options);
  unwrap(server.receive(unwrap(client.open())));
  const asked = eventsOf(server);
  server.opened();
  deliver(server, client);
  return { client, server, asked, told: eventsOf(client) };
}

/** All events that wait. */
export const eventsOf = <Event>(side: { next(): Event | undefined }): Event[] => {
  const events: Event[] = [];
  for (let event = side.next(); event !== undefined; event = side.next()) events.push(event);
  return events;
};
/** Hands what waits at the server to the client. */
export const deliver = (server: PsrpServer, client: PsrpClient, pipelineId?: string): void => {
  for (const fragment of server.take(pipelineId)) unwrap(client.receive(fragment, pipelineId));
};
/** Hands fragments of the pipeline to the server. */
export const give = (fragments: readonly Uint8Array[], server: PsrpServer): void => {
  for (const fragment of fragments) unwrap(server.receive(fragment, id));
};
/** A message of a server on its way, in one fragment. */
export const serverSays = (type: MessageType, body: PsValue | undefined, pipelineId = id): Uint8Array =>
  inOneFragment({ destination: 'client', type, poolId, pipelineId, body });

/** A message of a client on its way, in one fragment. */
export const clientSays = (type: MessageType, body: PsValue | undefined, pipelineId = id): Uint8Array =>
  inOneFragment({ destination: 'server', type, poolId, pipelineId, body });

let lastObjectId = 1000n;

function inOneFragment(message: PsrpMessage): Uint8Array {
  return wholeFragment(unwrap(encodeMessage(message)));
}

/** Bytes as one fragment that is a whole object. */
export function wholeFragment(bytes: Uint8Array): Uint8Array {
  lastObjectId += 1n;
  return concatBytes(...unwrap(splitMessage(lastObjectId, bytes, 1_000_000)));
}

/** A key pair for these tests, made anew each time. */
export const testKeyPair = await nodeRsaKeys.generate();
