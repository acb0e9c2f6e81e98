import { copyFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { reportRun } from '../../src/app/report-run.ts';
import { applyPlan, resumeRun } from '../../src/app/run-plan.ts';
import type { RunOptions } from '../../src/app/run-plan.ts';
import { findRun } from '../../src/app/stored-run.ts';
import { verifyRunJournal } from '../../src/app/verify-journal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { unwrap } from '../../src/core/result.ts';
import { linkHash } from '../../src/run/chain.ts';
import type { JournalVerification } from '../../src/run/verify-journal.ts';
import { signingPlaybook, Site } from '../support/app-site.ts';

const journalFile = '.countersign/journal.db';
const headsFile = '.countersign/heads.ndjson';

/** A site with a run that ended (or was interrupted before its first phase), and its id. */
async function siteWithRun(options: RunOptions = {}): Promise<{ site: Site; run: string }> {
  const site = await Site.start({ playbook: signingPlaybook });
  const runtime = site.runtime();
  const { run } = unwrap(await applyPlan(runtime, await site.plan(runtime), options));
  return { site, run };
}

function tamper(site: Site, sql: string): void {
  const database = new DatabaseSync(site.path(journalFile));
  database.exec(sql);
  database.close();
}

function recordOf(site: Site, seq: number): JsonObject {
  const database = new DatabaseSync(site.path(journalFile));
  const row = database.prepare('SELECT body FROM events WHERE seq = ?').get(seq);
  database.close();
  return JSON.parse(String(row?.['body'])) as JsonObject;
}

function verdictOf(site: Site, run: string): JournalVerification {
  return unwrap(verifyRunJournal(site.runtime(), run));
}

test('an edited record breaks the chain where it stands, and nothing is missing', async () => {
  const { site, run } = await siteWithRun();

  tamper(site, `UPDATE events SET body = replace(body, 'signing', 'sinning') WHERE seq = 4`);

  expect(verdictOf(site, run)).toMatchObject({
    integrity: { ok: false, at: 4, reason: 'record 4 was changed after it was written' },
    completeness: { ok: true },
  });
});

test('a record that was forged with the right hash breaks the chain at the next one', async () => {
  const { site, run } = await siteWithRun();
  const forged: JsonObject = { ...recordOf(site, 4), at: '2020-01-01T00:00:00Z' };
  const body = JSON.stringify({ ...forged, hash: linkHash(forged['prev'] as string, forged) });

  tamper(site, `UPDATE events SET body = '${body.replaceAll("'", "''")}' WHERE seq = 4`);

  expect(verdictOf(site, run).integrity).toMatchObject({
    ok: false,
    at: 5,
    reason: 'record 5 does not follow on the record before it',
  });
});

test('a deleted record is missing, and named', async () => {
  const { site, run } = await siteWithRun();

  tamper(site, 'DELETE FROM events WHERE seq = 5');

  expect(verdictOf(site, run)).toMatchObject({
    integrity: { ok: false, at: 5 },
    completeness: { ok: false, at: 5, reason: 'record 5 is missing' },
  });
});

test('a cut tail leaves a chain that holds, and lacks records that were seen', async () => {
  const { site, run } = await siteWithRun();

  tamper(site, 'DELETE FROM events WHERE seq > 6');

  const { integrity, completeness } = verdictOf(site, run);
  expect(integrity.ok).toBe(true);
  expect(completeness).toMatchObject({ ok: false, reason: expect.stringContaining('its tail was cut') });
});

test('an older copy of the database lacks records that were seen', async () => {
  let copied = false;
  const site = await Site.start({ playbook: signingPlaybook });
  const runtime = site.runtime();
  const onEvent = () => {
    if (!copied) tamper(site, `VACUUM INTO '${site.path('older.db')}'`);
    copied = true;
  };
  const { run } = unwrap(await applyPlan(runtime, await site.plan(runtime), { onEvent }));

  replaceJournal(site, 'older.db');

  const { integrity, completeness } = verdictOf(site, run);
  expect(integrity.ok).toBe(true);
  expect(completeness).toMatchObject({ ok: false, reason: expect.stringContaining('its tail was cut') });
});

test('a journal that was replaced together with its heads fails only against the head of a report', async () => {
  const { site, run } = await siteWithRun();
  const { head } = unwrap(reportRun(site.runtime(), run));
  tamper(site, 'DELETE FROM events WHERE seq > 6');
  site.edit(
    headsFile,
    (text) =>
      `${text
        .split('\n')
        .filter((line) => seqOf(line) <= 6)
        .join('\n')}\n`,
  );

  const alone = await site.cli('journal', 'verify', run);
  const against = await site.cli('journal', 'verify', run, '--head', `${head.seq}:${head.hash}`);

  expect(alone).toMatchObject({ code: 0, out: expect.stringMatching(/integrity +ok[^]*completeness +ok/) });
  expect(against).toMatchObject({
    code: 1,
    out: expect.stringMatching(/integrity +ok[^]*completeness +BROKEN.*tail was cut/),
  });
});

test('a head of the right number and another hash shows that the journal was rewritten', async () => {
  const { site, run } = await siteWithRun();
  const { head } = unwrap(reportRun(site.runtime(), run));

  const verified = await site.cli('journal', 'verify', run, '--head', `${head.seq}:${'0'.repeat(64)}`);

  expect(verified).toMatchObject({ code: 1, out: expect.stringContaining('replaced or rewritten') });
});

test.each([
  ['an edited record', `UPDATE events SET body = json_set(body, '$.data.pid', 1) WHERE seq = 2`],
  ['a deleted record', 'DELETE FROM events WHERE seq = 2'],
  ['a cut tail', 'DELETE FROM events WHERE seq > 2'],
])('a run is not resumed from a journal with %s, and nothing reaches its hosts', async (_, sql) => {
  const { site, run } = await siteWithRun({ interrupt: AbortSignal.abort() });
  tamper(site, sql);

  const resumed = await resumeRun(site.runtime(), run, {});

  expect(resumed.ok ? 'resumed' : resumed.error.code).toBe('journal.broken');
  expect(site.effects()).toEqual([]);
});

test('a torn last line of the heads, as a crash leaves it, is no tampering', async () => {
  const { site, run } = await siteWithRun({ interrupt: AbortSignal.abort() });
  site.edit(headsFile, (text) => `${text}{"run":"${run}","seq":`);

  const resumed = unwrap(await resumeRun(site.runtime(), run, {}));

  expect(resumed.ended?.state).toBe('finished');
  expect(verdictOf(site, run)).toMatchObject({ integrity: { ok: true }, completeness: { ok: true } });
});

test('a broken run is listed as broken and hides no other', async () => {
  const { site, run } = await siteWithRun();
  const { run: other } = unwrap(await applyPlan(site.runtime(), await site.plan(), {}));
  tamper(site, `DELETE FROM events WHERE seq = 3 AND run = '${run}'`);

  const listed = await site.cli('runs');

  expect(listed.code).toBe(1);
  expect(listed.out).toMatch(new RegExp(`${run} .*broken`));
  expect(listed.out).toMatch(new RegExp(`${other} .*finished`));
  expect(findRun(site.runtime(), other).ok).toBe(true);
});

function seqOf(line: string): number {
  return line === '' ? Infinity : (JSON.parse(line) as { seq: number }).seq;
}

function replaceJournal(site: Site, by: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(site.path(`${journalFile}${suffix}`), { force: true });
  copyFileSync(site.path(by), site.path(journalFile));
}
