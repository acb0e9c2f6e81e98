import { contextTag, DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => writeDer(DerTag.sequence, ...parts);
const oid = (dotted: string): Uint8Array => writeDer(DerTag.oid, encodeOid(dotted));
const nothing = writeDer(DerTag.null);

/** As much of a certificate as its end point needs: something, the signature's algorithm, a signature. */
function certificate(algorithm: Uint8Array): Uint8Array {
  const toBeSigned = sequence(writeDer(DerTag.integer, Uint8Array.of(1)), sequence(oid('2.5.4.3')));
  return sequence(toBeSigned, algorithm, writeDer(DerTag.bitString, new Uint8Array(33)));
}

/** One signed by RSA with SHA-384, one by RSASSA-PSS with SHA-256, one by Ed25519. */
export function certificates(): readonly Uint8Array[] {
  const hash = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing);
  const maskGeneration = sequence(oid('1.2.840.113549.1.1.8'), hash);
  const pss = sequence(writeDer(contextTag(0), hash), writeDer(contextTag(1), maskGeneration));
  return [
    certificate(sequence(oid('1.2.840.113549.1.1.12'), nothing)),
    certificate(sequence(oid('1.2.840.113549.1.1.10'), pss)),
    certificate(sequence(oid('1.3.101.112'))),
  ];
}
