import { describe, expect, test } from 'vitest';
import { failure } from '../../src/core/failure.ts';
import { instant, parseInstant } from '../../src/core/time.ts';
import { smb1Audit } from '../../src/controls/smb1-audit/control.ts';
import { smb1Server } from '../../src/controls/smb1-server/control.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import { survey } from '../../src/survey/survey.ts';
import { factsOf } from '../controls/control-case.ts';
import { windows2019 } from '../windows/windows-2019.ts';
import { ScriptedSession } from './scripted-session.ts';
import type { Answer } from './scripted-session.ts';

const facts = { ...factsOf(windows2019()), hostTime: '2026-11-24T22:00:31Z' };
const audit = { enabled: false };
const server = { enabled: true, registryValue: 'absent', policy: 'absent', policyValue: 'absent' };
const answers = {
  'survey/facts': { output: [facts] },
  'controls/smb1-audit/get': { output: [audit] },
  'controls/smb1-server/get': { output: [server] },
};

/** A clock that moves on by two seconds with each look at it. */
function steppingClock(): () => ReturnType<typeof instant> {
  let at = parseInstant('2026-11-24T22:00:00Z') ?? 0;
  return () => instant((at += 2000) - 2000);
}

function run(session: ScriptedSession) {
  return survey(session, {
    controls: [smb1Audit, smb1Server],
    scripts: packagedScripts(),
    now: steppingClock(),
    signal: new AbortController().signal,
  });
}

const changed = (changes: Readonly<Record<string, Answer>>) =>
  run(new ScriptedSession({ ...answers, ...changes }));

test('a survey holds the facts, the state of each control, and how far the host clock is off', async () => {
  const observed = await run(new ScriptedSession(answers));

  expect(observed).toEqual({
    ok: true,
    value: {
      host: 'fs-01',
      at: '2026-11-24T22:00:02Z',
      reach: 'ok',
      facts,
      clockOffsetMs: 30_500,
      controls: { 'smb1-audit': { state: audit }, 'smb1-server': { state: server } },
    },
  });
});

test('a control that cannot be read does not cost the others', async () => {
  const broken = failure('script.failed', { script: 'controls/smb1-audit/get', host: 'fs-01' });

  const observed = await changed({ 'controls/smb1-audit/get': broken });

  expect(observed).toMatchObject({
    ok: true,
    value: {
      controls: { 'smb1-audit': { failure: { code: 'script.failed' } }, 'smb1-server': { state: server } },
    },
  });
});

test('after the connection is lost nothing more is asked, and each control says why', async () => {
  const session = new ScriptedSession({ ...answers, 'controls/smb1-audit/get': failure('net.reset') });

  const observed = await run(session);

  expect(session.asked).toEqual(['survey/facts', 'controls/smb1-audit/get']);
  expect(observed).toMatchObject({
    ok: true,
    value: {
      controls: {
        'smb1-audit': { failure: { code: 'net.reset' } },
        'smb1-server': { failure: { code: 'net.reset' } },
      },
    },
  });
});

test('without facts there is no observation', async () => {
  const observed = await changed({ 'survey/facts': failure('script.timeout', { host: 'fs-01' }) });

  expect(observed).toMatchObject({ ok: false, error: { code: 'script.timeout' } });
});

describe('output of an unexpected shape is a failure that says what is wrong:', () => {
  const error = {
    message: 'Zugriff verweigert',
    id: 'AccessDenied',
    category: 'PermissionDenied',
    exceptionType: 'System.Exception',
    position: 'line 2, column 1',
  };

  test.each<[string, Answer, string]>([
    ['a missing field', { output: [{}] }, 'expected exactly the fields enabled'],
    ['a field too many', { output: [{ enabled: true, more: 1 }] }, 'expected exactly the fields enabled'],
    ['a null', { output: [{ enabled: null }] }, 'enabled: '],
    ['no object', { output: [] }, '0 objects instead of one'],
    ['two objects', { output: [audit, audit] }, '2 objects instead of one'],
    ['an error beside the output', { output: [audit], errors: [error] }, 'Zugriff verweigert (AccessDenied)'],
  ])('%s', async (_, answer, reason) => {
    const observed = await changed({ 'controls/smb1-audit/get': answer });

    const controls = observed.ok ? observed.value.controls : {};
    expect(controls['smb1-audit']).toMatchObject({
      failure: { code: 'script.bad-output', message: expect.stringContaining(reason) },
    });
  });

  test('facts of another shape', async () => {
    const observed = await changed({ 'survey/facts': { output: [{ ...facts, servicing: 'busy' }] } });

    expect(observed).toMatchObject({ ok: false, error: { code: 'script.bad-output' } });
  });
});

test.each([
  [{ protocol: '2.1', powershell: undefined }, '2.0'],
  [{ protocol: '2.1', powershell: '2.0' }, '2.0'],
])('PowerShell 2.0 is told apart before anything is sent: %o', async (said, version) => {
  const session = new ScriptedSession(answers, said);

  const observed = await run(session);

  expect(session.asked).toEqual([]);
  expect(observed).toMatchObject({
    ok: false,
    error: { code: 'session.powershell-too-old', details: { version } },
  });
});

test.each([
  { protocol: '2.2', powershell: '3.0' },
  { protocol: '2.3', powershell: '7.4.1' },
  { protocol: '2.3', powershell: undefined },
])('newer ones are asked: %o', async (said) => {
  expect(await run(new ScriptedSession(answers, said))).toMatchObject({ ok: true });
});
