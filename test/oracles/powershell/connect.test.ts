import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/core/time.ts';
import { pwshBackends } from '../../../src/lab/server/pwsh-backend.ts';
import { systemProcesses } from '../../../src/node/child-process.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { clientOf } from '../../support/api-client.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

const counting = 'foreach ($number in 1..8) { $number; [Threading.Thread]::Sleep(250) }';

oracle(
  'a real PowerShell that is left alone, and taken up again',
  () => findPowerShell() !== undefined,
  () => {
    let served: ServedHost;
    beforeAll(async () => {
      const program = findPowerShell() ?? '';
      served = await serveHost(pwshBackends({ program, processes: systemProcesses, timers: systemTimers }), {
        limits: { vanishGrace: milliseconds(100) },
      });
    });
    afterAll(async () => {
      await served.host.restart();
      await served.server.close();
    });

    describe('check 21', () => {
      test('another client collects what ran on meanwhile, exactly once, and works on in the pool', async () => {
        const first = clientOf(served);
        const second = clientOf(served);
        const left = await first.openPool({ name: 'left alone' });
        const pipeline = left.start(counting);
        const records = pipeline[Symbol.asyncIterator]();
        expect((await records.next()).value).toMatchObject({ value: 1 });

        await left.disconnect({ idleTimeout: '5m' });
        await first.close();
        const [shell] = await second.shells();
        const [command] = await second.commands(shell!.shellId);
        const pool = await second.connectPool(shell!.shellId);
        const result = await pool.connectPipeline(command!.commandId).result;

        expect(shell).toMatchObject({ state: 'Disconnected' });
        expect(result).toMatchObject({ state: 'Completed', errors: [] });
        // What the first client had fetched before it left is not given again.
        expect(result.output.at(-1)).toBe(8);
        expect(result.output).toEqual([...result.output].sort((a, b) => Number(a) - Number(b)));
        expect(new Set(result.output).size).toBe(result.output.length);
        expect(result.output.length).toBeGreaterThan(3);
        expect((await pool.invoke('$PID -gt 0')).output).toEqual([true]);
        await second.close();
        expect(served.host.openShells).toBe(0);
      });

      test('the same client takes it up again and misses nothing', async () => {
        await using client = clientOf(served);
        const pool = await client.openPool();
        const pipeline = pool.start(counting);
        const reading = pipeline.result;
        await expect.poll(() => served.actions().at(-1), { timeout: 15_000 }).toBe('Receive');

        await pool.disconnect();
        await expect
          .poll(async () => (await client.shells())[0]?.state, { timeout: 15_000 })
          .toBe('Disconnected');
        await pool.reconnect();

        expect((await reading).output).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
      });
    });

    test('a script that writes more than is kept waits for its reader', async () => {
      await using client = clientOf(served);
      const pool = await client.openPool();
      const pipeline = pool.start('foreach ($number in 1..1500) { "$number " + \'x\' * 10000 }');
      const seen: string[] = [];
      for await (const record of pipeline) {
        if (record.stream !== 'output') continue;
        seen.push((record.value as string).split(' ')[0] ?? '');
        // Others get their turn between records, as with a reader that has work to do.
        await new Promise((resolve) => setImmediate(resolve));
      }

      expect(seen).toEqual(Array.from({ length: 1500 }, (_, index) => String(index + 1)));
    });
  },
);
