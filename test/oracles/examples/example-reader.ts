import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import { pwshBackends } from '../../../src/lab/server/pwsh-backend.ts';
import { systemProcesses } from '../../../src/node/child-process.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { CertificateWorkshop } from '../../support/certificates.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { serveHost } from '../../support/winrm-host.ts';
import type { Block } from '../../docs/blocks.ts';

const source = pathToFileURL(join(import.meta.dirname, '../../../src/winrm.ts')).href;
const redirect = pathToFileURL(join(import.meta.dirname, 'redirect.mjs')).href;

/** A reader of pages who runs their TypeScript in a folder of their own, against a host with a real PowerShell. */
export class ExampleReader {
  readonly #folder = mkdtempSync(join(tmpdir(), 'countersign-examples-'));
  readonly #ports: { readonly http: number; readonly https: number };

  private constructor(ports: { readonly http: number; readonly https: number }, certificate: string) {
    this.#ports = ports;
    writeFileSync(join(this.#folder, 'corp-ca.pem'), certificate);
    afterAll(() => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  static async start(workshop: CertificateWorkshop): Promise<ExampleReader> {
    const backends = pwshBackends({
      program: findPowerShell() ?? '',
      env: { ...environment(), PSModulePath: join(import.meta.dirname, 'modules') },
      ...{ processes: systemProcesses, timers: systemTimers },
    });
    const authority = workshop.make({ name: 'Corp CA', isAuthority: true });
    const names = ['DNS:fs-01.corp.example'];
    const own = workshop.make({ name: 'fs-01', names, issuer: authority });
    const shells = { cmd: programBackends() };
    const http = await serveHost(backends, shells);
    const https = await serveHost(backends, { ...shells, https: { certificate: own.der }, tls: own });
    afterAll(async () => {
      await http.server.close();
      await https.server.close();
    });
    return new ExampleReader({ http: http.server.port, https: https.server.port }, authority.certificate);
  }

  /** Runs an example; rejects where it fails, or does not print what its comments say. */
  async run({ place, text }: Block): Promise<void> {
    const file = join(this.#folder, `${place.replaceAll(/[^\w.]/g, '-')}.ts`);
    writeFileSync(file, text.replaceAll("'countersign/winrm'", `'${source}'`));
    const { code, out, err } = await this.#node(file);
    if (code !== 0) throw new Error(`${place} ended with ${String(code)}:\n${out}${err}`);
    const expected = [...text.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line = '']) => line);
    const printed = out.trimEnd().split('\n');
    const isSo = printed.length === expected.length && expected.every((line, at) => fits(printed[at], line));
    if (!isSo) throw new Error(`${place} printed\n${out}where it says\n${expected.join('\n')}`);
  }

  #node(file: string): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
    const ports = {
      EXAMPLE_HTTP_PORT: String(this.#ports.http),
      EXAMPLE_HTTPS_PORT: String(this.#ports.https),
    };
    const env = { ...process.env, ...ports, ADMIN_PASSWORD: 'Pä$$wörd' };
    const child = spawn(process.execPath, ['--import', redirect, file], { cwd: this.#folder, env });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    return new Promise((resolve) => {
      child.once('close', (code) => {
        resolve({ code, out, err });
      });
    });
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** `…` stands for anything. */
function fits(line: string | undefined, pattern: string): boolean {
  const parts = pattern.split('…').map((part) => part.replaceAll(/[^\w ]/g, String.raw`\$&`));
  return line !== undefined && new RegExp(`^${parts.join('.*')}$`).test(line);
}
