import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's modules belong to Debian's own Python, which need not be the first on PATH. */
const pythons = ['/usr/bin/python3', 'python3'];

/** A Python that imports these modules; undefined where there is none. */
export function findPythonWith(...modules: readonly string[]): string | undefined {
  const probe = modules.map((module) => `import ${module}`).join('; ');
  return pythons.find((python) => spawnSync(python, ['-c', probe]).status === 0);
}

const configuration = `
openssl_conf = init
[init]
providers = providers
[providers]
default = active
legacy = active
[active]
activate = 1
`;

/**
 * Lets a Python program have MD4, which its NTLM needs and OpenSSL 3 keeps in the legacy provider.
 *
 * @param use - Gets the environment to run that program with, and nothing else.
 */
export async function withMd4<T>(use: (environment: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
  try {
    const path = join(folder, 'openssl.cnf');
    writeFileSync(path, configuration);
    return await use({
      PATH: process.env['PATH'] ?? '',
      OPENSSL_CONF: path,
      HOME: folder,
      LC_ALL: 'C.UTF-8',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
