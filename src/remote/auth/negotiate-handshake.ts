import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import { SpnegoInitiator } from '../../wire/spnego/initiator.ts';
import type { InitiatorAnswer } from '../../wire/spnego/initiator.ts';
import { isSameMechanism } from '../../wire/spnego/mechanisms.ts';
import type { Handshake } from './handshake.ts';
import type { Established, MechanismClient } from './mechanism.ts';

/** Why a mechanism that we would have liked was not offered. */
export interface Skipped {
  readonly label: MechanismClient['label'];
  readonly failure: Failure;
}

/**
 * A negotiation (SPNEGO): the server chooses among the mechanisms that can begin here, and both sides make sure that
 * nobody shortened the list on its way.
 */
export class NegotiateHandshake implements Handshake {
  readonly scheme = 'Negotiate';
  readonly #target: Target;
  readonly #skipped: Skipped[] = [];
  #mechanisms: readonly MechanismClient[];
  #spnego = new SpnegoInitiator([]);
  #current: MechanismClient | undefined;
  #established: Established | undefined;
  #isMicSent = false;
  #isMicChecked = false;

  /** @param mechanisms - At least one, the preferred one first; one that cannot begin is left out, but not the last. */
  constructor(target: Target, mechanisms: readonly MechanismClient[]) {
    this.#target = target;
    this.#mechanisms = mechanisms;
  }

  /** What was left out of the offer. */
  get skipped(): readonly Skipped[] {
    return this.#skipped;
  }

  /** The mechanism in use. */
  get mechanism(): MechanismClient | undefined {
    return this.#current;
  }

  get early(): Established | undefined {
    // Wrapped, the server's last token has a MIC that must be checked before anything is sealed.
    return this.#spnego.isRaw ? this.#established : undefined;
  }

  async start(): Promise<Result<Uint8Array>> {
    for (;;) {
      const [preferred, ...others] = this.#mechanisms;
      if (preferred === undefined) return this.#fail('there is no mechanism to offer');
      const step = await preferred.step(undefined);
      if (step.ok) {
        this.#current = preferred;
        this.#spnego = new SpnegoInitiator(this.#mechanisms.flatMap(({ names }) => names));
        return ok(this.#spnego.init(step.value.token ?? new Uint8Array(0)));
      }
      if (others.length === 0) return step;
      this.#skipped.push({ label: preferred.label, failure: step.error });
      this.#mechanisms = others;
    }
  }

  async receive(bytes: Uint8Array): Promise<Result<Uint8Array | undefined>> {
    const answer = this.#spnego.receive(bytes);
    if (!answer.ok) return err(atHost(answer.error, this.#target));
    const { outcome } = answer.value;
    const token = await this.#advance(answer.value);
    // A refusal may carry the mechanism's reason, which is its failure then.
    if (!token.ok || outcome === 'rejected') return token.ok ? ok(undefined) : token;
    const checked = this.#check(answer.value);
    if (!checked.ok || outcome === 'completed') return checked;
    const mic = this.#mic(token.value === undefined);
    if (!mic.ok) return mic;
    if (token.value === undefined && mic.value === undefined) return ok(undefined);
    return ok(this.#spnego.respond(token.value, mic.value));
  }

  finish(): Result<Established> {
    const { host, user } = this.#target;
    if (this.#established === undefined) return err(failure('auth.server-not-proven', { host, user }));
    // Without it somebody on the way could have struck the stronger mechanism from the list.
    if (this.#spnego.needsMic && !this.#isMicChecked)
      return this.#fail('the server did not confirm the list of mechanisms that was offered');
    return ok(this.#established);
  }

  /** Hands the server's token to the mechanism that it chose. */
  async #advance({ mechanism, token }: InitiatorAnswer): Promise<Result<Uint8Array | undefined>> {
    const chosen = this.#mechanisms.find(({ names }) =>
      names.some((name) => isSameMechanism(name, mechanism)),
    );
    if (chosen === undefined) return this.#fail(`it chose ${mechanism}, which was not offered`);
    const isNew = chosen !== this.#current;
    this.#current = chosen;
    if (isNew && token !== undefined) return this.#fail('it answered a mechanism that had not begun');
    if (!isNew && (token === undefined || this.#established !== undefined)) return ok(undefined);
    const step = await chosen.step(token);
    if (!step.ok) return step;
    this.#established = step.value.established;
    return ok(step.value.token);
  }

  #check({ mic, outcome }: InitiatorAnswer): Result<undefined> {
    if (this.#established === undefined)
      return outcome === 'completed' || mic !== undefined
        ? this.#fail('it was done before it had proven who it is')
        : ok(undefined);
    if (mic === undefined) return ok(undefined);
    const checked = this.#established.context.checkMic(this.#spnego.mechanismList, mic);
    if (!checked.ok) return this.#fail('the list of mechanisms was changed on its way', checked.error);
    this.#isMicChecked = true;
    return ok(undefined);
  }

  /** Our protection of the list: once, with the mechanism's last token or behind it. */
  #mic(isAwaited: boolean): Result<Uint8Array | undefined> {
    const established = this.#established;
    if (established === undefined || this.#isMicSent || this.#spnego.isRaw) return ok(undefined);
    if (!this.#spnego.needsMic && !established.context.wantsMic && !isAwaited) return ok(undefined);
    this.#isMicSent = true;
    return established.context.mic(this.#spnego.mechanismList);
  }

  #fail(reason: string, cause?: Failure): Result<never> {
    return err(failure('auth.negotiation', { host: this.#target.host, reason }, cause));
  }
}

/** The negotiation itself does not know whom it is with. */
function atHost({ code, details, cause }: Failure, { host }: Target): Failure {
  return failure(code, { host, ...details }, cause);
}
