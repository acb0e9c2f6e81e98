import { failure } from '../../../src/core/failure.ts';
import type { Failure } from '../../../src/core/failure.ts';
import { err, ok } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import type { Instant } from '../../../src/core/time.ts';
import type { Kerberos, KerberosInitiator, KerberosLogon } from '../../../src/ports/kerberos.ts';
import { ByteWriter } from '../../../src/wire/bytes/byte-writer.ts';
import { concatBytes } from '../../../src/wire/bytes/concat.ts';
import { applicationTag, contextTag, DerTag, encodeOid, writeDer } from '../../../src/wire/bytes/der.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const kerberosOid = writeDer(DerTag.oid, encodeOid(Mechanism.kerberos));

/** A token as GSSAPI frames it, with words for what MIT would encipher. */
export function framed(id: number, inner: Uint8Array): Uint8Array {
  return writeDer(applicationTag(0), kerberosOid, new ByteWriter().u16be(id).finish(), inner);
}

export const apReply: Uint8Array = framed(0x0200, bytes('AP-REP'));

/** What a service says that refuses a ticket. */
export function krbError(code: number, time: string): Uint8Array {
  const field = (number: number, tag: number, content: Uint8Array): Uint8Array =>
    writeDer(contextTag(number), writeDer(tag, content));
  const fields = [
    field(4, DerTag.generalizedTime, bytes(time)),
    field(6, DerTag.integer, Uint8Array.of(code)),
  ];
  return framed(0x0300, writeDer(applicationTag(30), writeDer(DerTag.sequence, ...fields)));
}

export interface FakeKerberosOptions {
  /** Says no before any ticket is there. */
  readonly refuses?: Failure;
  /** Says no when the service's ticket is asked for. */
  readonly refusesService?: Failure;
  readonly expiresAt?: Instant;
  /** Has always one more token to send. */
  readonly neverEnds?: boolean;
  /** Says no to sealing, as with an expired context. */
  readonly cannotSeal?: boolean;
}

/** A library that has tickets for every service; its seals are turned bits behind a header of RFC 4121. */
export function fakeKerberos(options: FakeKerberosOptions = {}): {
  kerberos: Kerberos;
  logons: KerberosLogon[];
} {
  const logons: KerberosLogon[] = [];
  return {
    logons,
    kerberos: {
      initiate: (logon) => {
        logons.push(logon);
        return Promise.resolve(options.refuses ? err(options.refuses) : ok(initiator(logon, options)));
      },
    },
  };
}

function initiator(logon: KerberosLogon, options: FakeKerberosOptions): KerberosInitiator {
  return {
    step: (answer) => {
      if (options.refusesService) return Promise.resolve(err(options.refusesService));
      if (answer === undefined || options.neverEnds === true)
        return Promise.resolve(
          ok({
            token: framed(0x0100, bytes(`AP-REQ ${logon.service}`)),
            isComplete: false,
            expiresAt: undefined,
          }),
        );
      const isRight = Buffer.compare(answer, apReply) === 0;
      return Promise.resolve(
        isRight
          ? ok({ token: undefined, isComplete: true, expiresAt: options.expiresAt })
          : err(failure('auth.kerberos-failed', { reason: 'no AP-REP' })),
      );
    },
    wrap: (plain) =>
      options.cannotSeal ? err(failure('auth.not-sealed', { reason: 'expired' })) : ok(wrap(plain)),
    unwrap,
    mic: (message) => ok(listMic(message)),
    checkMic: (message, mic) =>
      Buffer.compare(mic, listMic(message)) === 0 ? ok(undefined) : err(failure('auth.bad-seal')),
  };
}

const turn = (text: Uint8Array): Uint8Array => text.map((byte) => byte ^ 0xff);
const listMic = (message: Uint8Array): Uint8Array => concatBytes(bytes('MIC'), message);

/** Header, then confounder, message, header copy and checksum with their bits turned. */
export function wrap(plain: Uint8Array): Uint8Array {
  const header = new ByteWriter().u16be(0x0504).u8(2).u8(0xff).zeros(12).finish();
  return concatBytes(header, turn(concatBytes(new Uint8Array(16), plain, new Uint8Array(28))));
}

export function unwrap(token: Uint8Array): Result<Uint8Array> {
  const inner = turn(token.subarray(16));
  return ok(inner.subarray(16, inner.length - 28));
}
