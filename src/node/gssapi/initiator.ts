import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { formatInstant } from '../../core/time.ts';
import type { KerberosInitiator, KerberosLogon, KerberosStep } from '../../ports/kerberos.ts';
import { systemClock } from '../clock.ts';
import type { GssCredential } from './credentials.ts';
import { expiry } from './credentials.ts';
import type { Gssapi, Pointer } from './library.ts';
import { kerberosMechanism } from './mechanism.ts';
import { GssMemory, withMemory } from './memory.ts';
import { importName } from './names.ts';
import { describe, explainStatus, hasFailed } from './status.ts';
import type { WaitingCalls } from './waiting-calls.ts';

export interface GssInitiatorOptions {
  readonly gssapi: Gssapi;
  readonly waiting: WaitingCalls;
  readonly credential: GssCredential;
  readonly logon: KerberosLogon;
}

/** GSS_C_MUTUAL_FLAG, _REPLAY_, _SEQUENCE_, _CONF_ and _INTEG_: both sides proven, messages sealed and in order. */
const wanted = 2 | 4 | 8 | 16 | 32;
const continueNeeded = 1;

/** One security context of the library. */
export class GssInitiator implements KerberosInitiator {
  static readonly #forgotten = new FinalizationRegistry<GssMemory>((memory) => {
    memory.free();
  });

  readonly #options: GssInitiatorOptions;
  /** Lives as long as the context: where its handle is kept, and what each step needs again. */
  readonly #memory: GssMemory;
  readonly #handle: Pointer;
  readonly #service: Pointer;
  readonly #bindings: Pointer;

  private constructor(options: GssInitiatorOptions, memory: GssMemory, service: Pointer) {
    const { gssapi, logon } = options;
    this.#options = options;
    this.#memory = memory;
    this.#service = service;
    this.#handle = memory.reserve(8);
    this.#bindings = bindingsOf(gssapi, memory, logon.channelBinding);
    const [handle, minor] = [this.#handle, memory.reserve(4)];
    memory.onFree(() => gssapi.call.gss_delete_sec_context(minor, handle, null));
  }

  /** Failures `auth.kerberos-*` for a service name that the library does not take. */
  static begin(options: GssInitiatorOptions): Result<GssInitiator> {
    const memory = new GssMemory(options.gssapi);
    const service = importName(options.gssapi, memory, options.logon.service, 'service');
    if (!service.ok) {
      memory.free();
      return service;
    }
    const initiator = new GssInitiator(options, memory, service.value);
    GssInitiator.#forgotten.register(initiator, memory);
    return ok(initiator);
  }

  async step(answer: Uint8Array | undefined): Promise<Result<KerberosStep>> {
    const { gssapi, waiting, credential, logon } = this.#options;
    const memory = new GssMemory(gssapi);
    try {
      const [minor, flags, lifetime] = [memory.reserve(4), memory.reserve(4), memory.reserve(4)];
      const output = memory.result();
      const input = answer === undefined ? null : memory.buffer(answer);
      const mechanism = kerberosMechanism(gssapi, memory);
      const { gss_init_sec_context: call } = gssapi.call;
      const args = [
        ...[minor, credential.handle, this.#handle, this.#service, mechanism, wanted, 0],
        ...[this.#bindings, input, null, output, flags, lifetime],
      ];
      // Only the first step asks a KDC; an answer of the host must not queue behind one that keeps silent.
      const major = answer === undefined ? await waiting.run(call, ...args) : call(...args);
      const status = { major, minor: memory.number(minor) };
      if (hasFailed(status)) return err(explainStatus(gssapi, status, describeLogon(logon)));
      const token = memory.read(output);
      const isComplete = major !== continueNeeded;
      const missing = wanted & ~memory.number(flags);
      if (isComplete && missing !== 0) return err(weak(missing));
      const expiresAt = isComplete ? expiry(memory.number(lifetime)) : undefined;
      return ok({ token: token.length === 0 ? undefined : token, isComplete, expiresAt });
    } finally {
      memory.free();
    }
  }

  wrap(plain: Uint8Array): Result<Uint8Array> {
    const { gssapi } = this.#options;
    return withMemory(gssapi, (memory) => {
      const [minor, isSealed, output] = [memory.reserve(4), memory.reserve(4), memory.result()];
      const input = memory.buffer(plain);
      const major = gssapi.call.gss_wrap(minor, this.#context(), 1, 0, input, isSealed, output);
      if (major === 0 && memory.number(isSealed) === 1) return ok(memory.read(output));
      return notSealed(describe(gssapi, { major, minor: memory.number(minor) }));
    });
  }

  unwrap(token: Uint8Array): Result<Uint8Array> {
    const { gssapi } = this.#options;
    return withMemory(gssapi, (memory) => {
      const [minor, isSealed, output] = [memory.reserve(4), memory.reserve(4), memory.result()];
      const input = memory.buffer(token);
      const major = gssapi.call.gss_unwrap(minor, this.#context(), input, output, isSealed, null);
      // Anything but plain success: repeated, late and lost messages are successes that are coloured.
      if (major !== 0) return badSeal(describe(gssapi, { major, minor: memory.number(minor) }));
      return memory.number(isSealed) === 1 ? ok(memory.read(output)) : badSeal('it is signed, not sealed');
    });
  }

  mic(message: Uint8Array): Result<Uint8Array> {
    const { gssapi } = this.#options;
    return withMemory(gssapi, (memory) => {
      const [minor, output] = [memory.reserve(4), memory.result()];
      const major = gssapi.call.gss_get_mic(minor, this.#context(), 0, memory.buffer(message), output);
      if (major === 0) return ok(memory.read(output));
      return notSealed(describe(gssapi, { major, minor: memory.number(minor) }));
    });
  }

  checkMic(message: Uint8Array, mic: Uint8Array): Result<void> {
    const { gssapi } = this.#options;
    return withMemory(gssapi, (memory) => {
      const minor = memory.reserve(4);
      const [text, token] = [memory.buffer(message), memory.buffer(mic)];
      const major = gssapi.call.gss_verify_mic(minor, this.#context(), text, token, null);
      if (major === 0) return ok(undefined);
      return badSeal(describe(gssapi, { major, minor: memory.number(minor) }));
    });
  }

  #context(): Pointer {
    return this.#memory.pointer(this.#handle);
  }
}

function bindingsOf(gssapi: Gssapi, memory: GssMemory, application: Uint8Array | undefined): Pointer {
  if (application === undefined) return null;
  const none = { length: 0, value: null };
  return memory.struct(gssapi.types.bindings, {
    ...{ initiatorType: 0, initiator: none, acceptorType: 0, acceptor: none },
    application: { length: application.length, value: memory.bytes(application) },
  });
}

function describeLogon({ service, principal, cache }: KerberosLogon): Record<string, string> {
  return {
    service,
    principal: principal ?? 'the default principal of the ticket cache',
    cache: cache ?? process.env['KRB5CCNAME'] ?? 'the default ticket cache',
    here: formatInstant(systemClock.now()),
  };
}

function weak(missing: number): ReturnType<typeof failure> {
  const reason = `it leaves out the protections ${String(missing)} of GSSAPI`;
  return failure('auth.kerberos-encryption', { reason });
}

function notSealed(reason: string): Result<never> {
  return err(failure('auth.not-sealed', { reason }));
}

function badSeal(reason: string): Result<never> {
  return err(failure('auth.bad-seal', { reason }));
}
