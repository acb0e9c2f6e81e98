import { expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';
import { endPointHash, serverEndPoint } from '../../../src/wire/tls/server-end-point.ts';
import { CertificateWorkshop, hasOpenssl, rsaKey } from '../../support/certificates.ts';
import type { CertificateOptions } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';

const prefix = 'tls-server-end-point:';

oracle('check 8: the end point of certificates made by openssl', hasOpenssl, () => {
  const workshop = new CertificateWorkshop();
  const ed25519 = ['-algorithm', 'ED25519'];

  test.each<[string, Partial<CertificateOptions>, string]>([
    ['RSA with SHA-1', { key: rsaKey, hash: 'sha1' }, 'sha256'],
    ['RSA with MD5', { key: rsaKey, hash: 'md5' }, 'sha256'],
    ['RSA with SHA-224', { key: rsaKey, hash: 'sha224' }, 'sha224'],
    ['RSA with SHA-256', { key: rsaKey, hash: 'sha256' }, 'sha256'],
    ['RSA with SHA-384', { key: rsaKey, hash: 'sha384' }, 'sha384'],
    ['RSA with SHA-512', { key: rsaKey, hash: 'sha512' }, 'sha512'],
    ['RSA with SHA3-384', { key: rsaKey, hash: 'sha3-384' }, 'sha3-384'],
    ['RSASSA-PSS with SHA-1', { pss: true, hash: 'sha1' }, 'sha256'],
    ['RSASSA-PSS with SHA-256', { pss: true, hash: 'sha256' }, 'sha256'],
    ['RSASSA-PSS with SHA-384', { pss: true, hash: 'sha384' }, 'sha384'],
    ['RSASSA-PSS with SHA-512', { pss: true, hash: 'sha512' }, 'sha512'],
    ['ECDSA with SHA-1', { hash: 'sha1' }, 'sha256'],
    ['ECDSA with SHA-256', { hash: 'sha256' }, 'sha256'],
    ['ECDSA with SHA-384', { hash: 'sha384' }, 'sha384'],
    ['ECDSA with SHA-512', { hash: 'sha512' }, 'sha512'],
    ['ECDSA with SHA3-512', { hash: 'sha3-512' }, 'sha3-512'],
    ['Ed25519', { key: ed25519, hash: 'null' }, 'sha256'],
  ])('signed by %s is the hash that openssl computes', (_, options, hash) => {
    const { certificateFile, der } = workshop.make({ name: 'fs-01', ...options });
    const printed = workshop.openssl('x509', '-in', certificateFile, '-noout', '-fingerprint', `-${hash}`);
    const expected = (printed.split('=')[1] ?? '').replaceAll(':', '').trim().toLowerCase();

    const endPoint = Buffer.from(unwrap(serverEndPoint(der)));

    expect(endPoint.toString('latin1', 0, prefix.length)).toBe(prefix);
    expect(endPoint.toString('hex', prefix.length)).toBe(expected);
  });

  test('cut short anywhere is no certificate', () => {
    const { der } = workshop.make({ name: 'fs-01', pss: true, hash: 'sha384' });

    for (let length = 0; length < der.length; length++) {
      expect(serverEndPoint(der.subarray(0, length))).toMatchObject({
        ok: false,
        error: { code: 'tls.malformed-certificate' },
      });
    }
  });
});

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => writeDer(DerTag.sequence, ...parts);
const oid = (dotted: string): Uint8Array => writeDer(DerTag.oid, encodeOid(dotted));
const certificateWith = (algorithm: Uint8Array): Uint8Array =>
  sequence(sequence(), algorithm, writeDer(DerTag.bitString, Uint8Array.of(0)));
const pss = '1.2.840.113549.1.1.10';

test.each<[string, Uint8Array]>([
  ['nothing at all', new Uint8Array(0)],
  ['no sequence', writeDer(DerTag.set)],
  ['a certificate of two parts', sequence(sequence(), sequence(oid('1.2')))],
  ['an algorithm that is no sequence', certificateWith(oid('1.2'))],
  ['an algorithm without a name', certificateWith(sequence())],
  [
    'an algorithm whose name is a number',
    certificateWith(sequence(writeDer(DerTag.integer, Uint8Array.of(1)))),
  ],
  [
    'an algorithm whose name is malformed',
    certificateWith(sequence(writeDer(DerTag.oid, Uint8Array.of(0x80)))),
  ],
  ['an algorithm cut short', certificateWith(sequence(Uint8Array.of(DerTag.oid, 5)))],
  ['something behind it', Uint8Array.of(...certificateWith(sequence(oid('1.2'))), 0)],
])('%s is no certificate', (_, bytes) => {
  expect(serverEndPoint(bytes)).toMatchObject({ ok: false, error: { code: 'tls.malformed-certificate' } });
});

test.each<[string, readonly Uint8Array[]]>([
  ['no parameters', []],
  ['no hash among them', [sequence(writeDer(0xa2, Uint8Array.of(2, 1, 20)))]],
  ['parameters cut short', [sequence(Uint8Array.of(0xa0, 5))]],
  ['a hash without a name', [sequence(writeDer(0xa0, sequence()))]],
])('RSASSA-PSS with %s means SHA-1, so SHA-256 is taken', (_, parameters) => {
  expect(unwrap(endPointHash(certificateWith(sequence(oid(pss), ...parameters))))).toBe('sha256');
});

test('RSASSA-PSS names its hash in its parameters, which openssl cannot sign with SHA-3', () => {
  const hash = writeDer(0xa0, sequence(oid('2.16.840.1.101.3.4.2.8')));

  expect(unwrap(endPointHash(certificateWith(sequence(oid(pss), sequence(hash)))))).toBe('sha3-256');
});
