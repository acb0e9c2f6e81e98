import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isMissing, sharedPath } from '../support/shared.ts';
import { inFolder, stepOf } from './replay-folder.ts';
import type { DriverEntry } from './replay-folder.ts';

const missing = isMissing('fixtures/drivers.yaml');

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function replay(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/replay.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Runs the command on a folder with this text as its `drivers.yaml`. */
function replayText(drivers: string): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-replay-'));
  try {
    mkdirSync(join(folder, 'winrm-exchanges'));
    writeFileSync(join(folder, 'drivers.yaml'), drivers);
    writeFileSync(
      join(folder, 'winrm-exchanges', 'one.yml'),
      'messages:\n- request: <hello/>\n  colour: red\n',
    );
    return replay(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(missing)('the replay command', () => {
  test('prints one line a recording, a summary, and exits with 0', () => {
    const { status, stdout } = replay(sharedPath('fixtures'), '--only', 'wsman_update');

    expect(stdout).toMatch(
      /^✓ plain {2}✓ sealed {2}winrm-exchanges\/test_wsman_update_envelope_size_150\.yml {2}\d+ ms$/m,
    );
    expect(stdout).toMatch(/^2 recordings, 4 plays: all as recorded$/m);
    expect(status).toBe(0);
  });

  test('says the first difference of what is not as recorded, and exits with 1', async () => {
    const changes = {
      driver: (entry: DriverEntry) => (stepOf(entry, 'run')['expect'].exitCode = 7),
    };

    const { status, stdout } = await inFolder('test_winrs_standard', changes, (folder) =>
      Promise.resolve(replay(folder)),
    );

    expect(stdout).toMatch(/^✗ plain {2}✗ sealed /m);
    expect(stdout).toMatch(/^ {4}plain: run \(.*drivers\.yaml:\d+\): exitCode: expected 7, got 0$/m);
    expect(status).toBe(1);
  });

  test('gives a document for programs', () => {
    const { status, stdout } = replay(sharedPath('fixtures'), '--only', 'wsman_update', '--json');

    const played = [
      { door: 'plain', pass: true, reasons: [] },
      { door: 'sealed', pass: true, reasons: [] },
    ];
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'countersign/replay@1',
      pass: true,
      results: [
        { file: /150/, pass: true, reason: null, plays: played },
        { file: /500/, pass: true, reason: null, plays: played },
      ].map(({ file, ...rest }) => ({ file: expect.stringMatching(file), ...rest })),
    });
    expect(status).toBe(0);
  });

  test('says in the document why a recording fails', async () => {
    const changes = { driver: (entry: DriverEntry) => (stepOf(entry, 'run')['expect'].exitCode = 7) };

    const { stdout } = await inFolder('test_winrs_standard', changes, (folder) =>
      Promise.resolve(replay(folder, '--door', 'sealed', '--json')),
    );

    expect(JSON.parse(stdout)).toMatchObject({
      pass: false,
      results: [
        { pass: false, reason: expect.stringMatching(/^sealed: run .*exitCode: expected 7, got 0$/) },
      ],
    });
  });

  test('takes the key of the recorded client from elsewhere', async () => {
    const key = sharedPath('fixtures/winrm-exchanges/psrp-test-rsa-key.json');
    const changes = {
      driver: (entry: DriverEntry) => (stepOf(entry, 'exchangeKeys')['exchangeKeys'].rsaKey = 'gone'),
    };

    const [without, withKey] = await inFolder('test_psrp_multiple_commands', changes, (folder) =>
      Promise.resolve([
        replay(folder, '--door', 'plain', '--verbose'),
        replay(folder, '--door', 'plain', '--key', key),
      ]),
    );

    expect(without.stdout).toMatch(/public-key\.PublicKey/);
    expect(without.stdout).toMatch(/gone is no RSA key, so that the client made a new one/);
    expect(withKey.status).toBe(0);
  });

  test('tells what was let pass, when it is asked to', () => {
    const { stdout } = replay(
      sharedPath('fixtures'),
      '--only',
      'winrs_standard',
      '--door',
      'plain',
      '--verbose',
    );

    expect(stdout).toMatch(/let pass: UTF-8 unless asked otherwise/);
  });

  test('exits with 1 where nothing matches', () => {
    expect(replay(sharedPath('fixtures'), '--only', 'no such recording').status).toBe(1);
  });
});

describe('the replay command', () => {
  test.each([
    ['no folder', []],
    ['two folders', ['one', 'two']],
    ['an unknown option', ['one', '--fast']],
    ['an unknown door', ['one', '--door', 'back']],
  ])('exits with 64 for %s', (_what, args) => {
    const { status, stderr } = replay(...args);

    expect(stderr).toMatch(/Usage: npm run replay/);
    expect(status).toBe(64);
  });

  test('helps', () => {
    const { status, stdout } = replay('--help');

    expect(stdout).toMatch(/Example: npm run replay -- /);
    expect(status).toBe(0);
  });

  test('exits with 65 where there is no description, and names the file', () => {
    const { status, stderr } = replay('no-such-folder');

    expect(stderr).toMatch(/no-such-folder\/drivers\.yaml:1: it cannot be read: ENOENT/);
    expect(status).toBe(65);
  });

  test.each([
    ['is no YAML', 'a: [', /drivers\.yaml:1: /],
    ['is no list', 'a: 1', /drivers\.yaml:1: it is no list of recordings/],
  ])('exits with 65 where the description %s', (_what, text, reason) => {
    const { status, stderr } = replayText(text);

    expect(stderr).toMatch(reason);
    expect(status).toBe(65);
  });

  test.each([
    ['names no file', '- steps: []', /drivers\.yaml:1: the entry names no file/],
    [
      'names a file that is not there',
      '- file: two.yml\n  steps: []',
      /drivers\.yaml:1: there is no recording/,
    ],
    ['has no steps', '- file: winrm-exchanges/one.yml', /drivers\.yaml:1: the entry has no list of steps/],
    [
      'has a step with two verbs',
      '- file: winrm-exchanges/one.yml\n  steps:\n  - {open: {}, close: {}}',
      /drivers\.yaml:3: the step has several verbs: open, close/,
    ],
    [
      'has a step without a verb',
      '- file: winrm-exchanges/one.yml\n  steps:\n  - {expect: {}}',
      /drivers\.yaml:3: the step has no verb/,
    ],
    [
      'has a step that is none',
      '- file: winrm-exchanges/one.yml\n  steps:\n  - open',
      /drivers\.yaml:3: the step is no mapping/,
    ],
    [
      'has an impossible range',
      '- file: winrm-exchanges/one.yml\n  steps:\n  - open: {}\n    messages: [1]',
      /drivers\.yaml:4: the messages are no pair/,
    ],
    [
      'has an expectation that is none',
      '- file: winrm-exchanges/one.yml\n  steps:\n  - open: {}\n    expect: 5',
      /drivers\.yaml:4: what is expected is no mapping/,
    ],
    [
      'leads to a recording with an unknown key',
      '- file: winrm-exchanges/one.yml\n  steps: []',
      /one\.yml:3: key colour is not known/,
    ],
  ])('fails an entry alone that %s', (_what, text, reason) => {
    const { status, stdout } = replayText(text);

    expect(stdout).toMatch(reason);
    expect(status).toBe(65);
  });
});
