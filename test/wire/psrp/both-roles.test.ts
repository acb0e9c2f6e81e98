import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson } from '../../../src/core/ps-json.ts';
import { psObject } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { errorRecord } from '../../../src/wire/psrp/error-record.ts';
import { minimalHost } from '../../../src/wire/psrp/host.ts';
import { informationRecord } from '../../../src/wire/psrp/information-record.ts';
import { anyValue } from '../clixml/values.ts';
import { deliver, eventsOf, give, id, openPair, pair, poolId, script } from './roles.ts';

describe('a client and a server', () => {
  test('open a pool: each names its version, then the server announces itself', () => {
    const { client, server, asked, told } = openPair({ applicationArguments: fromJson({ who: 'me' }) });

    expect(asked).toMatchObject([
      {
        kind: 'open',
        poolId,
        minRunspaces: 1,
        maxRunspaces: 2,
        host: 'pool',
        client: { protocolVersion: '2.3' },
      },
    ]);
    expect(told).toMatchObject([
      { kind: 'session-capability', protocolVersion: '2.3' },
      { kind: 'application-private-data', psVersion: '5.1.14393', psEdition: 'Desktop' },
      { kind: 'pool-state', state: 'Opened' },
    ]);
    expect([client.poolState, server.poolState]).toEqual(['Opened', 'Opened']);
  });

  test('a pool that cannot be opened says why', () => {
    const { client, server } = pair();
    unwrap(server.receive(unwrap(client.open())));
    server.broken(errorRecord({ message: 'no memory' }));
    deliver(server, client);

    expect(eventsOf(client).at(-1)).toMatchObject({
      kind: 'pool-state',
      state: 'Broken',
      reason: { message: 'no memory' },
    });
    expect(client.createPipeline(script('1'))).toMatchObject({ error: { code: 'psrp.state' } });
  });

  test('carry a script with its arguments over, at any size of fragments', () => {
    fc.assert(
      fc.property(anyValue, fc.integer({ min: 22, max: 500 }), (value, maxFragmentBytes) => {
        const { client, server } = openPair({ maxFragmentBytes }, { maxFragmentBytes });

        give(unwrap(client.createPipeline(script('param($A) $A', value))), server);
        const [created] = eventsOf(server);
        server.output(id, value);
        server.finish(id, 'Completed');
        deliver(server, client, id);

        expect(created).toMatchObject({ kind: 'pipeline', pipelineId: id, noInput: true });
        const commands = created?.kind === 'pipeline' ? created.commands : [];
        expect(commands).toEqual([{ text: 'param($A) $A', isScript: true, parameters: [{ value }] }]);
        expect(eventsOf(client)).toEqual([
          { kind: 'output', pipelineId: id, value },
          { kind: 'pipeline-state', pipelineId: id, state: 'Completed', reason: undefined },
        ]);
      }),
      { numRuns: 50 },
    );
  });

  test('carry every stream over in order', () => {
    const { client, server } = openPair();
    give(unwrap(client.createPipeline(script('x'))), server);
    const progress = {
      kind: 'progress',
      activity: 'a',
      activityId: 1,
      status: 's',
      currentOperation: 'o',
      parentActivityId: -1,
      percentComplete: 50,
      secondsRemaining: 3,
      type: 'Completed',
    } as const;
    const error = errorRecord({
      message: 'access denied',
      fullyQualifiedErrorId: 'Denied,Set-Thing',
      category: 'PermissionDenied',
      activity: 'Set-Thing',
      targetName: 'thing',
      targetType: 'String',
      exceptionType: 'System.UnauthorizedAccessException',
      exception: psObject({
        typeNames: ['System.UnauthorizedAccessException', 'System.Exception', 'System.Object'],
        adapted: new Map([['Message', 'access denied']]),
      }),
      position: { scriptName: 'C:\\x.ps1', line: 3, column: 7, message: 'At C:\\x.ps1:3 char:7' },
      scriptStackTrace: 'at <ScriptBlock>, C:\\x.ps1: line 3',
    });

    server.message(id, 'warning', 'w');
    server.message(id, 'verbose', 'v');
    server.message(id, 'debug', 'd');
    server.information(id, { data: 'i', source: 'here', tags: ['t'] });
    server.progress(id, progress);
    server.error(id, error);
    server.finish(id, 'Failed', error);
    server.output(id, 'too late');
    deliver(server, client, id);

    expect(eventsOf(client)).toEqual([
      { kind: 'warning', pipelineId: id, message: 'w', invocation: undefined },
      { kind: 'verbose', pipelineId: id, message: 'v', invocation: undefined },
      { kind: 'debug', pipelineId: id, message: 'd', invocation: undefined },
      {
        kind: 'information',
        pipelineId: id,
        record: informationRecord({ data: 'i', source: 'here', tags: ['t'] }),
      },
      { kind: 'progress', pipelineId: id, record: progress },
      { kind: 'error', pipelineId: id, error },
      { kind: 'pipeline-state', pipelineId: id, state: 'Failed', reason: error },
    ]);
    expect(client.pipelineState(id)).toBeUndefined();
  });

  test('carry input over until its end', () => {
    const { client, server } = openPair();
    give(unwrap(client.createPipeline({ ...script('$input'), noInput: false })), server);
    give(unwrap(client.input(id, 1)), server);
    give(unwrap(client.input(id, null)), server);
    give(unwrap(client.endInput(id)), server);

    expect(eventsOf(server)).toMatchObject([
      { kind: 'pipeline', noInput: false },
      { kind: 'input', pipelineId: id, value: 1 },
      { kind: 'input', pipelineId: id, value: null },
      { kind: 'end-of-input', pipelineId: id },
    ]);
  });

  test('an old server gets no parameters it does not know, and an old client no records', () => {
    const { client, server } = openPair({}, { protocolVersion: '2.1' });
    const fragments = unwrap(client.createPipeline(script('x')));
    give(fragments, server);
    server.information(id, { data: 'i', source: '', tags: [] });

    const text = new TextDecoder().decode(concatBytes(...fragments.map((fragment) => fragment.subarray(21))));
    expect(text).toContain('MergePreviousResults');
    expect(text).not.toMatch(/MergeError|MergeInformation/);
    expect(server.take(id)).toEqual([]);
    expect(server.protocolVersion).toBe('2.1');
  });

  test('a host answers what it is asked and refuses prompts; the answers reach the server', () => {
    const { client, server, asked } = openPair({ host: minimalHost });
    give(unwrap(client.createPipeline(script('x'))), server);
    const calls = [
      { methodId: 1, method: 'GetName', parameters: [], callId: 1n },
      { methodId: 2, method: 'GetVersion', parameters: [], callId: 2n },
      { methodId: 4, method: 'GetCurrentCulture', parameters: [], callId: 3n },
      { methodId: 5, method: 'GetCurrentUICulture', parameters: [], callId: 9n },
      { methodId: 10, method: 'NotifyEndApplication', parameters: [], callId: 10n },
      { methodId: 6, method: 'SetShouldExit', parameters: [3], callId: undefined },
      { methodId: 9, method: 'NotifyBeginApplication', parameters: [], callId: 4n },
      { methodId: 16, method: 'WriteLine2', parameters: ['hello'], callId: 5n },
      { methodId: 11, method: 'ReadLine', parameters: [], callId: 6n },
      { methodId: 57, method: 'Method57', parameters: [], callId: 7n },
    ];
    for (const call of calls) server.hostCall(id, call);
    server.hostCall(undefined, { methodId: 1, parameters: [], callId: 8n });
    deliver(server, client, id);
    deliver(server, client);

    const told = eventsOf(client);
    for (const event of told)
      if (event.kind === 'send')
        event.fragments.forEach((one) => unwrap(server.receive(one, event.pipelineId)));

    expect(asked).toMatchObject([{ host: 'minimal' }]);
    expect(
      told.flatMap((event) => (event.kind === 'host-call' && event.pipelineId === id ? [event.call] : [])),
    ).toMatchObject(calls.map(({ methodId, parameters, callId }) => ({ methodId, parameters, callId })));
    expect(eventsOf(server).filter(({ kind }) => kind === 'host-response')).toMatchObject([
      { callId: 1n, value: 'Countersign', error: undefined },
      { callId: 2n, value: { text: '1.0' } },
      { callId: 3n, value: 'en-US' },
      { callId: 9n, value: 'en-US' },
      { callId: 10n, value: null, error: undefined },
      { callId: 4n, value: null, error: undefined },
      { callId: 5n, value: null, error: undefined },
      { callId: 6n, value: null, error: { kind: 'object' } },
      { callId: 7n, value: null, error: { kind: 'object' } },
      { pipelineId: undefined, callId: 8n, value: 'Countersign' },
    ]);
  });
});
