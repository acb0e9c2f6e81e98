import { expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { minutes } from '../../src/core/time.ts';
import { never } from '../support/winrm-host.ts';
import { TestFleet, read } from './fleet.ts';

const name = 'fs-01.corp.example';
const host = { name, build: 'server-2016' };

async function openCode(faults: readonly object[]): Promise<string | undefined> {
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults }] });
  const opened = await fleet.open(name);
  if (opened.ok) await opened.value.close();
  return opened.ok ? undefined : opened.error.code;
}

test.each([
  ['a host that is not there refuses', 'unreachable', /^net\.refused$/],
  ['a host that speaks no WinRM answers garbage', 'garbage', /^(http|wsman|auth)\./],
  ['a host that denies the logon says so', 'denied', /^auth\.denied$/],
])('%s', async (_, kind, code) => {
  expect(await openCode([{ kind }])).toMatch(code);
});

test('a tarpit accepts, and never answers', async () => {
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults: [{ kind: 'tarpit' }] }] });

  const opened = await fleet.open(name, {}, AbortSignal.timeout(300));

  expect(opened.ok).toBe(false);
  expect(fleet.log.filter(({ event }) => event === 'connect')).not.toHaveLength(0);
  expect(fleet.log.filter((it) => it.event === 'request' && it.status !== 0)).toHaveLength(0);
});

test('a wrong password is denied, whatever the host is', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });

  const opened = await fleet.open(name, { password: new Secret('wrong') });

  expect(opened).toMatchObject({ ok: false, error: { code: 'auth.denied' } });
});

test('a host has a clock of its own', async () => {
  const fleet = await TestFleet.start({ hosts: [{ ...host, already: { clockOffsetMs: -90_000 } }] });

  const facts = await read(await fleet.session(name), 'survey/facts');

  expect(facts['hostTime']).toBe('2026-11-24T21:58:30Z');
});

test('a write that is late by the host clock is refused, and changes nothing', async () => {
  const fleet = await TestFleet.start({ hosts: [{ ...host, already: { clockOffsetMs: 300_000 } }] });
  const session = await fleet.session(name);

  const written = await fleet.write(session, 'controls/smb1-server/set', { enabled: false });

  expect(written).toMatchObject({ ok: false, error: { code: 'session.refused-late' } });
  expect(await read(session, 'controls/smb1-server/get')).toMatchObject({ enabled: true });
  expect(fleet.log).toContainEqual({
    ...{ at: '2026-11-24T22:00:00Z', host: name, event: 'refused-late', script: 'controls/smb1-server/set' },
    validUntil: '2026-11-24T22:01:00Z',
  });
});

test('a control script can throw while the others work', async () => {
  const faults = [
    { kind: 'script-throws', script: 'controls/smb1-audit/get', message: 'Zugriff verweigert' },
  ];
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults }] });
  const session = await fleet.session(name);

  const broken = read(session, 'controls/smb1-audit/get');

  await expect(broken).rejects.toMatchObject({
    code: 'script.failed',
    details: { errorId: 'Zugriff verweigert' },
  });
  expect(await read(session, 'controls/smb1-server/get')).toMatchObject({ enabled: true });
});

test('an answer can get lost after the write was made', async () => {
  const faults = [{ kind: 'loses-answer', script: 'controls/smb1-server/set' }];
  const fleet = await TestFleet.start({ hosts: [{ ...host, faults }] });

  const first = await fleet.write(await fleet.session(name), 'controls/smb1-server/set', { enabled: false });
  const again = await fleet.write(await fleet.session(name), 'controls/smb1-server/set', { enabled: false });

  expect(first).toMatchObject({ ok: false, error: { code: 'session.outcome-unknown' } });
  expect(again).toMatchObject({ ok: true, value: { output: [{ changed: [], restartNeeded: false }] } });
  expect(fleet.log.filter(({ event }) => event === 'write')).toMatchObject([
    { control: 'smb1-server', fields: ['enabled'] },
    { control: 'smb1-server', fields: [] },
  ]);
});

test('a managed setting comes back with the next policy refresh', async () => {
  const key = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`;
  const unrecordedPolicies = [{ key, value: 'RequireSecuritySignature', data: 0 }];
  const fleet = await TestFleet.start({ hosts: [{ ...host, already: { unrecordedPolicies } }] });
  const session = await fleet.session(name);
  const state = () => read(session, 'controls/smb-server-signing/get');

  await fleet.write(session, 'controls/smb-server-signing/set', { require: true, registryValue: 1 });
  const written = await state();
  fleet.fleet.windows(name)?.refreshPolicies();

  expect(written).toMatchObject({ require: true, registryValue: 1, policy: 'absent' });
  expect(await state()).toMatchObject({ require: false, registryValue: 0, policy: 'absent' });
});

test('PowerShell 2.0 opens a session, says what it is, and cannot run our scripts', async () => {
  const fleet = await TestFleet.start({ hosts: [{ name, build: 'server-2008-r2' }] });

  const session = await fleet.session(name);

  expect(session.server).toMatchObject({ protocol: '2.1', powershell: '2.0' });
  await expect(read(session, 'survey/facts')).rejects.toMatchObject({
    ...{ code: 'script.failed', details: { errorId: 'CommandNotFoundException' } },
  });
});

test('a text that is none of our scripts is no command here', async () => {
  const fleet = await TestFleet.start({ hosts: [host] });
  const session = await fleet.session(name);

  const ran = await session.read(
    { kind: 'read', name: 'x', text: 'Remove-Item C:\\' },
    {},
    { timeout: minutes(1) },
    never,
  );

  expect(ran).toMatchObject({ ok: false, error: { details: { errorId: 'CommandNotFoundException' } } });
});
