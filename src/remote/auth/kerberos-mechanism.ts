import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { between, formatInstant, instant } from '../../core/time.ts';
import type { Instant } from '../../core/time.ts';
import type { Kerberos, KerberosInitiator } from '../../ports/kerberos.ts';
import { decodeKrbError, KrbErrorCode } from '../../wire/kerberos/krb-error.ts';
import type { KrbError } from '../../wire/kerberos/krb-error.ts';
import { Mechanism } from '../../wire/spnego/mechanisms.ts';
import type { AuthServices } from '../auth-services.ts';
import { KerberosContext } from './kerberos-context.ts';
import type { KerberosScheme } from './kerberos-context.ts';
import { principalName, principalOf, serviceName } from './kerberos-name.ts';
import type { MechanismClient, MechanismStep } from './mechanism.ts';

export interface KerberosMechanismOptions {
  readonly target: Target;
  readonly services: AuthServices;
  readonly scheme: KerberosScheme;
  /** Application data that binds the logon to its TLS connection. */
  readonly channelBinding: Uint8Array | undefined;
}

/** Kerberos by the library of this machine; it proves the server too. */
export class KerberosMechanism implements MechanismClient {
  readonly label = 'Kerberos';
  readonly names = [Mechanism.kerberos, Mechanism.microsoftKerberos];
  readonly #options: KerberosMechanismOptions;
  #initiator: KerberosInitiator | undefined;

  constructor(options: KerberosMechanismOptions) {
    this.#options = options;
  }

  async step(answer: Uint8Array | undefined): Promise<Result<MechanismStep>> {
    const refusal = answer && decodeKrbError(answer);
    if (refusal !== undefined) return err(this.#explain(refusal));
    const initiator = await this.#begin();
    if (!initiator.ok) return initiator;
    const step = await initiator.value.step(answer);
    if (!step.ok) return this.#atHost(step.error);
    const { token, isComplete, expiresAt } = step.value;
    if (!isComplete) return ok({ token, established: undefined });
    const context = new KerberosContext(this.#options.scheme, initiator.value);
    const renewAt = expiresAt === undefined ? undefined : renewal(this.#options.services.now(), expiresAt);
    return ok({ token, established: { context, renewAt } });
  }

  async #begin(): Promise<Result<KerberosInitiator>> {
    if (this.#initiator !== undefined) return ok(this.#initiator);
    const { target, services, channelBinding } = this.#options;
    const service = serviceName(target);
    if (!service.ok) return service;
    const kerberos = haveKerberos(services.kerberos);
    if (!kerberos.ok) return kerberos;
    const initiator = await kerberos.value.initiate({
      service: service.value,
      principal: principalOf(target.user),
      password: target.password.isEmpty ? undefined : target.password,
      cache: target.kerberos?.cache,
      channelBinding,
    });
    if (!initiator.ok) return this.#atHost(initiator.error);
    this.#initiator = initiator.value;
    return initiator;
  }

  /** The library knows neither the host's name in the inventory nor what Windows calls the service. */
  #atHost({ code, details, cause }: Failure): Result<never> {
    const service = serviceName(this.#options.target);
    const spn = service.ok ? { spn: principalName(service.value) } : {};
    return err(failure(code, { host: this.#options.target.host, ...spn, ...details }, cause));
  }

  #explain({ code, serverTime, text }: KrbError): Failure {
    const { target, services } = this.#options;
    const { host } = target;
    if (code === KrbErrorCode.clockSkew)
      return failure('auth.kerberos-clock-skew', {
        host,
        here: formatInstant(services.now()),
        there: formatInstant(serverTime),
      });
    const service = serviceName(target);
    const reason = reasons.get(code) ?? text ?? `error ${String(code)}`;
    return failure('auth.kerberos-refused', { host, service: service.ok ? service.value : '', reason });
  }
}

const reasons: ReadonlyMap<number, string> = new Map([
  [KrbErrorCode.badIntegrity, 'it cannot open the ticket, which was made for another secret'],
  [KrbErrorCode.notUs, 'the ticket is not for it'],
  [KrbErrorCode.badKeyVersion, 'its key has another version than the ticket'],
  [KrbErrorCode.repeat, 'it takes the logon for a repetition of an earlier one'],
]);

/** A failure where this machine has no Kerberos. */
export function haveKerberos(kerberos: Kerberos | undefined): Result<Kerberos> {
  if (kerberos !== undefined) return ok(kerberos);
  return err(failure('auth.kerberos-unavailable', { reason: 'this program was put together without it' }));
}

const renewBeforeMs = 300_000;

/** Five minutes before the end, or half-way for a ticket that lives no longer than that. */
function renewal(now: Instant, expiresAt: Instant): Instant {
  return instant(Math.max(expiresAt - renewBeforeMs, now + between(now, expiresAt) / 2));
}
