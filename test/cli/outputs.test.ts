import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { commandGroups } from '../../src/cli/commands.ts';
import { InventoryDocument } from '../../src/model/inventory-document.ts';
import { Ping } from '../../src/model/ping.ts';
import { Plan } from '../../src/model/plan.ts';
import { Report } from '../../src/model/report.ts';
import { Status } from '../../src/model/status.ts';
import { gatedPlaybook, signingPlaybook, Site, sitePassword } from '../support/app-site.ts';

const commands = commandGroups.flatMap((group) => group.commands);
const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');

test.each(names)('%s --help has a summary and examples that begin with the command', async (name) => {
  const site = await Site.start();

  const { code, out, err } = await site.cli(name, '--help');

  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(new RegExp(`^Usage: countersign ${name}`));
  expect(out).toMatch(new RegExp(`\nExamples:\n +countersign (-i \\S+ )?${name}`));
});

test('--help lists every command, and --version the version', async () => {
  const site = await Site.start();

  const [help, version] = [await site.cli('--help'), await site.cli('--version')];

  for (const name of names) expect(help.out).toMatch(new RegExp(`^ +${name}\\b`, 'm'));
  expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  ['an unknown command', ['aply', 'plan.json'], 'apply'],
  ['an unknown option', ['plan', '--ofline'], '--offline'],
  ['a missing argument', ['apply'], "missing required argument 'file'"],
  ['a number that is none', ['plan', '--forks', 'many'], 'a whole number from 1'],
  ['an extra variable without a value', ['plan', '-e', 'x'], 'KEY=VALUE'],
  ['an unknown format', ['report', '--format', 'pdf'], 'text, json, html'],
  ['a malformed head', ['journal', 'verify', 'x', '--head', '12'], 'SEQ:HASH'],
  ['a run that is not there', ['report', '2020'], 'has no run 2020'],
  ['no command', [], 'Usage: countersign'],
])('%s is exit 64 with what was meant', async (_, argv, says) => {
  const site = await Site.start();

  const { code, err } = await site.cli(...argv);

  expect([code, err]).toEqual([64, expect.stringContaining(says)]);
});

test('every --json is one document of its schema on stdout, and nothing else is printed', async () => {
  const site = await Site.start({
    playbook: gatedPlaybook,
    hosts: [{ name: 'fs-01', build: 'server-2019' }],
  });
  const documents: Record<string, unknown> = {};
  const take = async (...argv: string[]) => {
    const { out, err } = await site.cli(...argv, '--json');
    expect([argv.join(' '), argv[0] === 'apply' || argv[0] === 'resume' ? '' : err]).toEqual([
      argv.join(' '),
      '',
    ]);
    const document = JSON.parse(out) as { schema: string };
    documents[argv[0] ?? ''] = document;
    return document;
  };

  for (const name of ['validate', 'inventory', 'ping', 'status']) await take(name);
  await take('plan', '-o', 'plan.json');
  await take('show', 'plan.json');
  await take('apply', 'plan.json', '--once');
  await take('promote', '--reason', 'because');
  await take('resume');
  const { run } = (await take('report')) as unknown as { run: string };
  for (const argv of [['runs'], ['explain', 'fs-01'], ['journal', 'verify', run], ['init', 'new']])
    await take(...argv);

  const schemas: Record<string, z.ZodType> = {
    ...{ inventory: InventoryDocument, ping: Ping, status: Status, plan: Plan, show: Plan },
    ...{ apply: Report, resume: Report, report: Report },
  };
  for (const [name, schema] of Object.entries(schemas))
    expect(schema.safeParse(documents[name]).error?.message, name).toBeUndefined();
  for (const [name, document] of Object.entries(documents))
    expect(document, name).toMatchObject({ schema: expect.stringMatching(/^countersign\/[a-z]+@1$/) });
});

test('the password is in no output, no plan, no report and no file of the state directory', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  // Not only from the environment: a person may have written it into a file, and one host may deny it.
  site.edit('inventory.yml', (text) =>
    text.replace(/ansible_password: .*/, `ansible_password: '${sitePassword}'`),
  );
  let printed = '';
  const run = async (...argv: string[]) => {
    const { out, err } = await site.cli(...argv);
    printed += out + err;
  };

  await run('validate', '-v');
  for (const name of ['inventory', 'ping', 'status']) {
    await run(name, '-v');
    await run(name, '--json');
  }
  await run('plan', '-v', '-o', 'plan.json');
  await run('show', 'plan.json', '--html', 'plan.html');
  await run('apply', 'plan.json', '-v');
  await run('report', '-v');
  await run('report', '--format', 'html', '-o', 'report.html');
  await run('report', '--json');
  await run('watch', '--events', 'ndjson');
  await run('explain', 'fs-01');
  site.edit('inventory.yml', (text) => text.replace('svc-countersign', 'nobody'));
  await run('ping', '-v');
  await run('status', '--json');

  expect(printed).toContain('denied');
  const files = site.files().filter((path) => !path.endsWith('inventory.yml'));
  expect(files.map((path) => path.split('/').at(-1))).toEqual(
    expect.arrayContaining(['plan.json', 'report.html', 'journal.db']),
  );
  const everything = Buffer.concat([Buffer.from(printed), ...files.map((path) => readFileSync(path))]);
  for (const spelling of spellings(sitePassword))
    expect(everything.includes(spelling), spelling.toString()).toBe(false);
});

test('a password given with -e stays out of the plan, and apply takes it again', async () => {
  const site = await Site.start({ playbook: signingPlaybook });
  site.env = {};
  const password = ['-e', `ansible_password=${sitePassword}`];

  const planned = await site.cli('plan', '-o', 'plan.json', ...password);
  const without = await site.cli('apply', 'plan.json', '--state-dir', 'other');
  const applied = await site.cli('apply', 'plan.json', ...password);

  expect([planned.code, without.code, applied.code]).toEqual([0, 5, 0]);
  const files = site.files().filter((path) => !path.endsWith('inventory.yml'));
  for (const file of files) expect(readFileSync(file).includes(sitePassword), file).toBe(false);
});

/** The secret as it could stand in text, JSON, HTML, on the wire, or in base64 (at each of its three alignments). */
function spellings(secret: string): Buffer[] {
  const utf8 = Buffer.from(secret);
  const html = secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const base64 = [0, 1, 2].map((offset) => utf8.subarray(offset, offset + 24).toString('base64'));
  return [
    ...[
      utf8,
      Buffer.from(secret, 'utf16le'),
      Buffer.from(JSON.stringify(secret).slice(1, -1)),
      Buffer.from(html),
    ],
    ...base64.map((text) => Buffer.from(text)),
  ];
}
