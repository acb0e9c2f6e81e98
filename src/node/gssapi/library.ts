import type { TypeObject } from 'koffi';
import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';

/** koffi, which calls C functions; an optional package, so it is loaded only where Kerberos is asked for. */
export type Koffi = typeof import('koffi');

/** An address in the library's memory; null is C's NULL. */
export type Pointer = bigint | null;

/** A function of the library: pointers and numbers in, its major status out. */
export interface GssFunction {
  (...args: readonly (Pointer | number)[]): number;
  /** On another thread; the last argument takes the result. */
  async(...args: readonly (Pointer | number | ((error: unknown, major: number) => void))[]): void;
}

const pointer = 'void *';
const status = 'uint32_t';
const number = 'uint32_t';
const flag = 'int';

/** The functions that we call, with their arguments. @see RFC 2744, and MIT Kerberos' gssapi_ext.h */
const signatures = {
  gss_import_name: [pointer, pointer, pointer, pointer],
  gss_release_name: [pointer, pointer],
  gss_acquire_cred_from: [
    ...[pointer, pointer, number, pointer, flag, pointer],
    ...[pointer, pointer, pointer],
  ],
  gss_acquire_cred_with_password: [
    ...[pointer, pointer, pointer, number, pointer, flag],
    ...[pointer, pointer, pointer],
  ],
  gss_release_cred: [pointer, pointer],
  gss_init_sec_context: [
    ...[pointer, pointer, pointer, pointer, pointer, number, number],
    ...[pointer, pointer, pointer, pointer, pointer, pointer],
  ],
  gss_delete_sec_context: [pointer, pointer, pointer],
  gss_wrap: [pointer, pointer, flag, number, pointer, pointer, pointer],
  gss_unwrap: [pointer, pointer, pointer, pointer, pointer, pointer],
  gss_get_mic: [pointer, pointer, number, pointer, pointer],
  gss_verify_mic: [pointer, pointer, pointer, pointer, pointer],
  gss_display_status: [pointer, number, flag, pointer, pointer, pointer],
  gss_release_buffer: [pointer, pointer],
} as const;

type GssName = keyof typeof signatures;

/** Structures of the interface, as the machine's C lays them out. */
export interface GssTypes {
  /** gss_buffer_desc */
  readonly buffer: TypeObject;
  /** gss_OID_desc */
  readonly oid: TypeObject;
  /** gss_OID_set_desc */
  readonly oids: TypeObject;
  /** gss_key_value_set_desc */
  readonly keyValues: TypeObject;
  /** gss_key_value_element_desc */
  readonly keyValue: TypeObject;
  /** gss_channel_bindings_struct */
  readonly bindings: TypeObject;
}

export interface Gssapi {
  readonly koffi: Koffi;
  readonly types: GssTypes;
  readonly call: Readonly<Record<GssName, GssFunction>>;
}

const libraryName = 'libgssapi_krb5.so.2';

/**
 * Loads koffi and MIT's GSSAPI. Failure `auth.kerberos-unavailable`, which names what to install.
 *
 * Other systems are refused: on macOS the interface packs its structures in another way, on Windows it is another one
 * (SSPI).
 */
export async function loadGssapi(platform: NodeJS.Platform = process.platform): Promise<Result<Gssapi>> {
  if (platform !== 'linux')
    return unavailable(
      `it needs MIT's library on Linux, and this is ${platform}`,
      'Use ansible_psrp_auth: ntlm, or run this program on Linux.',
    );
  let koffi: Koffi;
  try {
    koffi = await import('koffi');
  } catch (cause) {
    return unavailable(
      'the npm package koffi is not installed',
      'Install it beside this program: npm install koffi.',
      cause,
    );
  }
  try {
    const library = koffi.load(libraryName);
    const functions = Object.entries(signatures).map(([name, args]) => [
      name,
      library.func(name, status, [...args]),
    ]);
    return ok({ koffi, types: defineTypes(koffi), call: Object.fromEntries(functions) as Gssapi['call'] });
  } catch (cause) {
    return unavailable(
      `${libraryName} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Install MIT Kerberos (Debian and Ubuntu: libgssapi-krb5-2; Fedora and RHEL: krb5-libs).',
      cause,
    );
  }
}

function defineTypes(koffi: Koffi): GssTypes {
  const buffer = koffi.struct({ length: 'size_t', value: pointer });
  return {
    buffer,
    oid: koffi.struct({ length: 'uint32_t', elements: pointer }),
    oids: koffi.struct({ count: 'size_t', elements: pointer }),
    keyValues: koffi.struct({ count: 'uint32_t', elements: pointer }),
    keyValue: koffi.struct({ key: pointer, value: pointer }),
    bindings: koffi.struct({
      initiatorType: 'uint32_t',
      initiator: buffer,
      acceptorType: 'uint32_t',
      acceptor: buffer,
      application: buffer,
    }),
  };
}

function unavailable(reason: string, remedy: string, cause?: unknown): Result<never> {
  return err(failure('auth.kerberos-unavailable', { reason, remedy }, cause));
}
