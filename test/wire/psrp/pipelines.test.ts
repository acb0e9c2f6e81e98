import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psRecord } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { decodeMerges, encodeMerges } from '../../../src/wire/psrp/command-merges.ts';
import type { CommandMerges, MergeTarget } from '../../../src/wire/psrp/command-merges.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import type { Statement } from '../../../src/wire/psrp/create-pipeline.ts';
import { noHost } from '../../../src/wire/psrp/host.ts';
import type { PipelineSettings } from '../../../src/wire/psrp/new-pipeline.ts';
import { PsrpServer } from '../../../src/wire/psrp/server.ts';
import { anyText, anyValue } from '../clixml/values.ts';
import { deliver, eventsOf, give, id, openPair, pair, script } from './roles.ts';

const target = fc.constantFrom<MergeTarget>('output', 'error', 'output-and-error');
/** Merges that say of errors the same in both forms, as whatever is read does. */
const anyMerges: fc.Arbitrary<CommandMerges> = fc
  .record({ previousResults: target, error: target, warning: target, verbose: target }, { requiredKeys: [] })
  .map((merges) =>
    merges.error === undefined ? merges : { ...merges, myResult: 'error', toResult: merges.error },
  );
const anyCommand: fc.Arbitrary<PsCommand> = fc
  .record(
    {
      text: anyText,
      isScript: fc.boolean(),
      parameters: fc.array(fc.record({ name: anyText, value: anyValue }, { requiredKeys: ['value'] }), {
        maxLength: 3,
      }),
      useLocalScope: fc.boolean(),
      merge: anyMerges,
    },
    { requiredKeys: ['text', 'isScript', 'parameters'] },
  )
  .map(({ merge, ...command }) =>
    merge === undefined || Object.keys(merge).length === 0 ? command : { ...command, merge },
  );
const anyStatement: fc.Arbitrary<Statement> = fc.array(anyCommand, { minLength: 1, maxLength: 3 });
const anyStatements = fc
  .tuple(anyStatement, fc.array(anyStatement, { maxLength: 2 }))
  .map(([first, others]): readonly [Statement, ...Statement[]] => [first, ...others]);
const anySettings: fc.Arbitrary<Required<Omit<PipelineSettings, 'id' | 'host' | 'rawOutput'>>> = fc.record({
  noInput: fc.boolean(),
  addToHistory: fc.boolean(),
  history: anyText,
  isNested: fc.boolean(),
  invocationDetail: fc.constantFrom('none' as const, 'errors' as const, 'all' as const),
  apartmentState: fc.constantFrom('sta' as const, 'mta' as const, 'unknown' as const),
  redirectErrors: fc.boolean(),
});

