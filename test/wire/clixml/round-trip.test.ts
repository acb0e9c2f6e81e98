import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretOf } from '../../../src/core/ps-credential.ts';
import { psList, psObject, psRecord } from '../../../src/core/ps-value.ts';
import type { PsObject, PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { ClixmlDecoder, decodeClixml, decodeClixmlStream } from '../../../src/wire/clixml/decode.ts';
import { encodeClixml, encodeClixmlDocument } from '../../../src/wire/clixml/encode.ts';
import { escapeText, unescapeText } from '../../../src/wire/clixml/escape.ts';
import { anyText, anyValue } from './values.ts';

const encoded = (value: PsValue): string => unwrap(encodeClixml(value));

describe('CLIXML', () => {
  test('gives back any value that was written', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(unwrap(decodeClixml(encoded(value)))).toEqual(value);
      }),
    );
  });

  test('gives back any text, whatever code units it has', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeText(escapeText(text))).toBe(text);
        expect(unwrap(decodeClixml(encoded(text)))).toBe(text);
      }),
    );
  });

  test('leaves alone what is no full escape', () => {
    for (const text of ['_x', '_x004', '_x0041', '_x0041x', '_x004G_', '_X0041_', '__x']) {
      expect(unescapeText(text)).toBe(text);
    }
    expect(unescapeText('_x_x0041__x0042_')).toBe('_xAB');
  });

  test('is the same whether it arrives whole or character by character', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const decoder = new ClixmlDecoder();
        const items = [...`\ufeff${encoded(value)}`].flatMap((character) => unwrap(decoder.write(character)));
        expect(unwrap(decoder.end())).toEqual([]);
        expect(items).toEqual([{ stream: 'output', value }]);
      }),
    );
  });

  test('cut short is refused at every length', () => {
    const whole = encoded(psRecord({ Text: 'a&b', List: psList([1, null]) }));
    for (let length = 0; length < whole.length; length++) {
      expect(decodeClixml(whole.slice(0, length))).toMatchObject({ error: { code: 'clixml.malformed' } });
    }
  });

  test('writes an object that occurs again as a reference, and reads it as the same object', () => {
    const shared = psList([1]);
    const items: PsValue[] = [shared, shared];
    const cyclic: PsObject = psObject({ container: { kind: 'list', items } });
    items.push(cyclic);

    const decoded = unwrap(decodeClixml(encoded(cyclic))) as PsObject;

    const [first, second, third] = decoded.container?.kind === 'list' ? decoded.container.items : [];
    expect(first).toEqual(shared);
    expect(second).toBe(first);
    expect(third).toBe(decoded);
  });

  test('names the types of many objects once', () => {
    const text = encoded(psList([psList([]), psList([])]));

    expect(text.match(/<TN /g)).toHaveLength(1);
    expect(text.match(/<TNRef RefId="0" \/>/g)).toHaveLength(2);
  });

  test('gives the items of a document as soon as each is complete', () => {
    const decoder = new ClixmlDecoder();

    const [first, rest] = unwrap(
      encodeClixmlDocument([
        { stream: 'output', value: 1 },
        { stream: 'error', value: 'bad' },
      ]),
    ).split('<S S=');

    expect(unwrap(decoder.write(first ?? ''))).toEqual([{ stream: 'output', value: 1 }]);
    expect(unwrap(decoder.write(`<S S=${rest ?? ''}`))).toEqual([{ stream: 'error', value: 'bad' }]);
  });

  test('of secrets is encrypted under the key of the session; without one it is refused', () => {
    const cipher = {
      encrypt: (secret: Secret) => secret.reveal(),
      decrypt: (text: string) => (text === 'QQ==' ? new Secret('A') : undefined),
    };
    const value: PsValue = { kind: 'secureString', secret: new Secret('QQ==') };

    expect(encodeClixml(value)).toMatchObject({ error: { code: 'psrp.no-session-key' } });
    expect(encodeClixmlDocument([{ stream: 'output', value }])).toMatchObject({
      error: { code: 'psrp.no-session-key' },
    });
    expect(unwrap(encodeClixml(value, cipher))).toBe('<SS>QQ==</SS>');
    expect(secretOf(unwrap(decodeClixml('<SS>QQ==</SS>', { cipher })))?.reveal()).toBe('A');
    expect(unwrap(decodeClixml('<SS>QQ==</SS>'))).toEqual({ kind: 'encryptedString', text: 'QQ==' });
    expect(decodeClixml('<SS>QUE=</SS>', { cipher })).toMatchObject({ error: { code: 'clixml.malformed' } });
  });

  test('refuses values that PowerShell could not read for their depth', () => {
    const nested = (depth: number): PsValue => {
      let value: PsValue = 1;
      for (let level = 0; level < depth; level += 1) value = psList([value]);
      return value;
    };

    expect(encodeClixml(nested(48)).ok).toBe(true);
    expect(encodeClixml(nested(49))).toMatchObject({ error: { code: 'clixml.too-deep' } });
    expect(encodeClixml(psList([nested(40), nested(40), nested(10_000)]))).toMatchObject({ ok: false });
  });

  test('of whole documents keeps the stream of each item', () => {
    const items = [
      { stream: 'output', value: 1 },
      { stream: 'error', value: 'bad' },
    ];
    const document = unwrap(encodeClixmlDocument(items));

    expect(unwrap(decodeClixmlStream(document))).toEqual(items);
    expect(unwrap(decodeClixmlStream(`#< CLIXML\r\n${document}#< CLIXML\r\n${document}`))).toEqual([
      ...items,
      ...items,
    ]);
    expect(unwrap(decodeClixmlStream('plain text'))).toBeUndefined();
  });
});
