import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psDictionary, psEnum, psList, psRecord } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { commandCountOf, decodeCommandMetadata } from '../../../src/wire/psrp/command-metadata.ts';
import type { CommandQuery, CommandType } from '../../../src/wire/psrp/command-metadata.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import type { PsrpServerEvent } from '../../../src/wire/psrp/server-event.ts';
import type { PsrpServer } from '../../../src/wire/psrp/server.ts';
import { anyText, anyValue } from '../clixml/values.ts';
import { clientSays, deliver, eventsOf, give, id, openPair, pair, script, serverSays } from './roles.ts';

const toPool = (fragments: readonly Uint8Array[], server: PsrpServer): void => {
  for (const fragment of fragments) unwrap(server.receive(fragment));
};

describe('a request about runspaces', () => {
  test('has a number that its answer repeats', () => {
    const { client, server } = openPair();
    const requests = [
      { kind: 'get-available-runspaces' },
      { kind: 'set-max-runspaces', count: 5 },
      { kind: 'set-min-runspaces', count: 2 },
      { kind: 'set-min-runspaces', count: 9 },
      { kind: 'reset-runspace-state' },
    ] as const;
    const answers = [3, true, true, false, true] as const;

    const callIds = requests.map((request) => {
      const { callId, fragments } = unwrap(client.request(request));
      toPool(fragments, server);
      return callId;
    });
    const asked = eventsOf(server);
    for (const [index, answer] of answers.entries()) {
      server.answerRequest({ callId: callIds[index] ?? 0n, answer });
    }
    deliver(server, client);

    expect(asked).toEqual(
      requests.map((request, index) => ({ kind: 'runspace-request', callId: callIds[index], request })),
    );
    expect(eventsOf(client)).toEqual(
      answers.map((answer, index) => ({ kind: 'runspace-availability', callId: callIds[index], answer })),
    );
  });

  test('for a reset is refused here where the server cannot know it', () => {
    const { client } = openPair({}, { protocolVersion: '2.2' });

    expect(client.request({ kind: 'reset-runspace-state' })).toMatchObject({
      error: { code: 'psrp.unsupported', details: { needed: '2.3', protocolVersion: '2.2' } },
    });
  });

  test('needs an opened pool, and room in its fragments', () => {
    expect(pair().client.request({ kind: 'get-available-runspaces' })).toMatchObject({
      error: { code: 'psrp.state' },
    });
    const { client } = openPair();
    client.setMaxFragmentBytes(10);
    expect(client.request({ kind: 'get-available-runspaces' })).toMatchObject({
      error: { code: 'psrp.fragment-size' },
    });
  });

  test.each([
    ['no call id', 'set-min-runspaces', psRecord({ MinRunspaces: 1 })],
    ['no number', 'set-max-runspaces', psRecord({ ci: 1n })],
  ] as const)('with %s is refused by the server', (_, type, body) => {
    const { server } = openPair();

    expect(server.receive(clientSays(type, body, emptyGuid))).toMatchObject({
      error: { code: 'psrp.malformed' },
    });
  });

  test('is answered by Windows 2016 with an Int32; an answer to nothing is refused', () => {
    const { client } = openPair();
    const says = (body: Parameters<typeof psRecord>[0]) =>
      client.receive(serverSays('runspace-availability', psRecord(body), emptyGuid));

    unwrap(says({ SetMinMaxRunspacesResponse: 1, ci: 0n }));

    expect(eventsOf(client)).toEqual([{ kind: 'runspace-availability', callId: 0n, answer: 1 }]);
    expect(says({ SetMinMaxRunspacesResponse: 'x', ci: 0n })).toMatchObject({ ok: false });
    expect(openPair().client.receive(serverSays('runspace-availability', '', emptyGuid)).ok).toBe(false);
  });
});

