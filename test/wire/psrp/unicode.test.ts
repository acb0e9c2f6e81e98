import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson } from '../../../src/core/ps-json.ts';
import { unwrap } from '../../../src/core/result.ts';
import { anyText } from '../clixml/values.ts';
import { eventsOf, give, id, openPair, script } from './roles.ts';

/** Emoji, combining marks, right to left, NUL, escapes that are text, lone surrogates, non-characters, markup. */
const torture = [
  '🏳️‍🌈 é\u0301 e\u0301 שָׁלוֹם مرحبا \u202e',
  '\0\u0001\u001b\u007f\u009f\r\n\t ',
  '_x000A_ _x005F_x0041_ _X0041_ _x',
  '\ud83c',
  '\udfb5 \udfb5\ud83c',
  '\ufeff\ufffe\uffff',
  '<&>"\'&amp;&#10;]]>',
];

describe('check 15: Unicode between both roles', () => {
  test('is the same in both directions, cut anywhere, even inside a character', () => {
    const { client, server } = openPair({ maxFragmentBytes: 40 }, { maxFragmentBytes: 41 });
    give(unwrap(client.createPipeline(script(torture.join(''), fromJson(torture)))), server);
    server.output(id, fromJson(torture));
    for (const text of torture) server.output(id, text);

    const [created] = eventsOf(server);
    for (const fragment of server.take(id)) {
      for (const byte of fragment) unwrap(client.receive(Uint8Array.of(byte), id));
    }

    expect(created).toMatchObject({
      commands: [{ text: torture.join(''), parameters: [{ value: fromJson(torture) }] }],
    });
    expect(eventsOf(client).map((event) => event.kind === 'output' && event.value)).toEqual([
      fromJson(torture),
      ...torture,
    ]);
  });

  test('is the same whatever the text and wherever it is split over two Receives', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, at) => {
        const { client, server } = openPair({ maxFragmentBytes: 500 });
        give(unwrap(client.createPipeline(script('x'))), server);
        server.output(id, text);
        const bytes = new Uint8Array(server.take(id).flatMap((fragment) => [...fragment]));
        const cut = at % bytes.length;

        unwrap(client.receive(bytes.subarray(0, cut), id));
        unwrap(client.receive(bytes.subarray(cut), id));

        expect(eventsOf(client)).toEqual([{ kind: 'output', pipelineId: id, value: text }]);
      }),
    );
  });
});
