import { toJson } from '../../../src/core/ps-json.ts';
import { psList, psRecord } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { ClixmlDecoder, decodeClixml, decodeClixmlStream } from '../../../src/wire/clixml/decode.ts';
import { encodeClixml, encodeClixmlDocument } from '../../../src/wire/clixml/encode.ts';
import { toPlain } from '../../../src/remote/api/plain-value.ts';
import { holdsSealedString, openSealedStrings } from '../../../src/wire/psrp/sealed-strings.ts';
import { ContractBroken, mustAgree, valueOf } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';

const date = '2026-11-25T02:00:00.1234567Z';
const values: readonly PsValue[] = [
  { kind: 'encryptedString', text: 'QUJD' },
  ...[null, true, 'text', 'a_x000A_\0\ud800 <&> 🎉', 5, 1.5, 2n ** 60n, new Uint8Array(10)],
  { kind: 'dateTime', text: date },
  { kind: 'guid', text: '2d6534d0-6b12-40e3-b773-cba26459cfa8' },
  { kind: 'decimal', text: '1.10' },
  { kind: 'timeSpan', text: 'PT1.5S' },
  { kind: 'uint64', value: 2n ** 64n - 1n },
  { kind: 'char', code: 0xd800 },
  psRecord({ Name: 'spooler', Status: 4, Services: psList(['a', 'b']) }, ['System.X', 'System.Object']),
  psList([psRecord({ A: psRecord({ B: psList([]) }) }), { kind: 'byte', value: 255 }]),
];

const dictionary = [
  ...[
    '<Obj RefId="0">',
    '</Obj>',
    '<Ref RefId="0" />',
    '<TN RefId="0">',
    '<TNRef RefId="0" />',
    '<MS>',
    '<Props>',
  ],
  ...[
    '<LST>',
    '<IE>',
    '<QUE>',
    '<STK>',
    '<DCT>',
    '<En>',
    '<S N="Key">',
    '<S N="Value">',
    '<I32>',
    '<Nil />',
    '<BA>',
  ],
  ...[
    '<S>',
    '<C>',
    '<DT>',
    '<TS>',
    '<U64>',
    '<D>',
    '<Db>',
    '<Sg>',
    '<G>',
    '<URI>',
    '<Version>',
    '<XD>',
    '<SBK>',
    '<SS>',
  ],
  ...[
    '<PR>',
    '<AV>',
    '<ToString>',
    '_x000A_',
    '_xD83C_',
    '_x005F_',
    '&#xFFFF;',
    '&#xD800;',
    '&#x0;',
    '&amp;',
    '&lt;',
  ],
  ...[
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '<![CDATA[',
    ']]>',
    '\xef\xbb\xbf',
    '\xf0\x9f\x8e\x89',
    '#< CLIXML\r\n',
    '<Objs ',
  ],
];

const noCipher = { encrypt: () => '', decrypt: () => undefined };

/** Reads a text in some dozens of pieces; a tag that is cut is read from its beginning again. */
function countInPieces(text: string): number | undefined {
  const decoder = new ClixmlDecoder();
  const length = Math.max(7, text.length >> 6);
  let count = 0;
  for (let at = 0; at < text.length; at += length) {
    const items = valueOf(decoder.write(text.slice(at, at + length)));
    if (items === undefined) return undefined;
    count += items.length;
  }
  const rest = valueOf(decoder.end());
  return rest && count + rest.length;
}

/** What was read and can be written can be read again; all of it can be shown, and searched for secrets. */
function mustRoundTrip(value: PsValue): void {
  toJson(value);
  toPlain(value);
  if (holdsSealedString(value)) openSealedStrings(value, noCipher);
  const written = valueOf(encodeClixml(value));
  if (written === undefined) return;
  const again = decodeClixml(written);
  if (!again.ok) throw new ContractBroken(`what we wrote we cannot read: ${again.error.message}`);
}

export const clixmlTargets: readonly FuzzTarget[] = [
  {
    name: 'clixml',
    shape: 'xml',
    dictionary,
    seeds: () => values.map((value) => Buffer.from(valueOf(encodeClixml(value)) ?? '')),
    run(input) {
      const value = valueOf(decodeClixml(input));
      if (value !== undefined) mustRoundTrip(value);
    },
  },
  {
    name: 'clixml-stream',
    shape: 'xml',
    dictionary,
    seeds: () => {
      const document =
        valueOf(encodeClixmlDocument(values.map((value) => ({ stream: 'error', value })))) ?? '';
      return [document, `#< CLIXML\r\n${document}`, 'plain text'].map((text) => Buffer.from(text));
    },
    run(input) {
      const text = new TextDecoder().decode(input);
      const whole = valueOf(decodeClixmlStream(text));
      if (whole === undefined || text.includes('#<')) return;
      mustAgree('values whole and in pieces', whole.length, countInPieces(text));
    },
  },
];