describe('a question for commands', () => {
  const types: fc.Arbitrary<readonly CommandType[]> = fc.constantFrom<readonly CommandType[]>(
    ['Cmdlet'],
    ['Alias', 'Function', 'Script'],
    ['Configuration'],
  );
  const anyQuery: fc.Arbitrary<CommandQuery> = fc.record(
    {
      names: fc.array(anyText, { minLength: 1, maxLength: 3 }),
      types,
      namespaces: fc.array(anyText, { maxLength: 2 }),
      arguments: fc.array(anyValue, { maxLength: 2 }),
    },
    { requiredKeys: ['names'] },
  );

  test('reaches the server as it was asked', () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const { client, server } = openPair();

        give(unwrap(client.getCommandMetadata({ id, ...query })), server);

        expect(eventsOf(server)).toEqual([{ kind: 'command-query', pipelineId: id, query }]);
      }),
      { numRuns: 30 },
    );
  });

  test('asks for everything where nothing is named', () => {
    const { client, server } = openPair();

    give(unwrap(client.getCommandMetadata({ id })), server);

    expect(eventsOf(server)).toEqual([{ kind: 'command-query', pipelineId: id, query: { names: ['*'] } }]);
    const { server: other } = openPair();
    unwrap(other.receive(clientSays('get-command-metadata', psRecord({ Name: psList(['a', 1]) })), id));
    expect(eventsOf<PsrpServerEvent>(other)).toMatchObject([{ query: { names: ['a'] } }]);
  });

  test('is answered with a count and then the commands, like the output of a pipeline', () => {
    const { client, server } = openPair();
    give(unwrap(client.getCommandMetadata({ id, names: ['Get-X'] })), server);
    const parameter = psRecord({
      Name: 'Path',
      ParameterType: 'System.String',
      Aliases: psList(['P']),
      SwitchParameter: false,
      IsDynamic: true,
    });
    server.output(id, psRecord({ Count: 2 }));
    server.output(
      id,
      psRecord({
        Name: 'Get-X',
        Namespace: 'M',
        HelpUri: 'http://x',
        CommandType: psEnum('System.Management.Automation.CommandTypes', 8, 'Cmdlet'),
        ResolvedCommandName: null,
        OutputType: psList(['System.String', 5]),
        Parameters: psDictionary([['Path', parameter]]),
      }),
    );
    server.output(id, psRecord({ Name: 'gx', ResolvedCommandName: 'Get-X', Parameters: psList([]) }));
    server.finish(id, 'Completed');
    deliver(server, client, id);

    const output = eventsOf(client).flatMap((event) => (event.kind === 'output' ? [event.value] : []));
    expect(commandCountOf(output[0] ?? null)).toBe(2);
    expect(decodeCommandMetadata(output)).toEqual([
      {
        name: 'Get-X',
        namespace: 'M',
        type: 'Cmdlet',
        helpUri: 'http://x',
        resolvedName: undefined,
        outputTypes: ['System.String'],
        parameters: [
          { name: 'Path', type: 'System.String', aliases: ['P'], isSwitch: false, isDynamic: true },
        ],
      },
      {
        name: 'gx',
        namespace: '',
        type: '',
        helpUri: '',
        resolvedName: 'Get-X',
        outputTypes: [],
        parameters: [],
      },
    ]);
    expect(decodeCommandMetadata([psRecord({ Parameters: psDictionary([['a', null]]) })])).toMatchObject([
      { name: '', parameters: [{ name: '', type: '', aliases: [], isSwitch: false }] },
    ]);
  });
});

describe('an event that a script forwards', () => {
  test('reaches the client with all that it carries', () => {
    fc.assert(
      fc.property(anyValue, anyText, (value, text) => {
        const { client, server } = openPair();
        const event = {
          eventId: 7,
          sourceId: text,
          time: '2026-03-07T22:30:00.1234567Z',
          sender: value,
          arguments: [value, null],
          data: value,
          computerName: text,
          runspaceId: '00112233-4455-6677-8899-aabbccddeeff',
        };

        server.userEvent(event);
        deliver(server, client);

        expect(eventsOf(client)).toEqual([{ kind: 'user-event', event }]);
      }),
      { numRuns: 20 },
    );
  });

  test('may lack everything', () => {
    const { client } = openPair();

    unwrap(client.receive(serverSays('user-event', '', emptyGuid)));

    expect(eventsOf(client)).toMatchObject([
      { event: { eventId: 0, sourceId: '', arguments: [], data: null } },
    ]);
  });

  test('may lack its time and runspace', () => {
    const { client, server } = openPair();
    const event = { ...{ eventId: 0, sourceId: '', time: '', sender: null, arguments: [] }, data: null };

    server.userEvent({ ...event, computerName: '', runspaceId: '' });
    deliver(server, client);

    expect(eventsOf(client)).toMatchObject([{ event }]);
  });
});

