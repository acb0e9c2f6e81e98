import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Secret } from '../../core/secret.ts';
import type { Instant } from '../../core/time.ts';
import { encodeUtf16le } from '../bytes/utf16.ts';
import { decodeAuthenticate, readMic, setMic } from './authenticate-message.ts';
import type { AuthenticateMessage } from './authenticate-message.ts';
import { AvId, avFlags, decodeAvPairs, findAv, micProvided } from './av-pairs.ts';
import type { AvPair } from './av-pairs.ts';
import { encodeChallenge } from './challenge-message.ts';
import { channelBindingHash } from './channel-binding.ts';
import { encodeFileTime } from './file-time.ts';
import { flagField, hasFlag, missingFlags, wantedFlags } from './flags.ts';
import type { NtlmFlagName } from './flags.ts';
import { hmacMd5, sameDigest } from './md5.ts';
import { malformed } from './message-header.ts';
import { isOem } from './names.ts';
import { decodeNegotiate } from './negotiate-message.ts';
import { NtlmContext } from './ntlm-context.ts';
import { ntowfv2 } from './ntlmv2.ts';
import { rc4 } from './rc4.ts';

export interface AcceptorOptions {
  /** What the server calls itself in the challenge: its domain, or its own name outside of one. */
  readonly targetName: string;
  readonly computerName: string;
  readonly domainName?: string;
  /** The password of an account; undefined for one that is not known. */
  readonly lookup: (user: string, domain: string) => Secret | undefined;
  /** Application data of the channel binding that clients prove; left out, none is checked. */
  readonly channelBinding?: Uint8Array;
  /** Whether a client that proves no binding is denied (CbtHardeningLevel Strict), which is so unless told otherwise. */
  readonly requiresBinding?: boolean;
  readonly random: (count: number) => Uint8Array;
  readonly now: Instant;
}

export interface Accepted {
  readonly user: string;
  readonly domain: string;
  readonly context: NtlmContext;
}

interface Handshake {
  readonly negotiate: Uint8Array;
  readonly challenge: Uint8Array;
  readonly serverChallenge: Uint8Array;
  /** The flags that the challenge offered. */
  readonly flags: number;
}

/** NTProofStr, 16 bytes, then the blob with 28 bytes before its AV pairs. */
const proofBytes = 16;
const pairsOffset = proofBytes + 28;

/** The server of one NTLMv2 handshake: `challenge`, then `accept`, once each. @see MS-NLMP §3.2 */
export class NtlmAcceptor {
  readonly #options: AcceptorOptions;
  #handshake: Handshake | undefined;

  constructor(options: AcceptorOptions) {
    this.#options = options;
  }

  /** Answers NEGOTIATE. Failures: `auth.malformed-token`, `auth.weak-session`. */
  challenge(negotiate: Uint8Array): Result<Uint8Array> {
    const decoded = decodeNegotiate(negotiate);
    if (!decoded.ok) return decoded;
    const common = (decoded.value.flags & (wantedFlags | characterSet(decoded.value.flags))) >>> 0;
    const missing = missingOf(common);
    if (missing.length > 0) return err(failure('auth.weak-session', { missing }));
    const flags = (common | flagField('targetInfo', 'targetTypeServer')) >>> 0;
    const serverChallenge = this.#options.random(8);
    const challenge = encodeChallenge({
      flags,
      targetName: this.#options.targetName,
      serverChallenge,
      targetInfo: this.#targetInfo(),
    });
    this.#handshake = { negotiate: new Uint8Array(negotiate), challenge, serverChallenge, flags };
    return ok(challenge);
  }

