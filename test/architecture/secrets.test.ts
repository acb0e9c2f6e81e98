import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/** Each place where a secret leaves its box. Add one only where the secret goes onto the wire or into a hash. */
const mayReveal = [
  'node/gssapi/credentials.ts',
  'node/http/pem.ts',
  'node/http/proxy-tunnel.ts',
  'node/http/secure-contexts.ts',
  'remote/auth/basic.ts',
  'wire/ntlm/ntlmv2.ts',
  'wire/psrp/session-key.ts',
];

test('a secret is revealed in the listed files and nowhere else', () => {
  const revealing = globSync('**/*.ts', { cwd: source }).filter((file) =>
    /\.reveal\b/.test(readFileSync(join(source, file), 'utf8')),
  );

  expect(revealing.filter((file) => !mayReveal.includes(file))).toEqual([]);
});
