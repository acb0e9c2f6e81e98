import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../src/core/result.ts';
import { seconds } from '../../src/core/time.ts';
import { first } from '../../src/lab/server/misbehaviour.ts';
import type { Misbehave, Misbehaviour } from '../../src/lab/server/misbehaviour.ts';
import type { ReadScript } from '../../src/ports/scripts.ts';
import { engineBackends, never, serveHost } from '../support/winrm-host.ts';
import type { ServedHost } from '../support/winrm-host.ts';

const script: ReadScript = { kind: 'read', name: 'get.ps1', text: 'Get-Something' };
const pieces = Array.from({ length: 40 }, (_, index) => `${String(index)}-${'x'.repeat(20_000)}`);

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A lab host whose scripts give much output, so that it takes several Receives. */
async function serve(misbehave: Misbehave): Promise<ServedHost & { runs: () => number }> {
  let runs = 0;
  const backends = engineBackends((_, streams) => {
    runs += 1;
    for (const piece of pieces) streams.output(piece);
    return Promise.resolve(ok(undefined));
  });
  const served = await serveHost(backends, { misbehave });
  toClose.push(() => served.server.close());
  return { ...served, runs: () => runs };
}

/** Misbehaves at every third Receive. */
function atEveryThird(how: Misbehaviour): Misbehave {
  let receives = 0;
  return ({ action }) => (action === 'Receive' && (receives += 1) % 3 === 0 ? how : undefined);
}

describe('check 6: reset after request bytes were sent, at a lab host', () => {
  test.each<[string, Misbehaviour]>([
    ['after it was carried out', 'lose-answer'],
    ['before it was carried out', 'drop'],
    ['in the middle of the answer', { kind: 'cut', afterBytes: 5000 }],
    ['by a gateway', 'bad-gateway'],
  ])('a Receive that is lost %s gives each byte of output once and in order', async (_, how) => {
    const served = await serve(atEveryThird(how));
    const session = await served.open();

    const { output } = unwrap(await session.read(script, {}, { timeout: seconds(30) }, never));
    await session.close();

    expect(JSON.stringify(output) === JSON.stringify(pieces)).toBe(true);
    expect(served.runs()).toBe(1);
  });

  test('a Create that is lost after it was carried out makes one shell, which is used and freed', async () => {
    const served = await serve(first(1, 'Create', 'lose-answer'));
    const session = await served.open();

    const openShells = served.host.openShells;
    const { output } = unwrap(await session.read(script, {}, { timeout: seconds(30) }, never));
    await session.close();

    expect(output).toHaveLength(pieces.length);
    expect([openShells, served.host.openShells]).toEqual([1, 0]);
    expect(served.actions().filter((action) => action === 'Create')).toHaveLength(2);
  });

  test('a Delete that is lost after it was carried out is done', async () => {
    const served = await serve(first(1, 'Delete', 'lose-answer'));
    const session = await served.open();

    await session.close();

    expect(served.host.openShells).toBe(0);
    expect(served.actions().filter((action) => action === 'Delete')).toHaveLength(2);
  });

  test('a Command that is lost after it was carried out is never sent twice', async () => {
    const served = await serve(first(1, 'Command', 'lose-answer'));
    const session = await served.open();

    const result = await session.read(script, {}, { timeout: seconds(30) }, never);
    await session.close();

    expect(result).toMatchObject({ error: { code: 'net.reset', details: { sent: true } } });
    expect(served.runs()).toBe(1);
    expect(served.host.openShells).toBe(0);
  });
});

describe('check 5: a lab host that closes the connection after each answer', () => {
  test.each<Misbehaviour>(['close-after', 'announce-close'])(
    '(%s) is logged on to each time',
    async (how) => {
      const served = await serve(({ action }) => (action === 'logon' ? undefined : how));
      const session = await served.open();

      const { output } = unwrap(await session.read(script, {}, { timeout: seconds(30) }, never));
      await session.close();

      expect(JSON.stringify(output) === JSON.stringify(pieces)).toBe(true);
      expect(served.runs()).toBe(1);
      expect(served.host.openShells).toBe(0);
    },
  );
});
