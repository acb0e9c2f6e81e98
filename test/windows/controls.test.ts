import { afterAll, beforeAll, expect, test } from 'vitest';
import { WriteResult } from '../../src/model/script-results.ts';
import { controlCases } from '../controls/control-case.ts';
import { findPowerShell } from '../support/powershell.ts';
import { oracle } from '../support/oracles.ts';
import { StandInWindows } from './stand-in-windows.ts';

/** Restoring that one would keep Workstation from starting, so the script refuses. */
const trap = 'smb1-feature/driver-trap-2008r2.json';
const isThere = (): boolean => findPowerShell() !== undefined;

oracle('the scripts of the controls in a real PowerShell', isThere, () => {
  let windows: StandInWindows;
  beforeAll(async () => {
    windows = await StandInWindows.start();
  });
  afterAll(async () => {
    await windows.stop();
  });

  test.each(controlCases())('$control reads: $title', async ({ control, windows: like, state }) => {
    await windows.become(like);

    const read = await windows.read(`controls/${control}/get`);

    expect(read).toEqual({ ok: true, value: state });
  });

  const changing = controlCases().flatMap((it) =>
    it.after === undefined ? [] : [{ ...it, after: it.after, change: it.assessment.change }],
  );

  test.each(changing)(
    '$control writes once, and the second time has nothing to do: $title',
    async ({ control, windows: like, state, assessment, change, after }) => {
      await windows.become(like);

      const first = await windows.write(`controls/${control}/set`, change);
      const read = await windows.read(`controls/${control}/get`);
      const second = await windows.write(`controls/${control}/set`, change);

      const changed = Object.keys(change).filter((name) => state[name] !== after[name]);
      const { restartNeeded, changed: told } = WriteResult.parse(first.ok ? first.value : undefined);
      expect(read).toEqual({ ok: true, value: after });
      expect({ restartNeeded, told: told.toSorted() }).toEqual({
        restartNeeded: assessment.reboot,
        told: changed.toSorted(),
      });
      expect(second).toEqual({ ok: true, value: { changed: [], restartNeeded: false } });
    },
  );

  test.each(changing.filter(({ file }) => file !== trap))(
    '$control goes back to what was recorded: $title',
    async ({ control, windows: like, state, change }) => {
      await windows.become(like);
      await windows.write(`controls/${control}/set`, change);
      const recorded = Object.fromEntries(Object.keys(change).map((name) => [name, state[name]!]));

      await windows.write(`controls/${control}/set`, recorded);
      const read = await windows.read(`controls/${control}/get`);

      expect(read).toEqual({ ok: true, value: state });
    },
  );

  test('a rollback never disables the driver that Workstation depends on', async () => {
    const [trapped] = controlCases().filter(({ file }) => file === trap);
    await windows.become(trapped!.windows);

    const written = await windows.write('controls/smb1-feature/set', {
      driverStart: 4,
      driverDependency: true,
    });

    expect(written).toMatchObject({
      ok: false,
      error: { code: 'script.failed', details: { errorId: 'CountersignWouldStopWorkstation' } },
    });
  });

  test('only the parts that were recorded come back with their parent', async () => {
    const [clientOnly] = controlCases().filter(({ file }) => file === 'smb1-feature/client-only-10.json');
    const parts = { 'SMB1Protocol-Client': 'Disabled', 'SMB1Protocol-Server': 'Disabled' };
    await windows.become({ ...clientOnly!.windows, features: { SMB1Protocol: 'Disabled', ...parts } });

    await windows.write('controls/smb1-feature/set', { feature: 'Enabled', client: 'Enabled' });
    const read = await windows.read('controls/smb1-feature/get');

    expect(read).toMatchObject({
      value: { feature: 'EnablePending', client: 'EnablePending', server: 'Disabled' },
    });
  });
});
