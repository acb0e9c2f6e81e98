import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Gssapi, Pointer } from './library.ts';
import type { GssMemory } from './memory.ts';
import { nameType } from './mechanism.ts';
import { explainStatus, hasFailed } from './status.ts';

/** A name of the library, freed with the memory. Failures `auth.kerberos-*`, such as a user without a realm. */
export function importName(
  gssapi: Gssapi,
  memory: GssMemory,
  text: string,
  kind: 'service' | 'user',
): Result<Pointer> {
  const [minor, name] = [memory.reserve(4), memory.reserve(8)];
  const type = nameType(gssapi, memory, kind);
  const major = gssapi.call.gss_import_name(minor, memory.text(text), type, name);
  const status = { major, minor: memory.number(minor) };
  if (hasFailed(status)) return err(explainStatus(gssapi, status, { principal: text, service: text }));
  memory.onFree(() => gssapi.call.gss_release_name(minor, name));
  return ok(memory.pointer(name));
}