describe('a pool that another client left', () => {
  test('is connected to: its bounds and its version table come back, and its pipelines are taken over', () => {
    const first = openPair();
    give(unwrap(first.client.createPipeline(script('long'))), first.server);
    const { fragments, callId } = unwrap(first.client.request({ kind: 'set-max-runspaces', count: 7 }));
    toPool(fragments, first.server);
    first.server.answerRequest({ callId, answer: true });
    const { server } = first;
    server.take();
    const { client } = pair();

    const answer = unwrap(server.connect(unwrap(client.connect())));
    expect(client.poolState).toBe('Connecting');
    unwrap(client.receive(answer));
    deliver(server, client);
    unwrap(client.adoptPipeline(id));
    server.output(id, 'late');
    server.finish(id, 'Completed');
    deliver(server, client, id);

    expect(client.poolState).toBe('Opened');
    expect(eventsOf(client)).toMatchObject([
      { kind: 'session-capability' },
      { kind: 'runspacepool-init-data', minRunspaces: 1, maxRunspaces: 7 },
      { kind: 'application-private-data' },
      { kind: 'output', value: 'late' },
      { kind: 'pipeline-state', state: 'Completed' },
    ]);
    expect(server.poolState).toBe('Opened');
  });

  test('goes on talking with the client that connected', () => {
    const { server } = openPair();
    const { client } = pair();
    unwrap(client.receive(unwrap(server.connect(unwrap(client.connect())))));

    give(unwrap(client.createPipeline(script('1'))), server);
    toPool(unwrap(client.request({ kind: 'get-available-runspaces' })).fragments, server);

    expect(eventsOf(server).slice(-2)).toMatchObject([
      { kind: 'pipeline', commands: [{ text: '1' }] },
      { kind: 'runspace-request', callId: 0n },
    ]);
  });

  test('has no pipeline to take over twice, and none before it is connected', () => {
    const { client } = openPair();
    expect(pair().client.adoptPipeline(id)).toMatchObject({ error: { code: 'psrp.state' } });
    unwrap(client.adoptPipeline(id));
    expect(client.adoptPipeline(id)).toMatchObject({ error: { details: { state: 'Running' } } });
    expect(client.connect()).toMatchObject({ error: { code: 'psrp.state' } });
  });

  test('tells its bounds also to a client that is connected already', () => {
    const { client } = openPair();

    unwrap(
      client.receive(
        serverSays('runspacepool-init-data', psRecord({ MinRunspaces: 1, MaxRunspaces: 2 }), emptyGuid),
      ),
    );

    expect(client.poolState).toBe('Opened');
  });

  test('refuses what is no request to connect, and any before it is opened', () => {
    const connectXml = unwrap(pair().client.connect());

    expect(pair().server.connect(connectXml)).toMatchObject({ error: { code: 'psrp.state' } });
    expect(openPair().server.connect(unwrap(pair().client.open()))).toMatchObject({
      error: { code: 'psrp.malformed' },
    });
    expect(openPair().server.connect(new Uint8Array(21))).toMatchObject({ ok: false });
    const noVersion = [
      clientSays('session-capability', 'x', emptyGuid),
      clientSays('connect-runspacepool', '', emptyGuid),
    ];
    expect(openPair().server.connect(new Uint8Array(noVersion.flatMap((bytes) => [...bytes])))).toMatchObject(
      { ok: false },
    );
    const small = openPair();
    small.server.setMaxFragmentBytes(5);
    expect(small.server.connect(connectXml)).toMatchObject({ error: { code: 'psrp.fragment-size' } });
  });
});

describe('a pool that the transport disconnects', () => {
  test('and its pipelines say so until they are connected again', () => {
    const { client } = openPair();
    unwrap(client.createPipeline(script('1')));

    client.disconnected();
    expect([client.poolState, client.pipelineState(id)]).toEqual(['Disconnected', 'Disconnected']);
    expect(client.input(id, 1)).toMatchObject({ error: { details: { state: 'Disconnected' } } });

    client.reconnected();
    expect([client.poolState, client.pipelineState(id)]).toEqual(['Opened', 'Running']);

    unwrap(client.receive(serverSays('pipeline-state', psRecord({ PipelineState: 2 })), id));
    client.disconnected();
    expect(client.pipelineState(id)).toBe('Stopping');
  });
});
