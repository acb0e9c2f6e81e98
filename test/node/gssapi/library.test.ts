import { expect, test } from 'vitest';
import { loadGssapi } from '../../../src/node/gssapi/library.ts';
import type { GssFunction } from '../../../src/node/gssapi/library.ts';
import { WaitingCalls } from '../../../src/node/gssapi/waiting-calls.ts';

test.each(['darwin', 'win32', 'freebsd'] as const)(
  'on %s Kerberos is not there, and the failure says what to do instead',
  async (platform) => {
    expect(await loadGssapi(platform)).toMatchObject({
      error: {
        code: 'auth.kerberos-unavailable',
        message: expect.stringContaining(platform) as string,
        hint: expect.stringContaining('ansible_psrp_auth: ntlm') as string,
      },
    });
  },
);

/** A call into the library that lasts until it is told what came of it. */
function pending(): { call: GssFunction; ends: ((error: unknown, major: number) => void)[] } {
  const ends: ((error: unknown, major: number) => void)[] = [];
  const call: GssFunction = Object.assign(() => 0, {
    async: (...args: readonly unknown[]) => {
      ends.push(args.at(-1) as (error: unknown, major: number) => void);
    },
  });
  return { call, ends };
}

test('no more than two calls wait at a time, and the others follow in order', async () => {
  const waiting = new WaitingCalls();
  const { call, ends } = pending();

  const calls = [1, 2, 3, 4].map((argument) => waiting.run(call, argument));
  expect(ends).toHaveLength(2);
  ends[0]?.(null, 10);
  expect(await calls[0]).toBe(10);
  expect(ends).toHaveLength(3);
  for (const [index, major] of [20, 30].entries()) ends[index + 1]?.(null, major);
  expect(await Promise.all([calls[1], calls[2]])).toEqual([20, 30]);
  ends[3]?.(null, 40);

  expect(await calls[3]).toBe(40);
});

test('a call that breaks off gives its place on, too', async () => {
  const waiting = new WaitingCalls(1);
  const { call, ends } = pending();

  const [first, second, third] = [1, 2, 3].map((argument) => waiting.run(call, argument));
  ends[0]?.(new Error('no memory'), 0);
  await expect(first).rejects.toThrow('no memory');
  ends[1]?.('what', 0);
  await expect(second).rejects.toThrow('did not come back');
  ends[2]?.(null, 0);

  expect(await third).toBe(0);
});
