import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { oracle } from '../../support/oracles.ts';

const signal = new AbortController().signal;
const hasOpenssl = (): boolean => spawnSync('openssl', ['version']).status === 0;

oracle('TLS certificates made by openssl', hasOpenssl, () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-tls-'));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  let server: ReturnType<typeof createServer>;
  let certificate: string;

  beforeAll(async () => {
    const files = ['-keyout', keyFile, '-out', certificateFile];
    spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      ...files,
      ...subject,
    ]);
    certificate = readFileSync(certificateFile, 'utf8');
    server = createServer({ key: readFileSync(keyFile), cert: certificate }, (_, response) => {
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  const connect = (address: string): ReturnType<typeof systemConnector.connect> => {
    const { port } = server.address() as AddressInfo;
    return systemConnector.connect({ scheme: 'https', address, port, connectTimeout: seconds(5) });
  };

  test('a certificate that nobody vouches for is refused, with the reason', async () => {
    expect(await connect('localhost').open(signal)).toMatchObject({
      ok: false,
      error: { code: 'net.failed', details: { reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', sent: false } },
    });
  });

  test('a trusted certificate carries requests under its name, and no other', async () => {
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, certificate]);
    const connection = connect('localhost');
    unwrap(await connection.open(signal));

    const request = { method: 'POST', path: '/', headers: {}, body: new Uint8Array(0) } as const;
    const limits = { timeout: seconds(5), maxResponseBytes: 100 };
    const answer = unwrap(await connection.exchange({ ...request, ...limits }, signal));
    const wrongName = await connect('127.0.0.1').open(signal);
    connection.close();
    setDefaultCACertificates(before);

    expect(Buffer.from(answer.body).toString()).toBe('ok');
    expect(wrongName).toMatchObject({
      ok: false,
      error: { code: 'net.failed', details: { reason: 'ERR_TLS_CERT_ALTNAME_INVALID' } },
    });
  });
});
