import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Secret } from '../../core/secret.ts';
import type { Instant } from '../../core/time.ts';
import { encodeUtf16le } from '../bytes/utf16.ts';
import { encodeAuthenticate, setMic } from './authenticate-message.ts';
import { AvId, avFlags, encodeAvPairs, findAv, micProvided, withAv } from './av-pairs.ts';
import type { AvPair } from './av-pairs.ts';
import { decodeChallenge } from './challenge-message.ts';
import { channelBindingHash } from './channel-binding.ts';
import { encodeFileTime } from './file-time.ts';
import { hasFlag, missingFlags, NtlmFlag, wantedFlags } from './flags.ts';
import { hmacMd5 } from './md5.ts';
import { encodeNegotiate } from './negotiate-message.ts';
import { NtlmContext } from './ntlm-context.ts';
import { ntlmv2Response, ntowfv2 } from './ntlmv2.ts';
import type { Ntlmv2Response } from './ntlmv2.ts';
import { rc4 } from './rc4.ts';
import { le32 } from '../bytes/little-endian.ts';

export interface InitiatorOptions {
  readonly user: string;
  /** As given by `splitAccount`; its case matters, it is never changed. */
  readonly domain: string;
  readonly password: Secret;
  readonly workstation?: string;
  /** Service principal name such as `HTTP/web-01`; the server may check it. */
  readonly spn?: string;
  /** Application data of the channel binding: `tls-server-end-point:` and the certificate's hash. */
  readonly channelBinding?: Uint8Array;
  readonly random: (count: number) => Uint8Array;
  /** Used only for servers so old that they send no time of their own. */
  readonly now: Instant;
}

export interface Authenticated {
  /** The AUTHENTICATE message. */
  readonly token: Uint8Array;
  readonly context: NtlmContext;
}

/** The client of one NTLMv2 handshake: `negotiate`, then `authenticate`, once each. @see MS-NLMP §3.1 */
export class NtlmInitiator {
  readonly #options: InitiatorOptions;
  readonly #negotiate = encodeNegotiate({ flags: wantedFlags });

  constructor(options: InitiatorOptions) {
    this.#options = options;
  }

  /** The NEGOTIATE message; the MIC covers it, so it is the same at each call. */
  negotiate(): Uint8Array {
    return new Uint8Array(this.#negotiate);
  }

  /**
   * Answers a CHALLENGE.
   *
   * Failures: `auth.malformed-token`; `auth.weak-session` when the server does not take 128-bit sealing of NTLMv2.
   */
  authenticate(challengeToken: Uint8Array): Result<Authenticated> {
    const decoded = decodeChallenge(challengeToken);
    if (!decoded.ok) return decoded;
    const challenge = decoded.value;
    const flags = (challenge.flags & wantedFlags) >>> 0;
    const missing = missingFlags(flags);
    if (missing.length > 0) return err(failure('auth.weak-session', { missing }));
    const timestamp = findAv(challenge.targetInfo, AvId.timestamp);
    if (timestamp !== undefined && timestamp.length !== 8)
      return err(
        failure('auth.malformed-token', { message: 'NTLM CHALLENGE', reason: 'its time has not 8 bytes' }),
      );
    // A server that tells its time expects a MIC, and no LMv2 response.
    const hasMic = timestamp !== undefined;
    const response = this.#respond(challenge.serverChallenge, challenge.targetInfo, timestamp);
    const key = this.#exchangeKey(flags, response.sessionBaseKey);
    const token = encodeAuthenticate({
      flags: (flags | NtlmFlag.targetInfo) >>> 0,
      domain: this.#options.domain,
      user: this.#options.user,
      workstation: this.#options.workstation ?? '',
      lmResponse: hasMic ? new Uint8Array(24) : response.lmResponse,
      ntResponse: response.ntResponse,
      encryptedSessionKey: key.encrypted,
      hasMic,
    });
    const mic = hmacMd5(key.exported, this.#negotiate, challengeToken, token);
    return ok({
      token: hasMic ? setMic(token, mic) : token,
      context: new NtlmContext('initiator', flags, key.exported, hasMic),
    });
  }

  #respond(
    serverChallenge: Uint8Array,
    targetInfo: readonly AvPair[],
    timestamp: Uint8Array | undefined,
  ): Ntlmv2Response {
    const { password, user, domain, random, now } = this.#options;
    return ntlmv2Response({
      responseKey: ntowfv2(password, user, domain),
      serverChallenge,
      clientChallenge: random(8),
      time: timestamp ?? encodeFileTime(now),
      targetInfo: encodeAvPairs(this.#answerPairs(targetInfo, timestamp !== undefined)),
    });
  }

  #answerPairs(offered: readonly AvPair[], hasMic: boolean): readonly AvPair[] {
    const { spn, channelBinding } = this.#options;
    let pairs = offered;
    if (hasMic) pairs = withAv(pairs, AvId.flags, le32(avFlags(offered) | micProvided));
    if (channelBinding !== undefined)
      pairs = withAv(pairs, AvId.channelBindings, channelBindingHash(channelBinding));
    if (spn !== undefined) pairs = withAv(pairs, AvId.targetName, encodeUtf16le(spn));
    return pairs;
  }

  #exchangeKey(flags: number, sessionBaseKey: Uint8Array): { exported: Uint8Array; encrypted: Uint8Array } {
    if (!hasFlag(flags, 'keyExchange')) return { exported: sessionBaseKey, encrypted: new Uint8Array(0) };
    const exported = this.#options.random(16);
    return { exported, encrypted: rc4(sessionBaseKey, exported) };
  }
}
