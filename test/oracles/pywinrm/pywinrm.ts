import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findPythonWith, withMd4 } from '../../support/debian-python.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

export const findPywinrm = (): string | undefined => findPythonWith('winrm', 'requests_ntlm');

/** What pywinrm is to do; `shell` runs several commands in one shell. */
export type PywinrmCall =
  | { readonly cmd: readonly string[] }
  | { readonly ps: string }
  | {
      readonly shell: readonly (readonly string[])[];
      readonly workingDirectory?: string;
      readonly environment?: Readonly<Record<string, string>>;
      /** As an xs:duration. */
      readonly idleTimeout?: string;
    };

export interface PywinrmOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface PywinrmError {
  readonly error: string;
  readonly message: string;
}

interface Asked {
  readonly password?: string;
  /** Seconds. */
  readonly operationTimeout?: number;
}

/** Lets pywinrm make these calls over NTLM with sealing; outputs come back as binary strings (one byte a character). */
export async function pywinrm(
  { server }: Pick<ServedHost, 'server'>,
  calls: readonly PywinrmCall[],
  asked: Asked = {},
): Promise<readonly (PywinrmOutcome | readonly PywinrmOutcome[] | PywinrmError)[]> {
  const input = JSON.stringify({
    ...{ target: `http://127.0.0.1:${server.port}/wsman`, user: 'CORP\\ops', password: 'Pä$$wörd' },
    ...{ calls, ...asked },
  });
  const output = await withMd4((environment) => run(environment, input));
  return (JSON.parse(output) as unknown[]).map(decoded) as Awaited<ReturnType<typeof pywinrm>>;
}

function run(environment: Record<string, string>, input: string): Promise<string> {
  const child = spawn(findPywinrm() ?? 'python3', [join(import.meta.dirname, 'client.py')], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(said.stdout);
      else reject(new Error(`pywinrm ended with ${String(code)}: ${said.stderr}`));
    });
  });
}

function decoded(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(decoded);
  const { stdout, stderr, ...rest } = result as Record<string, unknown>;
  const text = (encoded: unknown): string => Buffer.from(String(encoded), 'base64').toString('latin1');
  return stdout === undefined ? result : { stdout: text(stdout), stderr: text(stderr), ...rest };
}