  /**
   * Checks AUTHENTICATE: the proof of the password first, then the MIC over all three messages, and only then are
   * its flags used.
   *
   * Failures: `auth.malformed-token`; `auth.denied` for an unknown account, a wrong password, MIC or channel binding.
   */
  accept(authenticate: Uint8Array): Result<Accepted> {
    const handshake = this.#handshake;
    if (handshake === undefined) return malformed(3, 'it came before a challenge');
    // One answer a challenge, so that nobody tries password after password against it.
    this.#handshake = undefined;
    const decoded = decodeAuthenticate(authenticate);
    if (!decoded.ok) return decoded;
    const message = decoded.value;
    const pairs = this.#answeredPairs(message);
    if (!pairs.ok) return pairs;
    const baseKey = this.#checkProof(message, handshake.serverChallenge);
    if (baseKey === undefined) return this.#deny(message, 'unknown account or wrong password');
    const exchanged = exportedKey(message, baseKey);
    if (!exchanged.ok) return exchanged;
    const hasMic = (avFlags(pairs.value) & micProvided) !== 0;
    if (hasMic && !isMicRight(handshake, authenticate, message, exchanged.value))
      return this.#deny(message, 'the MIC does not match');
    if (!this.#isBindingRight(pairs.value)) return this.#deny(message, 'the channel binding does not match');
    const flags = (message.flags & handshake.flags) >>> 0;
    const missing = missingOf(flags);
    if (missing.length > 0) return err(failure('auth.weak-session', { missing }));
    const context = new NtlmContext('acceptor', flags, exchanged.value, hasMic);
    return ok({ user: message.user, domain: message.domain, context });
  }

  #targetInfo(): readonly AvPair[] {
    const { computerName, domainName, targetName, now } = this.#options;
    return [
      { id: AvId.nbDomainName, value: encodeUtf16le(domainName ?? targetName) },
      { id: AvId.nbComputerName, value: encodeUtf16le(computerName) },
      { id: AvId.dnsDomainName, value: encodeUtf16le(domainName ?? targetName) },
      { id: AvId.dnsComputerName, value: encodeUtf16le(computerName) },
      { id: AvId.timestamp, value: encodeFileTime(now) },
    ];
  }

  #answeredPairs(message: AuthenticateMessage): Result<readonly AvPair[]> {
    if (message.ntResponse.length < pairsOffset) return malformed(3, 'it has no NTLMv2 response');
    return decodeAvPairs(message.ntResponse.subarray(pairsOffset), 'NTLM AUTHENTICATE');
  }

  /** The session base key; undefined where the password was not proven. */
  #checkProof(
    { user, domain, ntResponse }: AuthenticateMessage,
    serverChallenge: Uint8Array,
  ): Uint8Array | undefined {
    const password = this.#options.lookup(user, domain);
    if (password === undefined) return undefined;
    const responseKey = ntowfv2(password, user, domain);
    const proof = ntResponse.subarray(0, proofBytes);
    const expected = hmacMd5(responseKey, serverChallenge, ntResponse.subarray(proofBytes));
    return sameDigest(expected, proof) ? hmacMd5(responseKey, proof) : undefined;
  }

  #isBindingRight(pairs: readonly AvPair[]): boolean {
    const { channelBinding, requiresBinding = true } = this.#options;
    if (channelBinding === undefined) return true;
    const proven = findAv(pairs, AvId.channelBindings);
    // Sixteen zeros are how a client says that it has none.
    if (proven === undefined || proven.every((byte) => byte === 0)) return !requiresBinding;
    return sameDigest(proven, channelBindingHash(channelBinding));
  }

  #deny({ user, domain }: AuthenticateMessage, reason: string): Result<never> {
    const account = domain === '' ? user : `${domain}\\${user}`;
    return err(failure('auth.denied', { host: this.#options.computerName, user: account, reason }));
  }
}

/** Unicode wherever the client has it; names in another set weaken nothing. */
function characterSet(flags: number): number {
  return isOem(flags) ? flagField('oem') : 0;
}

function missingOf(flags: number): readonly NtlmFlagName[] {
  return missingFlags(flags).filter((name) => name !== 'unicode' || !isOem(flags));
}

function exportedKey(message: AuthenticateMessage, baseKey: Uint8Array): Result<Uint8Array> {
  if (!hasFlag(message.flags, 'keyExchange')) return ok(baseKey);
  if (message.encryptedSessionKey.length !== 16)
    return malformed(3, `its session key has ${String(message.encryptedSessionKey.length)} bytes`);
  return ok(rc4(baseKey, message.encryptedSessionKey));
}

function isMicRight(
  { negotiate, challenge }: Handshake,
  token: Uint8Array,
  message: AuthenticateMessage,
  sessionKey: Uint8Array,
): boolean {
  if (!message.hasMic) return false;
  return sameDigest(hmacMd5(sessionKey, negotiate, challenge, setMic(token)), readMic(token));
}
