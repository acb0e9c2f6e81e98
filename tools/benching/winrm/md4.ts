import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
 * Gives Python programs MD4, which NTLM needs and OpenSSL 3 keeps in its legacy provider.
 *
 * @param use - Gets the environment to run them with.
 */
export async function withMd4<T>(
  use: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-openssl-'));
  try {
    const file = join(folder, 'openssl.cnf');
    writeFileSync(file, configuration);
    const path = process.env['PATH'] ?? '';
    return await use({ PATH: path, OPENSSL_CONF: file, HOME: folder, LC_ALL: 'C.UTF-8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
