import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's modules belong to Debian's own Python, which need not be the first on PATH. */
const pythons = ['python3', '/usr/bin/python3'];
const probe =
  'import gssapi; assert gssapi.OID.from_int_seq("1.3.6.1.4.1.311.2.2.10") in gssapi.raw.indicate_mechs()';

/** The Python that has gssapi with the NTLM mechanism (Debian: gss-ntlmssp, python3-gssapi). */
export function findPython(): string | undefined {
  found ??= pythons.find((python) => spawnSync(python, ['-c', probe]).status === 0);
  return found;
}

/** Asked once, since it takes a second. */
let found: string | undefined;

export interface GssAcceptor {
  readonly port: number;
  stop(): Promise<void>;
}

const echo = join(import.meta.dirname, 'acceptor.py');

export interface AcceptorOptions {
  /** Path of the program; the one that echoes unless given. */
  readonly program?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the acceptor, or another program around it, on loopback; it knows one account. */
export async function startAcceptor(
  domain: string,
  user: string,
  password: string,
  { program = echo, environment = {} }: AcceptorOptions = {},
): Promise<GssAcceptor> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ntlm-'));
  const users = join(folder, 'users');
  writeFileSync(users, `${domain}:${user}:${password}\n`);
  const server = await startPython(program, { NTLM_USER_FILE: users, ...environment });
  return {
    port: server.port,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs a server that prints its port on the first line, and ends when its input closes. */
export async function startPython(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<GssAcceptor> {
  const child = spawn(findPython() ?? 'python3', [program], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => {
      resolve(Number(line));
    });
    child.once('close', (code) => {
      reject(new Error(`${program} ended with ${String(code)}`));
    });
  });
  return {
    port,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
