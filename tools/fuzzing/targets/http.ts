import { ResponseParser } from '../../../src/node/http/response-parser.ts';
import { ContractBroken, mustAgree } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';

const maxBodyBytes = 20_000;

/** Feeds all bytes in pieces, then the end; gives what a connection would act upon. */
function outcome(input: Buffer, step: number): unknown {
  const parser = new ResponseParser(maxBodyBytes);
  for (let at = 0; at < input.length; at += step) {
    const state = parser.push(input.subarray(at, at + step));
    if (state !== 'more') return finished(parser, state);
  }
  return finished(parser, parser.end());
}

function finished(parser: ResponseParser, state: string): unknown {
  if (state !== 'done') return state;
  const { status, headers, body } = parser.response();
  if (body.length > maxBodyBytes) throw new ContractBroken('a body beyond its limit');
  return { status, headers, body };
}

export const httpTargets: readonly FuzzTarget[] = [
  {
    name: 'http-response',
    dictionary: [
      ...[
        'HTTP/1.1 200 OK\r\n',
        'HTTP/1.0 401\r\n',
        'HTTP/1.1 100 Continue\r\n\r\n',
        '\r\n\r\n',
        '\r\n',
        '\n',
      ],
      ...[
        'Content-Length: 5\r\n',
        'Content-Length: 5, 5\r\n',
        'Transfer-Encoding: chunked\r\n',
        'Connection: close\r\n',
      ],
      ...[
        '0\r\n\r\n',
        '5\r\nhello\r\n',
        'ffffffff\r\n',
        '5;x=y\r\n',
        '__proto__: x\r\n',
        ': x\r\n',
        ' folded\r\n',
      ],
    ],
    seeds: () =>
      [
        'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello',
        'HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x\r\n0123456789\r\n0\r\nT: 1\r\n\r\n',
        'HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n\r\nto the end',
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n',
      ].map((text) => Buffer.from(text, 'latin1')),
    run(input) {
      const bytes = Buffer.from(input);
      const whole = outcome(bytes, Math.max(1, bytes.length));
      mustAgree('whole or in pieces', whole, outcome(bytes, 1 + (bytes.length % 13)));
    },
  },
];
