import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson } from '../../../src/core/ps-json.ts';
import { psRecord } from '../../../src/core/ps-value.ts';
import { encodeHostCall } from '../../../src/wire/psrp/host-call.ts';
import type { HostAnswer } from '../../../src/wire/psrp/host-call.ts';
import { unwrap } from '../../../src/core/result.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import { clientSays, eventsOf, id, openPair, pair, script, serverSays, wholeFragment } from './roles.ts';

describe('the client', () => {
  test('does not open with application arguments that are too large', () => {
    const { client } = pair({ maxFragmentBytes: 1_000_000, applicationArguments: 'x'.repeat(11_000_000) });

    expect(client.open()).toMatchObject({ error: { code: 'psrp.object-too-large' } });
  });

  test('gives up when the answer of its host is too large to send', () => {
    const answer = (): HostAnswer => ({ kind: 'value', value: 'x'.repeat(11_000_000) });
    const { client } = openPair({ host: { info: 'minimal', answer } });
    unwrap(client.createPipeline(script('1')));

    const call = encodeHostCall({ methodId: 1, parameters: [], callId: 1n });

    expect(client.receive(serverSays('pipeline-host-call', call), id)).toMatchObject({
      error: { code: 'psrp.object-too-large' },
    });
  });

  test('keeps what a server says of a pipeline that the transport alone knows', () => {
    const { client } = openPair();
    unwrap(client.receive(serverSays('pipeline-state', psRecord({ PipelineState: 1 }))));

    expect(eventsOf(client)).toMatchObject([{ kind: 'pipeline-state', state: 'Running', pipelineId: id }]);
    expect(client.pipelineState(id)).toBeUndefined();
  });

  test('does things only in the states in which they are possible', () => {
    const { client } = pair();
    expect(client.createPipeline(script('1'))).toMatchObject({
      error: { code: 'psrp.state', details: { state: 'BeforeOpen' } },
    });
    expect(client.input(id, 1)).toMatchObject({ error: { code: 'psrp.state', details: { state: 'ended' } } });
    unwrap(client.open());
    expect(client.open()).toMatchObject({ error: { code: 'psrp.state' } });

    const open = openPair().client;
    unwrap(open.createPipeline(script('1')));
    expect(open.createPipeline(script('1'))).toMatchObject({
      error: { code: 'psrp.state', details: { state: 'Running' } },
    });
    unwrap(open.receive(serverSays('pipeline-state', psRecord({ PipelineState: 2 })), id));
    expect(open.pipelineState(id)).toBe('Stopping');
    open.abandon(id);
    expect(open.pipelineState(id)).toBeUndefined();
  });

  test('sends nothing that the server would refuse for its size, and no impossible fragments', () => {
    const { client } = openPair({ maxFragmentBytes: 1_000_000 });
    expect(client.createPipeline(script('x'.repeat(11_000_000)))).toMatchObject({
      error: { code: 'psrp.object-too-large' },
    });
    client.setMaxFragmentBytes(21);
    expect(client.createPipeline(script('x'))).toMatchObject({ error: { code: 'psrp.fragment-size' } });
    expect(pair({ maxFragmentBytes: 5 }).client.open()).toMatchObject({
      error: { code: 'psrp.fragment-size' },
    });
  });

  test.each<[string, Uint8Array]>([
    ['is no message', wholeFragment(new Uint8Array(8))],
    ['is addressed to a server', clientSays('pipeline-output', 1)],
    ['is a state without a state', serverSays('pipeline-state', 'x')],
    ['is a host call without an id', serverSays('pipeline-host-call', 'x')],
    [
      'names a protocol of another world',
      serverSays('session-capability', fromJson({ protocolversion: '3.0' })),
    ],
    ['names no protocol', serverSays('session-capability', null)],
    ['is a fragment out of order', new Uint8Array(21)],
  ])('gives up on a stream that %s', (_, bytes) => {
    const { client } = openPair();
    unwrap(client.createPipeline(script('1')));

    const result = client.receive(bytes, id);

    expect(result).toMatchObject({ error: { code: 'psrp.malformed' } });
    expect(client.receive(new Uint8Array(), id)).toEqual(result);
  });

  test('passes over what arrives for a pipeline that has ended', () => {
    const { client } = openPair();

    expect(client.receive(serverSays('pipeline-output', 1), id)).toEqual({ ok: true, value: undefined });
    expect(eventsOf(client)).toEqual([]);
  });

  test('tells of messages that nothing here needs, and takes the pipeline from the message where the transport names none', () => {
    const { client } = openPair();
    const empty = '00000000-0000-0000-0000-000000000000';
    unwrap(client.receive(serverSays('public-key-request', '', empty)));
    unwrap(client.receive(serverSays('public-key', 'e', empty)));
    unwrap(client.receive(serverSays('pipeline-output', 1)));
    unwrap(client.receive(serverSays('pipeline-output', undefined)));
    unwrap(client.receive(serverSays('get-command-metadata', 1)));

    expect(eventsOf<PsrpClientEvent>(client)).toEqual([
      { kind: 'public-key-request' },
      { kind: 'pool-message', type: 'public-key', body: 'e' },
      { kind: 'output', pipelineId: id, value: 1 },
      { kind: 'output', pipelineId: id, value: null },
      { kind: 'pool-message', type: 'get-command-metadata', body: 1 },
    ]);
  });

  test('survives any garbage', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (pieces) => {
        const { client } = openPair();
        for (const piece of pieces) client.receive(piece);
      }),
      { numRuns: 50 },
    );
  });
});
