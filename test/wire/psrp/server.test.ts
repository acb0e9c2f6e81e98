import { describe, expect, test } from 'vitest';
import { fromJson } from '../../../src/core/ps-json.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import { unwrap } from '../../../src/core/result.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import type { MessageType } from '../../../src/wire/psrp/message.ts';
import type { PsrpServerEvent } from '../../../src/wire/psrp/server-event.ts';
import {
  clientSays,
  eventsOf,
  give,
  id,
  openPair,
  pair,
  script,
  serverSays,
  wholeFragment,
} from './roles.ts';

describe('the server', () => {
  test('says nothing about a pipeline that it does not have', () => {
    const { server } = openPair();
    server.output(id, 1);
    server.finish(id, 'Completed');

    expect(server.take(id)).toEqual([]);
  });

  test('fails at its next message when it was to send more than a client takes', () => {
    const { client, server } = openPair();
    give(unwrap(client.createPipeline(script('1'))), server);
    server.output(id, 'x'.repeat(11_000_000));

    expect(server.receive(new Uint8Array(), id)).toMatchObject({ error: { code: 'psrp.object-too-large' } });
  });

  test.each<[string, Uint8Array]>([
    ['a message for a client', serverSays('pipeline-output', 1)],
    ['a second handshake', clientSays('session-capability', fromJson({ protocolversion: '2.3' }))],
    ['input for a pipeline that is not there', clientSays('pipeline-input', 1)],
    ['a pipeline without commands', clientSays('create-pipeline', 'x')],
    [
      'a pipeline with a command that is none',
      clientSays('create-pipeline', fromJson({ PowerShell: { Cmds: [1] } })),
    ],
    ['no message at all', wholeFragment(new Uint8Array(3))],
    ['a fragment out of order', new Uint8Array(21)],
  ])('refuses %s, and the stream with it', (_, bytes) => {
    const { server } = openPair();

    const result = server.receive(bytes, id);

    expect(result).toMatchObject({ ok: false });
    expect(server.receive(new Uint8Array(), id)).toEqual(result);
  });

  test('refuses a handshake it cannot read, and anything before it', () => {
    const answerTo = (type: MessageType, body: PsValue) =>
      pair().server.receive(clientSays(type, body, emptyGuid));

    expect(answerTo('init-runspacepool', fromJson({ MinRunspaces: 1, MaxRunspaces: 1 }))).toMatchObject({
      error: { code: 'psrp.state' },
    });
    expect(answerTo('session-capability', 'x')).toMatchObject({ error: { code: 'psrp.malformed' } });
  });

  test('comes down to the version of an older client, and refuses bounds that cannot be', () => {
    const { server } = pair();
    unwrap(server.receive(clientSays('session-capability', fromJson({ protocolversion: '2.1' }), emptyGuid)));

    const opened = server.receive(
      clientSays('init-runspacepool', fromJson({ MinRunspaces: 2, MaxRunspaces: 1 }), emptyGuid),
    );

    expect(server.protocolVersion).toBe('2.1');
    expect(opened).toMatchObject({ error: { code: 'psrp.malformed' } });
  });

  test('tells of other requests, and refuses a host response without an id', () => {
    const { client, server } = openPair();
    unwrap(server.receive(clientSays('pipeline-output', 'x', emptyGuid)));
    give(unwrap(client.createPipeline(script('1'))), server);
    unwrap(server.receive(clientSays('encrypted-session-key', 'x'), id));

    expect(eventsOf<PsrpServerEvent>(server).map(({ kind }) => kind)).toEqual([
      'pool-message',
      'pipeline',
      'pool-message',
    ]);
    expect(server.receive(clientSays('pipeline-host-response', 'x'), id)).toMatchObject({
      error: { code: 'psrp.malformed' },
    });
  });

  test('passes over input for a pipeline that has ended, refuses its id again, and forgets it when it is closed', () => {
    const { client, server } = openPair();
    const fragments = unwrap(client.createPipeline({ ...script('1'), noInput: false }));
    give(fragments, server);
    server.finish(id, 'Stopped');
    give(unwrap(client.input(id, 1)), server);
    expect(eventsOf(server)).toHaveLength(1);

    server.close(id);
    expect(server.take(id)).toEqual([]);
    give(fragments, server);
    expect(eventsOf(server)).toMatchObject([{ kind: 'pipeline' }]);
    expect(server.receive(concatBytes(...fragments), id)).toMatchObject({
      error: { code: 'psrp.state', details: { state: 'Running' } },
    });
  });

  test('uses the size of fragments that it was told last', () => {
    const { client, server } = openPair();
    give(unwrap(client.createPipeline(script('1'))), server);
    server.setMaxFragmentBytes(30);
    server.output(id, 'x'.repeat(100));

    expect(Math.max(...server.take(id).map(({ length }) => length))).toBe(30);
  });
});