describe('a pipeline', () => {
  test('reaches the server as it was made, in fragments of any size, byte by byte', () => {
    fc.assert(
      fc.property(
        anyStatements,
        anySettings,
        fc.integer({ min: 22, max: 400 }),
        (statements, settings, size) => {
          const { client, server } = openPair({ maxFragmentBytes: size });

          const fragments = unwrap(client.createPipeline({ id, statements, ...settings }));
          for (const fragment of fragments) {
            for (const byte of fragment) unwrap(server.receive(Uint8Array.of(byte), id));
          }

          expect(eventsOf(server)).toEqual([
            {
              kind: 'pipeline',
              pipelineId: id,
              commands: statements[0],
              statements,
              host: 'pool',
              ...settings,
            },
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('may have a host of its own, or none', () => {
    const { client, server } = openPair({ host: { info: 'minimal', answer: () => ({ kind: 'done' }) } });
    const own = {
      info: 'minimal',
      answer: () => ({ kind: 'value', value: 'own' }) as const,
    } as const;
    give(unwrap(client.createPipeline({ ...script('x'), host: own })), server);
    server.hostCall(id, { methodId: 1, parameters: [], callId: 1n });
    deliver(server, client, id);
    for (const event of eventsOf(client)) {
      if (event.kind === 'send') give(event.fragments, server);
    }
    const other = '22222222-2222-3333-4444-555555555555';
    for (const fragment of unwrap(client.createPipeline({ ...script('x'), id: other, host: noHost }))) {
      unwrap(server.receive(fragment, other));
    }

    expect(eventsOf(server)).toMatchObject([
      { kind: 'pipeline', host: 'minimal' },
      { kind: 'host-response', value: 'own' },
      { kind: 'pipeline', host: 'none' },
    ]);
  });

  test.each([
    ['2.1', []],
    ['2.2', ['MergeError', 'MergeWarning', 'MergeVerbose', 'MergeDebug']],
    ['2.3', ['MergeError', 'MergeWarning', 'MergeVerbose', 'MergeDebug', 'MergeInformation']],
  ])('for a server of %s merges only what that knows', (version, names) => {
    const { early, late } = encodeMerges({ error: 'output', information: 'output' }, version);

    expect(Object.keys(late)).toEqual(names);
    expect(decodeMerges(psRecord(early))).toEqual({ myResult: 'error', toResult: 'output' });
  });

  test('says what becomes of errors in the old form and the new, whichever was given', () => {
    const bothForms = (merges: CommandMerges) => {
      const { early, late } = encodeMerges(merges, '2.3');
      return decodeMerges(psRecord({ ...early, ...late }));
    };

    const both = { myResult: 'error', toResult: 'output', error: 'output' };
    expect(bothForms({ error: 'output' })).toEqual(both);
    expect(bothForms({ myResult: 'error', toResult: 'output' })).toEqual(both);
    expect(bothForms({ error: 'none', myResult: 'error' })).toEqual({ myResult: 'error' });
    expect(bothForms({})).toEqual({});
    expect(decodeMerges(psRecord({ MergeError: 77 }))).toEqual({});
  });
});

describe('check 11: what is larger than a server takes', () => {
  test('an object of more than 10 MB is refused before anything is sent, and the pipeline goes on', () => {
    const { client, server } = openPair({ maxFragmentBytes: 400_000 });
    give(unwrap(client.createPipeline({ ...script('x'), noInput: false })), server);

    expect(client.input(id, new Uint8Array(8_000_000))).toMatchObject({
      error: { code: 'psrp.object-too-large', details: { maxBytes: 10 * 1024 * 1024 } },
    });

    give(unwrap(client.input(id, 'small')), server);
    expect(eventsOf(server).at(-1)).toMatchObject({ kind: 'input', value: 'small' });
  });

  test('a command with more than 50 MB of input is refused at the object that would be too much', () => {
    const { client } = openPair({ maxFragmentBytes: 400_000 });
    unwrap(client.createPipeline({ ...script('x'), noInput: false }));
    const part = new Uint8Array(7_500_000);
    for (let sent = 0; sent < 5; sent += 1) expect(client.input(id, part).ok).toBe(true);

    expect(client.input(id, part)).toMatchObject({
      error: {
        code: 'psrp.command-too-large',
        hint: 'Split the input over several pipelines.',
      },
    });
    expect(client.endInput(id).ok).toBe(true);
  });
});

describe('a stream of fragments that somebody changed', () => {
  test('gives the server a typed failure or other events, never an exception', () => {
    const { client } = pair();
    const opening = unwrap(client.open());
    fc.assert(
      fc.property(fc.nat(opening.length - 1), fc.nat(255), fc.nat(opening.length), (at, byte, cut) => {
        const server = new PsrpServer({ psVersion: '5.1', protocolVersion: '2.3', maxFragmentBytes: 100 });
        const changed = opening.with(at, byte).subarray(0, Math.max(cut, 50));

        const result = server.receive(changed);

        if (!result.ok) expect(result.error.code).toMatch(/^(psrp|clixml)\./);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the client a typed failure or other events, never an exception', () => {
    const { client: opener, server } = openPair();
    give(unwrap(opener.createPipeline(script('x'))), server);
    server.message(id, 'warning', 'w');
    server.output(id, psRecord({ a: 1 }));
    server.information(id, { data: 'i' });
    const fragments = server.take(id);
    const whole = new Uint8Array(fragments.flatMap((fragment) => [...fragment]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const { client } = openPair();
        unwrap(client.createPipeline(script('x')));

        const result = client.receive(whole.with(at, byte), id);

        if (!result.ok) expect(result.error.code).toMatch(/^(psrp|clixml)\./);
      }),
      { numRuns: 300 },
    );
  });
});
