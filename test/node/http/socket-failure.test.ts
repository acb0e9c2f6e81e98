import { expect, test } from 'vitest';
import { seconds } from '../../../src/core/time.ts';
import { connectFailure } from '../../../src/node/http/socket-failure.ts';

const endpoint = { address: 'fs-01', port: 5985, connectTimeout: seconds(30) };
const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

test.each([
  ['ENOTFOUND', 'net.name-not-found', /found no such name/],
  ['EAI_AGAIN', 'net.name-not-found', /no answer from the name servers/],
  ['ECONNREFUSED', 'net.refused', /was refused/],
  ['EHOSTUNREACH', 'net.unreachable', /no way to fs-01:5985 from here \(EHOSTUNREACH\)/],
  ['ENETUNREACH', 'net.unreachable', /ENETUNREACH/],
  ['ENETDOWN', 'net.unreachable', /ENETDOWN/],
  ['EHOSTDOWN', 'net.unreachable', /EHOSTDOWN/],
  ['ECONNRESET', 'net.reset', /closed by the other side/],
  ['ETIMEDOUT', 'net.timeout', /Connecting to fs-01:5985 timed out after 30s/],
  ['EMFILE', 'net.failed', /failed: EMFILE/],
])('%s of the system is %s', (code, expected, message) => {
  const found = connectFailure(endpoint, systemError(code));

  expect(found).toMatchObject({ code: expected, details: { address: 'fs-01', port: 5985, sent: false } });
  expect(found.message).toMatch(message);
});

test('an error without a code keeps its words', () => {
  expect(connectFailure(endpoint, new Error('odd')).message).toMatch(/failed: odd/);
});
