import { expect, test } from 'vitest';
import { frameScript } from '../../src/core/script-frame.ts';
import { formatInstant, hours, instant, minutes, plus } from '../../src/core/time.ts';
import { startFleet } from '../../src/lab/start-fleet.ts';
import { demoScenario } from '../../src/lab/demo-scenario.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { failure } from '../../src/core/failure.ts';
import { err } from '../../src/core/result.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import { systemListener } from '../../src/node/http/listener.ts';
import { systemTimers } from '../../src/node/timers.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import type { WindowsCase } from '../../src/model/windows-case.ts';
import { windows2019 } from '../windows/windows-2019.ts';
import { SetClock, modelOf, runScript } from './model.ts';
import type { Model } from './model.ts';

const at = instant(Date.UTC(2026, 10, 24, 22));
const services = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services`;
const serverKey = String.raw`${services}\LanmanServer\Parameters`;

function set(
  model: Model,
  control: string,
  change: JsonValue,
  validUntil: JsonValue = formatInstant(plus(model.clock.now(), minutes(1))),
) {
  const script = frameScript({ kind: 'write', name: `controls/${control}/set`, text: '' });
  return runScript(model, { script, parameters: { Arguments: change, ValidUntil: validUntil } });
}

/** Sets the SMB1 feature and restarts; gives its states before the restart and after it. */
async function change(windows: WindowsCase, wanted: JsonObject) {
  const model = modelOf(windows, at);
  const answer = await set(model, 'smb1-feature', wanted);
  const pending = { ...model.windows.state.features, ...model.windows.state.windowsFeatures };
  model.windows.boot();
  const { features, windowsFeatures, registry } = model.windows.state;
  return { answer, pending, after: { ...features, ...windowsFeatures }, registry };
}

test('a part that comes back brings its parent and the driver along at the boot', async () => {
  const features = {
    SMB1Protocol: 'Disabled',
    'SMB1Protocol-Client': 'Disabled',
    'SMB1Protocol-Server': 'Disabled',
  };

  const { answer, pending, after, registry } = await change(windows2019({ features }), { client: 'Enabled' });

  expect(answer).toEqual({ ok: true, value: { changed: ['client'], restartNeeded: true } });
  expect(pending).toMatchObject({ SMB1Protocol: 'EnablePending', 'SMB1Protocol-Client': 'EnablePending' });
  expect(after).toMatchObject({ SMB1Protocol: 'Enabled', 'SMB1Protocol-Client': 'Enabled' });
  expect(after).toMatchObject({ 'SMB1Protocol-Server': 'Disabled' });
  expect(registry[String.raw`${services}\mrxsmb10`]).toEqual({ Start: 2 });
});

test.each([
  ['DisablePending', 'Enabled', 'Enabled'],
  ['EnablePending', 'Disabled', 'Disabled'],
  ['EnablePending', 'Enabled', 'EnablePending'],
  ['DisablePending', 'Disabled', 'DisablePending'],
  ['DisabledWithPayloadRemoved', 'Disabled', 'DisabledWithPayloadRemoved'],
])('an optional feature that is %s and shall be %s is then %s', async (current, wanted, then) => {
  const { pending } = await change(windows2019({ features: { SMB1Protocol: current } }), { feature: wanted });

  expect(pending).toMatchObject({ SMB1Protocol: then });
});

test.each([
  ['Available', 'Installed', 'InstallPending', 'Installed'],
  ['UninstallPending', 'Installed', 'Installed', 'Installed'],
  ['InstallPending', 'Installed', 'InstallPending', 'Installed'],
  ['Installed', 'Available', 'UninstallPending', 'Available'],
  ['InstallPending', 'Available', 'Available', 'Available'],
  ['Removed', 'Available', 'Removed', 'Removed'],
])(
  'a role feature that is %s and shall be %s is %s, and %s after the boot',
  async (current, wanted, then, later) => {
    const windows = windows2019({ windowsFeatures: { 'FS-SMB1': current } });

    const { pending, after } = await change(windows, { roleFeature: wanted });

    expect(pending).toMatchObject({ 'FS-SMB1': then });
    expect(after).toMatchObject({ 'FS-SMB1': later });
  },
);

const noDriver = { [String.raw`${services}\LanmanWorkstation`]: { DependOnService: ['Bowser', 'NSI'] } };
const dependent = {
  [String.raw`${services}\LanmanWorkstation`]: { DependOnService: ['Bowser', 'MRxSmb10', 'MRxSmb20', 'NSI'] },
  [String.raw`${services}\mrxsmb10`]: { Start: 3 },
};
const disabled = { ...dependent, [String.raw`${services}\mrxsmb10`]: { Start: 4 } };
const free = {
  [String.raw`${services}\LanmanWorkstation`]: { DependOnService: ['MRxSmb20'] },
  [String.raw`${services}\mrxsmb10`]: { Start: 4 },
};

test.each([
  ['a feature that is not there', 'smb1-feature', { client: 'Enabled' }, {}, 'Microsoft.Dism.Commands'],
  [
    'a feature state that nobody can ask for',
    'smb1-feature',
    { feature: 'Superseded' },
    {},
    'CountersignUnknownValue',
  ],
  [
    'a role state that nobody can ask for',
    'smb1-feature',
    { roleFeature: 'Removed' },
    {},
    'CountersignUnknownValue',
  ],
  ['a word in place of yes or no', 'smb1-server', { enabled: 'no' }, {}, 'CountersignUnknownValue'],
  ['a word in place of a number', 'smb1-server', { registryValue: 'none' }, {}, 'CountersignUnknownValue'],
  ['a number as a dependency', 'smb1-feature', { driverDependency: 1 }, dependent, 'CountersignUnknownValue'],
  ['a policy, which is not ours', 'smb1-server', { policy: 'mine' }, {}, 'CountersignUnknownValue'],
  ['a policy value', 'smb1-server', { policyValue: 1 }, {}, 'CountersignUnknownValue'],
  ['a driver that others need', 'smb1-feature', { driverStart: 4 }, dependent, 'CountersignStillDepends'],
  [
    'a dependency on a disabled driver',
    'smb1-feature',
    { driverDependency: true },
    free,
    'CountersignUnknownValue',
  ],
  [
    'dependencies it does not know',
    'smb1-feature',
    { driverDependency: true },
    noDriver,
    'CountersignUnexpectedDependencies',
  ],
  ['a table in a table', 'smb1-server', { enabled: { yes: true } }, {}, 'FormatException'],
])('a write is refused: %s', async (_, control, wanted, registry, id) => {
  const model = modelOf(windows2019({ registry }), at);
  const before = model.windows.state;

  const answer = await set(model, control, wanted);

  expect(answer).toMatchObject({ ok: false, error: { id } });
  expect(model.windows.state).toEqual(before);
  expect(model.events).toEqual([]);
});

test('a setting that this Windows lacks is an unknown parameter', async () => {
  const { AuditSmb1Access: _, ...smbServer } = windows2019().smbServer ?? {};

  const answer = await set(modelOf(windows2019({ smbServer }), at), 'smb1-audit', { enabled: true });

  expect(answer).toMatchObject({ ok: false, error: { id: 'NamedParameterNotFound' } });
});

test('the driver is disabled after its dependency is gone, and comes back before it', async () => {
  const model = modelOf(windows2019({ registry: dependent }), at);

  const off = await set(model, 'smb1-feature', { driverStart: 4, driverDependency: false });
  const gone = model.windows.state.registry;
  const on = await set(model, 'smb1-feature', { driverStart: 3, driverDependency: true });

  expect(off).toMatchObject({ ok: true, value: { restartNeeded: true } });
  expect(gone).toMatchObject({ [String.raw`${services}\mrxsmb10`]: { Start: 4 } });
  expect(on).toMatchObject({ ok: true, value: { restartNeeded: true } });
  expect(model.windows.state.registry).toEqual(dependent);
});

test('services that depend on the disabled driver stop, and the others do not care', () => {
  const model = modelOf(windows2019({ registry: disabled, services: { LanmanWorkstation: 'Running' } }), at);

  model.windows.boot();

  expect(model.windows.state.services).toEqual({ LanmanWorkstation: 'Stopped' });
});

test('absence is restored as absence', async () => {
  const model = modelOf(windows2019({ registry: { [serverKey]: { smb1: 0 } } }), at);

  const answer = await set(model, 'smb1-server', { registryValue: 'absent' });

  expect(answer).toMatchObject({ ok: true, value: { changed: ['registryValue'], restartNeeded: true } });
  expect(model.windows.state.registry[serverKey]).toEqual({});
});

test.each([[undefined], [null], ['soon']])('a write whose time limit is %j does not start', async (limit) => {
  const model = modelOf(windows2019(), at);
  const script = frameScript({ kind: 'write', name: 'controls/smb1-audit/set', text: '' });
  const parameters = { Arguments: { enabled: true }, ...(limit === undefined ? {} : { ValidUntil: limit }) };

  const answer = await runScript(model, { script, parameters });

  expect(answer).toMatchObject({ ok: false, error: { id: 'FormatException' } });
  expect(model.windows.read({ kind: 'smb-server-configuration', property: 'AuditSmb1Access' })).toBe(false);
});

test('security options come back at the latest after sixteen hours', async () => {
  const policy = {
    source: 'security-option',
    gpo: 'NAS',
    key: serverKey,
    value: 'RequireSecuritySignature',
    data: '0',
  };
  const other = {
    source: 'registry-policy',
    gpo: 'Name',
    key: serverKey,
    value: 'Comment',
    data: 'by policy',
  };
  const model = modelOf(windows2019({ policies: [policy, other] as never }), at);
  const require = () =>
    model.windows.read({ kind: 'smb-server-configuration', property: 'RequireSecuritySignature' });
  await set(model, 'smb-server-signing', { require: true, registryValue: 1 });

  model.clock.at = plus(at, hours(15));
  const before = require();
  model.clock.at = plus(at, hours(16));

  expect([before, require()]).toEqual([true, false]);
  expect(model.windows.state.registry[serverKey]).toEqual({
    RequireSecuritySignature: 0,
    Comment: 'by policy',
  });
});

test('Windows without the SMB cmdlets still takes its registry values at the boot', () => {
  const model = modelOf(windows2019({ build: 7601, smbServer: null, smbClient: null, features: null }), at);

  model.windows.boot();

  expect(model.windows.state).toMatchObject({ smbServer: null, smbClient: null, features: null });
});

test('a fleet that finds no port stops what had started', async () => {
  let left = 5;
  const started = await startFleet({
    scenario: demoScenario(),
    ...{ seed: 's', catalog: controlCatalog, clock: new SetClock(at), accounts: new Map() },
    ...{ timers: systemTimers, entropy: systemEntropy },
    listener: {
      listen: async (...place) => {
        left -= 1;
        return left >= 0 ? systemListener.listen(...place) : err(failure('net.listen', { reason: 'EMFILE' }));
      },
    },
  });

  expect(started).toMatchObject({ ok: false, error: { code: 'net.listen' } });
});
