import { expect, test } from 'vitest';
import { failure } from '../../src/core/failure.ts';
import type { FailureCode } from '../../src/core/failure.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { instant } from '../../src/core/time.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import type { HostSession } from '../../src/ports/session.ts';
import { surveyHost } from '../../src/survey/survey-host.ts';
import { factsOf } from '../controls/control-case.ts';
import { loopbackTarget } from '../support/target.ts';
import { windows2019 } from '../windows/windows-2019.ts';
import { ScriptedSession } from './scripted-session.ts';

const at = instant(Date.UTC(2026, 10, 24, 22));

function observe(opened: Result<HostSession>) {
  return surveyHost({ open: () => Promise.resolve(opened) }, loopbackTarget(5985, { host: 'fs-01' }), {
    controls: [],
    scripts: packagedScripts(),
    now: () => at,
    signal: new AbortController().signal,
  });
}

test.each<[FailureCode, string]>([
  ['net.refused', 'unreachable'],
  ['net.timeout', 'unreachable'],
  ['net.name-not-found', 'unreachable'],
  ['http.not-http', 'unreachable'],
  ['http.status', 'unreachable'],
  ['wsman.malformed', 'unreachable'],
  ['psrp.malformed', 'unreachable'],
  ['auth.bad-seal', 'unreachable'],
  ['auth.denied', 'denied'],
  ['auth.not-offered', 'denied'],
  ['auth.kerberos-wrong-password', 'denied'],
  ['auth.kerberos-no-kdc', 'unreachable'],
  ['wsman.access-denied', 'denied'],
])('a host that cannot be opened for %s is %s, and says why', async (code, reach) => {
  const observed = await observe(err(failure(code, { host: 'fs-01' })));

  expect(observed).toMatchObject({
    host: 'fs-01',
    at: '2026-11-24T22:00:00Z',
    reach,
    failure: { code },
    controls: {},
  });
});

test('a host whose facts fail was reached, and its session is closed', async () => {
  const session = new ScriptedSession({ 'survey/facts': failure('script.failed', { host: 'fs-01' }) });

  const observed = await observe(ok(session));

  expect(observed).toMatchObject({ reach: 'ok', failure: { code: 'script.failed' } });
  expect(session.isClosed).toBe(true);
});

test('a host that answers is observed, and its session is closed', async () => {
  const facts = factsOf(windows2019());
  const session = new ScriptedSession({ 'survey/facts': { output: [facts] } });

  const observed = await observe(ok(session));

  expect(observed).toMatchObject({ reach: 'ok', facts, controls: {} });
  expect(observed).not.toHaveProperty('failure');
  expect(session.isClosed).toBe(true);
});

test('a host clock that cannot be read is left out, not guessed', async () => {
  const facts = { ...factsOf(windows2019()), hostTime: '24.11.2026 22:00' };
  const session = new ScriptedSession({ 'survey/facts': { output: [facts] } });

  expect(await observe(ok(session))).not.toHaveProperty('clockOffsetMs');
});
