import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installPacked, withoutPinned } from '../support/packed.ts';
import type { Ended, Installed } from '../support/packed.ts';

const root = join(import.meta.dirname, '../..');
const longTimeoutMs = 240_000;

let installed: Installed;
beforeAll(() => {
  installed = installPacked();
}, longTimeoutMs);
afterAll(() => {
  installed.remove();
});

const program = () => join(installed.folder, 'node_modules/countersign/bin/countersign.mjs');
const countersign = (...args: readonly string[]): Ended => installed.node([program(), ...args]);

describe('the packed tarball, installed elsewhere', { timeout: longTimeoutMs }, () => {
  test('has neither sources nor tests, and every script that is sent to hosts', () => {
    const folder = join(installed.folder, 'node_modules/countersign');

    for (const absent of ['src', 'test', 'tools', '.ci'])
      expect(existsSync(join(folder, absent)), absent).toBe(false);
    for (const present of [
      'dist/survey/facts.ps1',
      'dist/controls/smb1-feature/set.ps1',
      'README.md',
      'LICENSE',
    ])
      expect(existsSync(join(folder, present)), present).toBe(true);
  });

  test('tells its version and its commands', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

    expect(countersign('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(countersign('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('apply <file>') as string,
    });
  });

  test('writes a project, finds it valid, and takes its simulated fleet as far as it goes', () => {
    expect(countersign('init', '.')).toMatchObject({ code: 0, err: '' });
    expect(countersign('validate', '--lab')).toMatchObject({ code: 0, out: 'Valid: 3 files, no errors\n' });

    const planned = countersign('plan', '--lab', '-l', 'canary', '-o', 'plan.json', '--allow-spill');
    expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('Plan: SMB hardening') as string });
    expect(countersign('show', 'plan.json', '--html', 'plan.html')).toMatchObject({ code: 0 });

    const applied = countersign('apply', '--lab', 'plan.json', '--once', '-l', 'canary');
    expect(applied.code, applied.err).toBe(3);
    const report = countersign('report', '--json');
    expect(JSON.parse(report.out)).toMatchObject({ schema: 'countersign/report@1', hosts: [{}, {}] });
  });

  test('ships the inventory and the playbook of the demo', () => {
    const shipped = join(installed.folder, 'node_modules/countersign');
    const files = ['-i', join(shipped, 'inventories'), '-p', join(shipped, 'playbooks/smb-hardening.yml')];

    const asked = countersign(
      'status',
      '--lab',
      '--state-dir',
      'demo-fleet',
      ...files,
      '--json',
      'fs-01.corp.example',
    );

    expect(asked.code, asked.err).toBe(1);
    expect(JSON.parse(asked.out)).toMatchObject({ hosts: [{ host: 'fs-01.corp.example', reach: 'ok' }] });
  });

  test('is a library: its WinRM client asks its simulated fleet', () => {
    writeFileSync(join(installed.folder, 'consumer.ts'), consumer);

    const asked = installed.node(['consumer.ts']);

    expect(asked).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(asked.out)).toMatchObject({
      powershell: expect.any(String),
      boot: { bootTime: expect.any(String) },
    });
  });

  test('has types that a strict project compiles against', () => {
    writeFileSync(join(installed.folder, 'consumer.ts'), consumer);
    writeFileSync(
      join(installed.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
    );

    const compiled = installed.node([join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);

    expect(compiled).toEqual({ code: 0, out: '', err: '' });
  });

  const old = oldNode();
  if (old === undefined)
    console.warn('skipped: an old Node says what it lacks (the Node on PATH is new enough)');
  test.skipIf(old === undefined)('says on an old Node in one line what it needs', () => {
    const refused = installed.node([program(), 'validate'], { program: old ?? '' });

    expect(refused).toMatchObject({ code: 64, out: '' });
    expect(refused.err).toMatch(/^countersign needs Node 24\.15 or later and runs on v\d+\..*\n$/);
  });
});

/** A program of somebody who knows only what the package exports. */
const consumer = `
import { composeRuntime } from 'countersign';
import { controlCatalog, generateHosts, generateScenario, startFleet, systemListener, Secret, unwrap } from 'countersign/lab';
import { createSessionFactory, seconds, systemClock, systemConnector, systemEntropy, systemTimers } from 'countersign/winrm';
import type { Target } from 'countersign/winrm';

const password = new Secret('lab');
const fleet = unwrap(await startFleet({
  scenario: generateScenario(generateHosts(1), 'consumer'),
  ...{ seed: 'consumer', catalog: controlCatalog, accounts: new Map([['admin', password]]) },
  ...{ listener: systemListener, clock: systemClock, timers: systemTimers, entropy: systemEntropy },
}));
const [host] = fleet.hosts;
if (!host) throw new Error('no host');
const target: Target = {
  ...{ host: host.name, address: host.address, port: host.port, scheme: 'http', path: '/wsman', auth: 'ntlm' },
  ...{ user: 'admin', password, configuration: 'Microsoft.PowerShell' },
  ...{ connectTimeout: seconds(5), operationTimeout: seconds(20) },
};
const now = () => systemClock.now();
const sessions = createSessionFactory({ connector: systemConnector, timers: systemTimers, entropy: systemEntropy, now });
const { signal } = new AbortController();
const runtime = unwrap(composeRuntime({ cwd: '.', env: {}, stateDir: '.countersign', lab: false }));
const session = unwrap(await sessions.open(target, signal));
const script = runtime.scripts.read('survey/readiness');
const { output: [boot] } = unwrap(await session.read(script, {}, { timeout: seconds(20) }, signal));
console.log(JSON.stringify({ powershell: session.server.powershell, boot }));
await session.close();
await runtime.close();
await fleet.close();
`;

const compilerOptions = {
  ...{ module: 'nodenext', target: 'es2024', lib: ['es2024', 'dom'], types: [], strict: true, noEmit: true },
  ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
};

/** The machine's own Node, where it is older than the one we need. */
function oldNode(): string | undefined {
  const found = spawnSync('node', ['-p', '[process.execPath, process.versions.node].join(" ")'], {
    env: { ...process.env, PATH: withoutPinned() },
    encoding: 'utf8',
  });
  const [path, version = ''] = found.stdout.trim().split(' ');
  return Number.parseInt(version, 10) < 24 ? path : undefined;
}
