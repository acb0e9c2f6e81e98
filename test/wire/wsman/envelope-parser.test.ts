import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { formatXmlDuration, parseXmlDuration } from '../../../src/wire/wsman/xml-duration.ts';
import { parseXml } from '../../../src/wire/wsman/xml-element.ts';
import { element, text } from '../../../src/wire/wsman/xml-markup.ts';

const utf8 = (source: string): Uint8Array => new TextEncoder().encode(source);
const soap = (header: string, body = '<s:Body/>'): Uint8Array =>
  utf8(
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">${header}${body}</s:Envelope>`,
  );

describe('XML from the other side', () => {
  test('is read by namespace, whatever the prefixes', () => {
    const parsed = parseXml(utf8('<q:a xmlns:q="urn:x" q:n="1" m="2">t<b/><![CDATA[<u>]]></q:a>'));

    expect(parsed).toMatchObject({
      ok: true,
      value: { namespace: 'urn:x', name: 'a', text: 't<u>', children: [{ namespace: '', name: 'b' }] },
    });
    expect(parsed.ok && [...parsed.value.attributes]).toEqual([
      ['q', 'urn:x'],
      ['n', '1'],
      ['m', '2'],
    ]);
  });

  test.each([
    ['nothing', utf8('')],
    ['no XML', utf8('HTTP/1.1 200 OK')],
    ['an end that is missing', utf8('<a><b></b>')],
    ['a prefix that means nothing', utf8('<q:a/>')],
    ['two roots', utf8('<a/><a/>')],
    ['elements after the first offence', utf8('<a><b></a><c/><d/></a>')],
    ['an entity of its own', utf8('<a>&boom;</a>')],
    ['bytes that are no UTF-8', Uint8Array.of(0x3c, 0x61, 0xff, 0x2f, 0x3e)],
  ])('is refused with %s', (_, bytes) => {
    expect(parseXml(bytes).ok).toBe(false);
  });

  test('may not declare a document type, so no entity can grow', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>';

    expect(parseXml(utf8(bomb))).toEqual({ ok: false, error: 'it declares a document type' });
  });

  test('is bounded in depth and in elements', () => {
    const deep = '<a>'.repeat(50_000) + '</a>'.repeat(50_000);
    const wide = `<a>${'<b/>'.repeat(60_000)}</a>`;

    expect(parseXml(utf8(deep))).toEqual({ ok: false, error: 'it is nested too deeply' });
    expect(parseXml(utf8(wide))).toEqual({ ok: false, error: 'it has too many elements' });
  });
});

describe('an envelope', () => {
  test.each([
    ['is not SOAP 1.2', utf8('<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>')],
    ['has no header', soap('')],
    ['has no body', soap('<s:Header/>', '')],
    ['names no action', soap('<s:Header/>')],
  ])('that %s is malformed', (_, bytes) => {
    expect(parseEnvelope(bytes, 'Receive')).toMatchObject({
      ok: false,
      error: { code: 'wsman.malformed', details: { action: 'Receive' } },
    });
  });

  test('leaves out what it cannot read of optional headers', () => {
    const header =
      '<s:Header><a:Action>x</a:Action><w:MaxEnvelopeSize>many</w:MaxEnvelopeSize><w:OperationTimeout>soon</w:OperationTimeout><w:OptionSet><w:Option>v</w:Option></w:OptionSet></s:Header>';

    expect(parseEnvelope(soap(header), 'x')).toMatchObject({
      ok: true,
      value: {
        messageId: '',
        maxEnvelopeBytes: undefined,
        operationTimeout: undefined,
        options: new Map([['', 'v']]),
      },
    });
  });
});

describe('markup', () => {
  test('escapes what XML reserves, keeps line ends, and replaces what XML cannot hold', () => {
    expect(text('<&>"\r\n\t')).toBe('&#60;&#38;&#62;&#34;&#13;&#10;&#9;');
    expect(text('a\0b\ud800c\uffff')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(text('plain 😀')).toBe('plain 😀');
    expect(element('a', { b: '"', c: undefined })).toBe('<a b="&#34;"/>');
  });
});

describe('durations', () => {
  test.each([
    ['PT20S', 20_000],
    ['PT7200.000S', 7_200_000],
    ['PT0.250S', 250],
    ['P0DT0H0M0S', 0],
    ['P1DT2H3M4S', 93_784_000],
    ['PT2147483.647S', 2_147_483_647],
  ])('%s', (source, expected) => {
    expect(parseXmlDuration(source)).toBe(expected);
  });

  test.each(['', 'P', 'PT', '20', 'PT-1S', 'P1Y', 'PT1.S', 'PT20S x'])('%j is none', (source) => {
    expect(parseXmlDuration(source)).toBeUndefined();
  });

  test('are written with milliseconds only where there are some', () => {
    expect(formatXmlDuration(milliseconds(20_000))).toBe('PT20S');
    expect(formatXmlDuration(milliseconds(1_050))).toBe('PT1.050S');
  });
});
