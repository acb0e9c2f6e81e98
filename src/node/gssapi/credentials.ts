import { createHash } from 'node:crypto';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { formatInstant, instant, minutes, plus, seconds } from '../../core/time.ts';
import type { Duration, Instant } from '../../core/time.ts';
import type { KerberosLogon } from '../../ports/kerberos.ts';
import { systemClock } from '../clock.ts';
import type { Gssapi, Pointer } from './library.ts';
import { GssMemory } from './memory.ts';
import { onlyKerberos } from './mechanism.ts';
import { importName } from './names.ts';
import { explainStatus, hasFailed } from './status.ts';
import type { WaitingCalls } from './waiting-calls.ts';

/** Whose ticket a logon uses. */
export type CredentialRequest = Pick<KerberosLogon, 'principal' | 'password' | 'cache'>;

/** A handle of the library, which is freed with the garbage. */
export class GssCredential {
  readonly handle: Pointer;
  /** When the ticket-granting ticket expires; undefined where that is not known. */
  readonly expiresAt: Instant | undefined;

  constructor(handle: Pointer, expiresAt: Instant | undefined) {
    this.handle = handle;
    this.expiresAt = expiresAt;
  }
}

interface Kept {
  readonly credential: Promise<Result<GssCredential>>;
  until: Instant;
}

/** A refused password is not tried again at once for the next host: a few more, and the account would be locked. */
const keepRefusal = minutes(1);
const keepWhileAsking = minutes(5);
/** A ticket this near its end is not used for another logon. */
const spareTime = minutes(10);

/** Gets tickets, and keeps those that a password got, so that 200 hosts ask for one. */
export class CredentialStore {
  readonly #gssapi: Gssapi;
  readonly #waiting: WaitingCalls;
  readonly #kept = new Map<string, Kept>();
  readonly #forgotten: FinalizationRegistry<Pointer>;

  constructor(gssapi: Gssapi, waiting: WaitingCalls) {
    this.#gssapi = gssapi;
    this.#waiting = waiting;
    this.#forgotten = new FinalizationRegistry((handle) => {
      releaseCredential(gssapi, handle);
    });
  }

  /** Failures `auth.kerberos-*`. */
  async get(request: CredentialRequest): Promise<Result<GssCredential>> {
    const key = keyOf(request);
    // A cache of tickets may be renewed outside at any time, and reading it costs nothing.
    if (key === undefined) return this.#acquire(request);
    const known = this.#kept.get(key);
    if (known !== undefined && systemClock.now() < known.until) return known.credential;
    const kept: Kept = { credential: this.#acquire(request), until: this.#in(keepWhileAsking) };
    this.#kept.set(key, kept);
    const credential = await kept.credential;
    kept.until = this.#keepUntil(credential);
    return credential;
  }

  #keepUntil(credential: Result<GssCredential>): Instant {
    if (credential.ok) {
      const { expiresAt } = credential.value;
      return instant((expiresAt ?? this.#in(spareTime)) - spareTime);
    }
    const { code } = credential.error;
    const isCostly = code === 'auth.kerberos-wrong-password' || code === 'auth.kerberos-no-kdc';
    return isCostly ? this.#in(keepRefusal) : systemClock.now();
  }

  #in(length: Duration): Instant {
    return plus(systemClock.now(), length);
  }

  async #acquire(request: CredentialRequest): Promise<Result<GssCredential>> {
    const memory = new GssMemory(this.#gssapi);
    try {
      const [credential, lifetime] = [memory.reserve(8), memory.reserve(4)];
      const name = this.#principalName(memory, request);
      if (!name.ok) return name;
      const [minor, major] = await this.#ask(memory, request, { name: name.value, credential, lifetime });
      const status = { major, minor: memory.number(minor) };
      if (hasFailed(status)) return err(explainStatus(this.#gssapi, status, describeRequest(request)));
      return ok(this.#adopt(memory.pointer(credential), memory.number(lifetime)));
    } finally {
      memory.free();
    }
  }

  #principalName(memory: GssMemory, { principal }: CredentialRequest): Result<Pointer> {
    if (principal === undefined) return ok(null);
    return importName(this.#gssapi, memory, principal, 'user');
  }

  /** Both functions ask the KDC, or read a file; on another thread. Gives where the minor status is, and the major one. */
  async #ask(
    memory: GssMemory,
    { password, cache }: CredentialRequest,
    to: { readonly name: Pointer; readonly credential: Pointer; readonly lifetime: Pointer },
  ): Promise<readonly [minor: Pointer, major: number]> {
    const { call } = this.#gssapi;
    const minor = memory.reserve(4);
    const mechanisms = onlyKerberos(this.#gssapi, memory);
    const common = [0, mechanisms, toInitiate] as const;
    const outputs = [to.credential, null, to.lifetime] as const;
    if (password === undefined) {
      const store = cache === undefined ? null : this.#store(memory, cache);
      const args = [minor, to.name, ...common, store, ...outputs] as const;
      return [minor, await this.#waiting.run(call.gss_acquire_cred_from, ...args)];
    }
    const secret = memory.text(password.reveal());
    const args = [minor, to.name, secret, ...common, ...outputs] as const;
    return [minor, await this.#waiting.run(call.gss_acquire_cred_with_password, ...args)];
  }

  #store(memory: GssMemory, cache: string): Pointer {
    const { types } = this.#gssapi;
    const element = { key: memory.string('ccache'), value: memory.string(cache) };
    return memory.struct(types.keyValues, { count: 1, elements: memory.struct(types.keyValue, element) });
  }

  #adopt(handle: Pointer, lifetime: number): GssCredential {
    const credential = new GssCredential(handle, expiry(lifetime));
    this.#forgotten.register(credential, handle);
    return credential;
  }
}

const toInitiate = 1;
const indefinite = 0xffff_ffff;

/** When a lifetime that begins now ends; undefined for one that the library does not know or that never ends. */
export function expiry(lifetimeSeconds: number): Instant | undefined {
  if (lifetimeSeconds === indefinite || lifetimeSeconds === 0) return undefined;
  return plus(systemClock.now(), seconds(lifetimeSeconds));
}

function keyOf({ principal, password }: CredentialRequest): string | undefined {
  if (password === undefined) return undefined;
  return createHash('sha256')
    .update(`${principal ?? ''}\0${password.reveal()}`)
    .digest('hex');
}

function describeRequest({
  principal,
  password,
  cache,
}: CredentialRequest): Readonly<Record<string, string>> {
  return {
    principal: principal ?? 'the default principal of the ticket cache',
    here: formatInstant(systemClock.now()),
    ...(password === undefined && {
      cache: cache ?? process.env['KRB5CCNAME'] ?? 'the default ticket cache',
    }),
  };
}

function releaseCredential(gssapi: Gssapi, handle: Pointer): void {
  const memory = new GssMemory(gssapi);
  const at = memory.reserve(8);
  memory.setPointer(at, handle);
  gssapi.call.gss_release_cred(memory.reserve(4), at);
  memory.free();
}
