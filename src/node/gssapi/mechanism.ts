import type { Pointer } from './library.ts';
import type { Gssapi } from './library.ts';
import type { GssMemory } from './memory.ts';

/** Contents of the identifiers' DER values. */
const kerberos = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02); // 1.2.840.113554.1.2.2
const hostBasedService = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04);
const userName = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x01);

function identifier({ types }: Gssapi, memory: GssMemory, content: Uint8Array): Pointer {
  return memory.struct(types.oid, { length: content.length, elements: memory.bytes(content) });
}

export function kerberosMechanism(gssapi: Gssapi, memory: GssMemory): Pointer {
  return identifier(gssapi, memory, kerberos);
}

/** A set of that mechanism only. */
export function onlyKerberos(gssapi: Gssapi, memory: GssMemory): Pointer {
  return memory.struct(gssapi.types.oids, { count: 1, elements: kerberosMechanism(gssapi, memory) });
}

const nameTypes = { service: hostBasedService, user: userName } as const;

/** The identifier of a kind of name. */
export function nameType(gssapi: Gssapi, memory: GssMemory, kind: keyof typeof nameTypes): Pointer {
  return identifier(gssapi, memory, nameTypes[kind]);
}
