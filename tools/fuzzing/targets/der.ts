import { readDerFields } from '../../../src/wire/bytes/der-fields.ts';
import { decodeOid, readDer, readDerParts, readOnlyDer } from '../../../src/wire/bytes/der.ts';
import { serverEndPoint } from '../../../src/wire/tls/server-end-point.ts';
import { valueOf } from '../contract.ts';
import type { FuzzTarget } from '../target.ts';
import { certificates } from './certificates.ts';

const dictionary = ['\x30\x80', '\x30\x84\xff\xff\xff\xff', '\x06\x09', '\xa0\x03', '\x05\0', '\x02\x01\0'];

export const derTargets: readonly FuzzTarget[] = [
  {
    name: 'certificate',
    shape: 'der',
    dictionary,
    seeds: certificates,
    run(input) {
      valueOf(serverEndPoint(input));
    },
  },
  {
    name: 'der',
    shape: 'der',
    dictionary,
    seeds: certificates,
    run(input) {
      readDerFields(readOnlyDer(input, 0x30), 12);
      for (const { content } of readDerParts(input) ?? []) decodeOid(content);
      // As deep as it goes; each level is shorter than the one around it.
      for (let value = readDer(input); value !== undefined; value = readDer(value.content));
    },
  },
];
