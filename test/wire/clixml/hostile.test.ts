import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toJson } from '../../../src/core/ps-json.ts';
import { psRecord } from '../../../src/core/ps-value.ts';
import type { PsObject } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { ClixmlDecoder, decodeClixml, decodeClixmlStream } from '../../../src/wire/clixml/decode.ts';
import { encodeClixml } from '../../../src/wire/clixml/encode.ts';
import { defaultClixmlLimits } from '../../../src/wire/clixml/limits.ts';

const nested = (depth: number): string =>
  `${'<Obj><LST>'.repeat(depth)}<I32>1</I32>${'</LST></Obj>'.repeat(depth)}`;

describe('CLIXML from a hostile host', () => {
  test('stays refused once something was wrong', () => {
    const decoder = new ClixmlDecoder();
    const first = decoder.write('<S></B>');

    expect(first).toMatchObject({ error: { code: 'clixml.malformed' } });
    expect(decoder.write('<S/>')).toEqual(first);
    expect(decoder.end()).toEqual(first);
  });

  test('objects and type names without ids are read, only nothing can refer to them', () => {
    expect(unwrap(decodeClixml('<Obj><TN><T>A</T></TN></Obj>'))).toMatchObject({ typeNames: ['A'] });
  });

  test('doubles beyond the finite are read and written', () => {
    for (const text of ['NaN', 'INF', '-INF', '-0', '1E+300']) {
      expect(unwrap(encodeClixml(unwrap(decodeClixml(`<Db>${text}</Db>`))))).toBe(`<Db>${text}</Db>`);
    }
    expect(unwrap(decodeClixml('<Db>-Infinity</Db>'))).toBe(-Infinity);
  });

  test.each([
    [
      'a document type',
      '<!DOCTYPE x [<!ENTITY a "b">]><S>&a;</S>',
      'a document type or another declaration is not allowed',
    ],
    ['an unknown entity', '<S>&a;</S>', 'an entity is unknown'],
    ['an entity without an end', '<S>&amp</S>', 'an entity is unknown'],
    ['a reference beyond Unicode', '<S>&#x110000;</S>', 'an entity is unknown'],
    [
      'an unknown entity in a name',
      '<Obj><MS><S N="&a;"/></MS></Obj>',
      'the attributes of <S> are malformed',
    ],
    ['an attribute without quotes', '<S N=a/>', 'the attributes of <S> are malformed'],
    ['an attribute without a value', '<S N />', 'the attributes of <S> are malformed'],
    ['an attribute without a name', '<S ="a"/>', 'the attributes of <S> are malformed'],
    ['a slash inside a tag', '<S /a>', 'the attributes of <S> are malformed'],
    ['a tag without a name', '< S/>', 'a tag has no name'],
    ['an end of another element', '<S></I32>', '</I32> closes <S>'],
    ['an end of nothing', '</S>', '</S> closes nothing'],
    [
      'a value between entries',
      '<Obj><DCT><S>1</S></DCT></Obj>',
      'a dictionary holds something other than entries',
    ],
    [
      'children in a type name',
      '<Obj><TN><T><T/></T></TN></Obj>',
      '<T> has a content that its type cannot have',
    ],
    [
      'children in a part of progress',
      '<PR><AV><S/></AV></PR>',
      '<AV> has a content that its type cannot have',
    ],
    ['an unknown element', '<bad>1</bad>', '<bad> is unknown here'],
    ['an unknown element in an object', '<Obj><bad/></Obj>', '<bad> is unknown here'],
    ['children in a primitive', '<S><S>1</S></S>', '<S> has a content that its type cannot have'],
    ['an integer out of range', '<I32>2147483648</I32>', '<I32> has a content that its type cannot have'],
    ['a long number', `<I64>${'9'.repeat(100)}</I64>`, '<I64> has a content that its type cannot have'],
    [
      'a long integer out of range',
      '<I64>9223372036854775808</I64>',
      '<I64> has a content that its type cannot have',
    ],
    ['a wrong boolean', '<B>yes</B>', '<B> has a content that its type cannot have'],
    ['wrong base64', '<BA>%</BA>', '<BA> has a content that its type cannot have'],
    ['a wrong date', '<DT>yesterday</DT>', '<DT> has a content that its type cannot have'],
    ['a wrong double', '<Db>1,5</Db>', '<Db> has a content that its type cannot have'],
    [
      'a reference to nothing',
      '<Obj RefId="0"><LST><Ref RefId="7"/></LST></Obj>',
      'object 7 is referred to but never sent',
    ],
    ['a reference without id', '<Ref/>', 'object  is referred to but never sent'],
    [
      'type names that were never sent',
      '<Obj><TNRef RefId="3"/></Obj>',
      'type names 3 are referred to but never sent',
    ],
    ['type names without id', '<Obj><TNRef/></Obj>', 'type names  are referred to but never sent'],
    ['a property without a name', '<Obj><MS><S>1</S></MS></Obj>', 'a property has no name'],
    [
      'an entry without a key',
      '<Obj><DCT><En><S N="Value">1</S></En></DCT></Obj>',
      'a dictionary entry lacks its Key or Value',
    ],
    ['two values', '<S>1</S><S>2</S>', 'one value is expected, not 2'],
    ['no value', '', 'one value is expected, not 0'],
    ['text around the value', 'hello<S>1</S>', 'there is text outside of the elements'],
  ])('%s is refused with its reason', (_, text, reason) => {
    expect(decodeClixml(text)).toMatchObject({ error: { code: 'clixml.malformed', details: { reason } } });
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(decodeClixml(new Uint8Array([0x3c, 0xff]))).toMatchObject({ error: { code: 'clixml.malformed' } });
  });

  test('depth, number of elements and length are bounded', () => {
    const limits = { maxDepth: 10, maxElements: 50, maxLength: 1000 };

    expect(decodeClixml(nested(4), { limits }).ok).toBe(true);
    expect(decodeClixml(nested(5), { limits })).toMatchObject({
      error: { code: 'clixml.limit', details: { limit: 'depth 10' } },
    });
    expect(decodeClixml(`<Obj><LST>${'<Nil/>'.repeat(49)}</LST></Obj>`, { limits })).toMatchObject({
      error: { details: { limit: 'elements 50' } },
    });
    expect(decodeClixml(`<S>${'x'.repeat(1000)}</S>`, { limits })).toMatchObject({
      error: { details: { limit: 'length 1000' } },
    });
    expect(decodeClixml(nested(100_000))).toMatchObject({ error: { code: 'clixml.limit' } });
    expect(decodeClixml(nested(defaultClixmlLimits.maxDepth / 2 - 1)).ok).toBe(true);
  });

  test('references that multiply stay small as JSON', () => {
    const double = (id: number): string =>
      id === 0
        ? '<S>x</S>'
        : `<Obj RefId="${id}"><LST>${double(id - 1)}${id === 1 ? '<S>x</S>' : `<Ref RefId="${id - 1}"/>`}</LST></Obj>`;

    const bomb = unwrap(decodeClixml(double(60)));

    expect(JSON.stringify(toJson(bomb)).length).toBeLessThan(40_000_000);
  });

  test('characters that XML forbids are read as PowerShell means them', () => {
    expect(unwrap(decodeClixml('<S>\uffff&#xFFFE;&#65535;&#x0;&#1;&#xD83C;&#x41;&amp;</S>'))).toBe(
      '\uffff\ufffe\uffff\0\u0001\ud83cA&',
    );
    expect(decodeClixml('<S>&#xZZ;</S>').ok).toBe(false);
    expect(decodeClixml('<S>&#x11').ok).toBe(false);
  });

  const outsideOfValues =
    '<?xml version="1.0"?><!-- x > --><Obj RefId=\'0\'\n ><MS >\r\n<S N = "a>b" >a\r\nb\r<![CDATA[<b>]]><!-- y -->&lt;&#xFFFF;</S ></MS></Obj>';

  test('CDATA, comments, white space and line ends are read as XML says', () => {
    expect(unwrap(decodeClixml(outsideOfValues))).toEqual(psRecord({ 'a>b': 'a\nb\n<b><\uffff' }));
  });

  test('that is cut anywhere is the same', () => {
    const whole = decodeClixml(outsideOfValues);
    for (let at = 0; at <= outsideOfValues.length; at += 1) {
      const decoder = new ClixmlDecoder();
      const items = [
        ...unwrap(decoder.write(outsideOfValues.slice(0, at))),
        ...unwrap(decoder.write(outsideOfValues.slice(at))),
        ...unwrap(decoder.end()),
      ];
      expect(items, `cut at ${at}`).toEqual([{ stream: 'output', value: unwrap(whole) }]);
    }
  });

  test('that ends in text outside of the values is refused, in white space it is not', () => {
    expect(decodeClixml('<S/>\r')).toEqual({ ok: true, value: '' });
    expect(decodeClixml('<S/>&#65')).toMatchObject({
      error: { details: { reason: 'an entity is unknown' } },
    });
    expect(decodeClixml('<S/><')).toMatchObject({ error: { details: { reason: 'it is cut short' } } });
  });

  test('ids of objects need not be numbers, nor count', () => {
    const list =
      '<Obj RefId="x"><LST><Obj RefId="7"><S>a</S></Obj><Ref RefId="7"/><Ref RefId="x"/></LST></Obj>';

    const decoded = unwrap(decodeClixml(list)) as PsObject;

    const items = decoded.container?.kind === 'list' ? decoded.container.items : [];
    expect(items[1]).toBe(items[0]);
    expect(items[2]).toBe(decoded);
  });

  test('a reference beside the base value, as Exchange writes it, is passed over', () => {
    expect(unwrap(decodeClixml('<Obj RefId="0"><S>abc</S><Ref RefId="0"/></Obj>'))).toMatchObject({
      base: 'abc',
    });
  });

  test('a document that breaks off is no stream of values', () => {
    expect(decodeClixmlStream('#< CLIXML\n<Objs><S>').ok).toBe(false);
    expect(decodeClixmlStream('#< CLIXML\n<Objs><bad/></Objs>').ok).toBe(false);
    expect(decodeClixmlStream('#< CLIXML\n<!DOCTYPE x>\n#< CLIXML\n<Objs/>').ok).toBe(false);
  });

  test('an encrypted string that was broken into lines can be written again', () => {
    const value = unwrap(decodeClixml('<SS>QU\nJD </SS>'));

    expect(value).toEqual({ kind: 'encryptedString', text: 'QUJD' });
    expect(unwrap(encodeClixml(value))).toBe('<SS>QUJD</SS>');
  });

  test('a document that is wrong all along is refused at its beginning', () => {
    const start = process.cpuUsage().user;

    // Read to their ends, these would keep a processor busy for half a minute each.
    for (const wrong of ['\x01', '</S>', '<<', '<S a ']) {
      const decoded = decodeClixml(`<S>${wrong.repeat(8_000_000 / wrong.length)}`);
      expect(decoded).toMatchObject({ error: { code: 'clixml.malformed' } });
    }

    expect(process.cpuUsage().user - start).toBeLessThan(10_000_000);
  });

  test('any garbage gives a failure, never an exception', () => {
    const tokens = [
      '<Obj RefId="0">',
      '</Obj>',
      '<S>',
      '</S>',
      '<MS>',
      '<DCT>',
      '<En>',
      '<Ref RefId="0"/>',
      '<Nil/>',
      '<PR>',
      '&',
      '<',
      '>',
      '"',
      'N="Key"',
      '_x',
      '<!DOCTYPE',
      ']]>',
      '<?xml',
    ];
    const garbage = fc.oneof(
      fc.array(fc.oneof(fc.constantFrom(...tokens), fc.string())).map((parts) => parts.join('')),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(garbage, (source) => {
        const decoded = decodeClixml(source);
        if (!decoded.ok) expect(decoded.error.code).toMatch(/^clixml\./);
      }),
      { numRuns: 500 },
    );
  });
});
