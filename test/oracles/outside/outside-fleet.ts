import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findPython } from '../ntlm/acceptor.ts';
import { findPowerShell } from '../../support/powershell.ts';
import type { OutsideHost, StateFields } from './outside-hosts.ts';

/** One line of a host's log, written by the server or by a stand-in. */
export interface Trace {
  readonly at: string;
  readonly host: string;
  readonly event: string;
  readonly what?: string;
  readonly action?: string;
  readonly value?: string;
  readonly code?: number;
}

/** How a call of the command line ended; `code` is null where it was killed. */
export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const project = resolve(import.meta.dirname, '../../..');
const password = 'Pä$$wörd 2 a.m.';

/** Hosts served by winrm_server.py, and a folder with an inventory and a playbook to reach them by. */
export class OutsideFleet {
  readonly folder: string;
  readonly #server: ChildProcess;
  readonly #children = new Set<ChildProcess>();

  private constructor(folder: string, server: ChildProcess) {
    this.folder = folder;
    this.#server = server;
  }

  static async start(hosts: readonly OutsideHost[], playbook: string): Promise<OutsideFleet> {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-outside-'));
    mkdirSync(join(folder, 'hosts'));
    const server = spawn(
      findPython() ?? 'python3',
      [join(import.meta.dirname, 'winrm_server.py'), writeSettings(folder, hosts)],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '/',
          NTLM_USER_FILE: join(folder, 'users'),
          PYTHONDONTWRITEBYTECODE: '1',
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const ports = await new Promise<Record<string, number>>((done, fail) => {
      createInterface(server.stdout).once('line', (line) => {
        done(JSON.parse(line) as Record<string, number>);
      });
      server.once('close', (code) => {
        fail(new Error(`the outside server ended with ${String(code)}`));
      });
    });
    writeFileSync(join(folder, 'inventory.yml'), inventory(ports));
    writeFileSync(join(folder, 'playbook.yml'), playbook);
    return new OutsideFleet(folder, server);
  }

  /** Runs the command line to its end, as a process of its own. */
  cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliRun> {
    return this.launch(args, env).ended;
  }

  /** Starts the command line; it may be killed before its end. */
  launch(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): { readonly child: ChildProcess; readonly ended: Promise<CliRun> } {
    const inputs = ['-i', 'inventory.yml', '-p', 'playbook.yml', '--no-color'];
    const child = spawn(process.execPath, [join(project, 'bin/countersign.mjs'), ...args, ...inputs], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'] ?? '', OUTSIDE_PASSWORD: password, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const ended = new Promise<CliRun>((done) => {
      child.once('close', (code) => {
        this.#children.delete(child);
        done({ code, ...texts });
      });
    });
    return { child, ended };
  }

  /** Where the hosts log, one line of JSON an event. */
  get logFile(): string {
    return join(this.folder, 'hosts.ndjson');
  }

  /** What the hosts saw so far, in order for each. */
  log(): readonly Trace[] {
    const lines = readFileSync(this.logFile, 'utf8').trimEnd().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Trace);
  }

  state(host: string): StateFields {
    return JSON.parse(readFileSync(join(this.folder, 'hosts', `${host}.json`), 'utf8')) as StateFields;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    const ended = new Promise((done) => this.#server.once('close', done));
    this.#server.stdin?.end();
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}

function writeSettings(folder: string, hosts: readonly OutsideHost[]): string {
  writeFileSync(join(folder, 'users'), `CORP:ops:${password}\n`);
  writeFileSync(join(folder, 'hosts.ndjson'), '');
  const settings = {
    pwsh: findPowerShell(),
    modules: join(import.meta.dirname, 'modules'),
    hosts: hosts.map(({ name, state, settings: own = {} }) => {
      const file = join(folder, 'hosts', `${name}.json`);
      writeFileSync(file, JSON.stringify(state));
      return { name, state: file, log: join(folder, 'hosts.ndjson'), ...own };
    }),
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  return join(folder, 'settings.json');
}

function inventory(ports: Readonly<Record<string, number>>): string {
  const hosts = Object.entries(ports).map(([name, port]) => `    ${name}: { ansible_port: ${port} }`);
  return [
    'all:',
    '  vars:',
    '    ansible_connection: psrp',
    '    ansible_host: 127.0.0.1',
    '    ansible_psrp_protocol: http',
    '    ansible_psrp_auth: ntlm',
    String.raw`    ansible_user: CORP\ops`,
    `    ansible_password: "{{ lookup('env', 'OUTSIDE_PASSWORD') }}"`,
    '  hosts:',
    ...hosts,
    '',
  ].join('\n');
}
