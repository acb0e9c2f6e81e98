import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Ok, Result } from '../../core/result.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import type { NegotiationIntegrity, SealedMessage, SecurityContext } from '../security-context.ts';
import { sameDigest } from './md5.ts';
import { SealingStream, signatureBytes } from './sealing-stream.ts';

/** Which end of the connection a context serves. */
export type NtlmRole = 'initiator' | 'acceptor';

/** Message sealing of an authenticated NTLM connection. @see MS-NLMP §3.4 */
export class NtlmContext implements SecurityContext, NegotiationIntegrity {
  readonly wantsMic: boolean;
  readonly protocol = 'application/HTTP-SPNEGO-session-encrypted';
  readonly #outgoing: SealingStream;
  readonly #incoming: SealingStream;
  #isVoid = false;

  /** @param hasMic - Whether the handshake's own messages carried a MIC. */
  constructor(role: NtlmRole, flags: number, exportedSessionKey: Uint8Array, hasMic = false) {
    this.wantsMic = hasMic;
    const toServer = new SealingStream(flags, exportedSessionKey, 'client-to-server');
    const toClient = new SealingStream(flags, exportedSessionKey, 'server-to-client');
    [this.#outgoing, this.#incoming] = role === 'initiator' ? [toServer, toClient] : [toClient, toServer];
  }

  seal(plain: Uint8Array): Ok<SealedMessage> {
    const body = this.#outgoing.apply(plain);
    return ok({ header: this.#outgoing.sign(plain), body });
  }

  mic(mechanisms: Uint8Array): Ok<Uint8Array> {
    const mic = this.#outgoing.sign(mechanisms);
    this.#outgoing.restartCipher();
    return ok(mic);
  }

  checkMic(mechanisms: Uint8Array, mic: Uint8Array): Result<void> {
    const isRight = sameDigest(this.#incoming.sign(mechanisms), mic);
    this.#incoming.restartCipher();
    return isRight ? ok(undefined) : this.#refuse('the list of mechanisms was changed on its way');
  }

  unseal(header: Uint8Array, body: Uint8Array): Result<Uint8Array> {
    if (this.#isVoid) return this.#refuse('an earlier message of this connection failed');
    if (header.length !== signatureBytes)
      return this.#refuse(`its signature has ${String(header.length)} bytes instead of ${signatureBytes}`);
    const plain = this.#incoming.apply(body);
    const expected = this.#incoming.sign(plain);
    if (sameDigest(expected, header)) return ok(plain);
    const [wanted, found] = [sequenceOf(expected), sequenceOf(header)];
    if (wanted === found) return this.#refuse('its checksum is wrong');
    return this.#refuse(`it is number ${String(found)} where ${String(wanted)} was due`);
  }

  #refuse(reason: string): Result<never> {
    // The key stream has moved past bytes that were never sent, so nothing after this can be opened.
    this.#isVoid = true;
    return err(failure('auth.bad-seal', { reason }));
  }
}

function sequenceOf(signature: Uint8Array): number {
  return new ByteReader(signature, signatureBytes - 4).u32le();
}
