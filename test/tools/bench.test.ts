import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compared } from '../../tools/benching/result.ts';
import { median } from '../../tools/benching/statistics.ts';
import { formatTable } from '../../tools/benching/table.ts';
import { BenchLab } from '../../tools/benching/winrm/lab.ts';
import { ourClient as newClient } from '../../tools/benching/winrm/our-client.ts';
import { difference, limitMs, roundTripsOf } from '../../tools/benching/winrm/round-trips.ts';
import { benchWire } from '../../tools/benching/winrm/wire.ts';
import { thinkMs } from '../../tools/benching/winrm/work.ts';

const time = { name: 'a script', unit: 'ms', better: 'less' } as const;

describe('a figure', () => {
  test('has a ratio above 1 where it is better than the peer’s, whether less or more is good', () => {
    const rate = { name: 'a rate', unit: 'MB/s', better: 'more' } as const;

    expect(compared(time, 50, { name: 'peer', value: 120 })).toMatchObject({
      ours: 50,
      peer: 120,
      ratio: 2.4,
    });
    expect(compared(rate, 50, { name: 'peer', value: 100 })).toMatchObject({ ratio: 0.5 });
  });

  test('has no peer and no ratio where there is nobody to compare with', () => {
    expect(compared(time, 1234.56)).toEqual({ name: 'a script', unit: 'ms', ours: 1235 });
  });

  test('is shown in a line, with its notes below', () => {
    const table = formatTable([compared(time, 50, { name: 'pywinrm 0.3', value: 120 }, 'aim met')]);

    expect(table.split('\n')).toEqual([
      '          ours  peer  ratio  unit',
      'a script    50   120   2.4×  ms',
      '    peer: pywinrm 0.3; aim met',
    ]);
  });

  test('is the middle one of several', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });
});

describe('round trips', () => {
  const cold = { scripts: 1, isWarm: false };
  const seen = {
    connections: 1,
    actions: { logon: 2, Create: 1, Receive: 2, Command: 1, Signal: 1, Delete: 1 },
  };

  test('on the path of a result leave out what a client does behind it', () => {
    expect(roundTripsOf(seen, { ...cold, cleansUpLater: true })).toEqual({ requests: 8, onPath: 7 });
    expect(roundTripsOf(seen, { ...cold, cleansUpLater: false })).toEqual({ requests: 8, onPath: 9 });
  });

  test('of a warm client leave out that it connects once more for what comes behind', () => {
    const later = { connections: 1, actions: { logon: 2, Command: 10, Receive: 10, Signal: 10 } };

    const trips = roundTripsOf(later, { scripts: 10, cleansUpLater: true, isWarm: true });

    expect(trips).toEqual({ requests: 3.2, onPath: 2 });
  });

  test('make the limit together with what the host thinks', () => {
    expect(limitMs({ requests: 2, onPath: 2 }, 20)).toBe(40 + thinkMs);
  });

  test('of two jobs are told apart by what one did more', () => {
    const more = { connections: 1, actions: { ...seen.actions, Command: 11, Receive: 12 } };

    expect(roundTripsOf(difference(more, seen), { scripts: 10, cleansUpLater: true, isWarm: true })).toEqual({
      requests: 2,
      onPath: 2,
    });
  });
});

describe('the lab of the benchmark', { timeout: 120_000 }, () => {
  const lab = new BenchLab();
  const ourClient = newClient();
  beforeAll(() => lab.start(2, { tarpits: 1, dead: 1 }));
  afterAll(() => lab.stop());

  test('counts what our client asks for: six requests cold, two a script when it is warm', async () => {
    const port = lab.sites[1].healthy[0] ?? 0;

    await ourClient.run({ kind: 'cold', port, count: 1 });
    const cold = await lab.count();
    await ourClient.run({ kind: 'warm', port, count: 5 });
    const warm = await lab.count();
    await ourClient.run({ kind: 'warm', port, count: 0 });
    const nothing = await lab.count();

    expect(roundTripsOf(cold, { scripts: 1, cleansUpLater: true, isWarm: false })).toEqual({
      requests: 7,
      onPath: 7,
    });
    expect(
      roundTripsOf(difference(warm, nothing), { scripts: 5, cleansUpLater: true, isWarm: true }).onPath,
    ).toBe(2);
  });

  test('sees one request less where the last leg of the logon goes with the first message', async () => {
    const job = { kind: 'cold', port: lab.sites[0].healthy[0] ?? 0, count: 1 } as const;
    await lab.count();

    await ourClient.run({ ...job, handshake: 'together' });

    const { actions } = await lab.count();
    expect(actions).toMatchObject({ logon: 1, Create: 1, Command: 1 });
  });

  test('keeps far hosts as far away as it says', async () => {
    const [near, far] = lab.sites;
    const wall = async (port = 0): Promise<number> => {
      const { wallMs } = await ourClient.run({ kind: 'warm', port, count: 5 });
      return Math.min(...wallMs);
    };

    const [here, there] = [await wall(near.healthy[1]), await wall(far.healthy[1])];

    expect(here).toBeGreaterThanOrEqual(thinkMs);
    // The host thinks while its answer to Command is on the way.
    expect(there).toBeGreaterThanOrEqual(2 * far.addedMs);
  });

  test('has hosts that are gone and hosts that never answer, which a fleet gives up', async () => {
    const [{ healthy, dead, tarpits }] = lab.sites;
    const ports = [...healthy, ...dead, ...tarpits];

    const job = { kind: 'fleet', ports, scripts: 2, forks: 4, giveUpSeconds: 1 } as const;
    const { answered, wallMs } = await ourClient.run(job);

    expect(answered).toBe(2);
    expect(wallMs[0]).toBeGreaterThanOrEqual(1000);
  });

  test.each([
    ['bytes', true],
    ['bytes', false],
    ['objects', true],
  ] as const)('gives much output as %s (sealed: %s)', async (as, sealed) => {
    const [{ healthy, open }] = lab.sites;
    const port = sealed ? (healthy[0] ?? 0) : open;

    const { wallMs } = await ourClient.run({ kind: 'download', port, megabytes: 1, as, sealed });

    expect(wallMs).toHaveLength(1);
  });
});

test('the codecs are measured on data that they take', () => {
  const results = benchWire(1, () => undefined);

  expect(results.map(({ ours }) => ours > 0)).not.toContain(false);
  expect(results.length).toBeGreaterThanOrEqual(8);
});
