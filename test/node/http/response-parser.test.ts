import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseParser } from '../../../src/node/http/response-parser.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const parse = (text: string, max = 1000): ResponseParser & { state: string } => {
  const parser = new ResponseParser(max);
  return Object.assign(parser, { state: parser.push(latin1(text)) });
};
const bodyOf = (parser: ResponseParser): string => Buffer.from(parser.response().body).toString('latin1');

const answers: readonly [string, string, string, boolean][] = [
  ['by length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'hello', true],
  ['empty', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n', '', true],
  ['without content', 'HTTP/1.1 204 No Content\r\n\r\n', '', true],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: z\r\n\r\n',
    'hello',
    true,
  ],
  [
    'behind an interim one',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
    'x',
    true,
  ],
  ['that closes', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 1\r\n\r\nx', 'x', false],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', 'x', false],
  [
    'of HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx',
    'x',
    true,
  ],
  ['without a reason', 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx', 'x', true],
];

describe.each(answers)('an answer %s', (_, text, body, goesOn) => {
  test('is read whole and byte by byte', () => {
    const whole = parse(text);
    const piecewise = new ResponseParser(1000);
    const states = [...latin1(text)].map((byte) => piecewise.push(Buffer.of(byte)));

    expect([whole.state, bodyOf(whole), whole.canGoOn]).toEqual(['done', body, goesOn]);
    expect(states.slice(0, -1).every((state) => state === 'more')).toBe(true);
    expect([states.at(-1), bodyOf(piecewise), piecewise.canGoOn]).toEqual(['done', body, goesOn]);
  });

  test('cut short anywhere is not done', () => {
    for (let length = 0; length < text.length; length++) {
      const parser = parse(text.slice(0, length));
      expect([parser.state, parser.end()]).toEqual(['more', 'more']);
    }
  });
});

test('an answer without a length lasts until the socket closes', () => {
  const parser = parse('HTTP/1.1 200 OK\r\n\r\nsome');

  expect(parser.push(latin1(' more'))).toBe('more');
  expect([parser.end(), bodyOf(parser), parser.canGoOn]).toEqual(['done', 'some more', false]);
});

test('repeated headers are kept in order, names in lower case', () => {
  const parser = parse(
    'HTTP/1.1 401 X\r\nWWW-Authenticate: A\r\nwww-authenticate: B \r\nContent-Length: 0\r\n\r\n',
  );

  expect(parser.response().headers['www-authenticate']).toEqual(['A', 'B']);
});

test('bytes behind the answer make the socket useless', () => {
  const parser = parse('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy');

  expect([parser.state, bodyOf(parser), parser.canGoOn]).toEqual(['done', 'x', false]);
});

test.each([
  ['SSH-2.0-OpenSSH_9.2\r\n'],
  ['HTTP/2.0 200 OK\r\n\r\n'],
  ['HTTP/1.1 two hundred\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nno colon\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n'],
  ['\x15\x02\x01\0\x02\x02'],
])('%j is not HTTP', (text) => {
  expect(parse(text).state).toBe('not-http');
});

test.each(['\x15\x03\x03\0\x02\x02', '\x16\x03\x01', '\x15'])('%j is TLS', (text) => {
  expect(parse(text).state).toBe('tls');
});

test.each([
  ['a long body', 'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'],
  ['many chunks', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(1001)}`],
  ['a body without end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(1001)}`],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(12_000)}`],
  ['an endless chunk size', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'0'.repeat(9000)}`],
])('%s is too large', (_, text) => {
  expect(parse(text).state).toBe('too-large');
});

test('any bytes are read or refused, never thrown over', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('HTTP/1.1 200 OK\r\n', '\r\n', '5\r\n'))),
      (parts) => {
        const parser = new ResponseParser(100);
        for (const part of parts) if (parser.push(latin1(part)) !== 'more') break;
        expect(['more', 'done', 'not-http', 'too-large']).toContain(parser.end());
      },
    ),
  );
});

test('a response that is not complete cannot be taken', () => {
  expect(() => new ResponseParser(1).response()).toThrow(/not complete/);
});
