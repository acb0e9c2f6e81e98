import { expect, test } from 'vitest';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { systemClock } from '../../src/node/clock.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import { survey } from '../../src/survey/survey.ts';
import { findPowerShell } from '../support/powershell.ts';
import { oracle } from '../support/oracles.ts';
import { StandInWindows } from './stand-in-windows.ts';
import { windows2019 } from './windows-2019.ts';

oracle(
  'a whole survey of a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    test('gives facts and a state for every control of the catalog', async () => {
      const windows = await StandInWindows.start();
      await windows.become(windows2019());

      const observed = await survey(windows.session, {
        controls: controlCatalog.values(),
        scripts: packagedScripts(),
        now: () => systemClock.now(),
        signal: new AbortController().signal,
      });
      await windows.stop();

      expect(observed).toMatchObject({ ok: true, value: { reach: 'ok', facts: { computerName: 'FS-01' } } });
      const { controls = {}, clockOffsetMs = Infinity } = observed.ok ? observed.value : {};
      expect(Object.keys(controls).sort()).toEqual([...controlCatalog.keys()].sort());
      for (const control of Object.values(controls)) expect(control).toHaveProperty('state');
      expect(Math.abs(clockOffsetMs)).toBeLessThan(10_000);
    });
  },
);
