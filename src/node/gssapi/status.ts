import { failure } from '../../core/failure.ts';
import type { Failure, FailureCode } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { kerberosMechanism } from './mechanism.ts';
import type { Gssapi } from './library.ts';
import { withMemory } from './memory.ts';

/** What a call gave: the interface's status, and the mechanism's own. */
export interface GssStatus {
  readonly major: number;
  readonly minor: number;
}

/** Bits 16 and up tell of errors; those below only colour a success. */
export const hasFailed = ({ major }: GssStatus): boolean => major >>> 16 !== 0;

const routineError = ({ major }: GssStatus): number => (major >>> 16) & 0xff;
const noCredentials = 7;
const credentialsExpired = 11;

/** Error codes of libkrb5 (its header krb5.h), the low 32 bits. */
const codes: ReadonlyMap<number, FailureCode> = new Map<number, FailureCode>([
  [-1765328378, 'auth.kerberos-unknown-user'], // KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN
  [-1765328377, 'auth.kerberos-unknown-service'], // KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN
  [-1765328383, 'auth.kerberos-account'], // KRB5KDC_ERR_NAME_EXP
  [-1765328366, 'auth.kerberos-account'], // KRB5KDC_ERR_CLIENT_REVOKED
  [-1765328361, 'auth.kerberos-account'], // KRB5KDC_ERR_KEY_EXP
  [-1765328372, 'auth.kerberos-account'], // KRB5KDC_ERR_POLICY
  [-1765328370, 'auth.kerberos-encryption'], // KRB5KDC_ERR_ETYPE_NOSUPP
  [-1765328360, 'auth.kerberos-wrong-password'], // KRB5KDC_ERR_PREAUTH_FAILED
  [-1765328353, 'auth.kerberos-wrong-password'], // KRB5KRB_AP_ERR_BAD_INTEGRITY
  [-1765328174, 'auth.kerberos-wrong-password'], // KRB5_PREAUTH_FAILED
  [-1765328352, 'auth.kerberos-ticket-expired'], // KRB5KRB_AP_ERR_TKT_EXPIRED
  [-1765328347, 'auth.kerberos-clock-skew'], // KRB5KRB_AP_ERR_SKEW
  [-1765328228, 'auth.kerberos-no-kdc'], // KRB5_KDC_UNREACH
  [-1765328230, 'auth.kerberos-no-realm'], // KRB5_REALM_UNKNOWN
  [-1765328164, 'auth.kerberos-no-realm'], // KRB5_REALM_CANT_RESOLVE
  [-1765328160, 'auth.kerberos-no-realm'], // KRB5_CONFIG_NODEFREALM
  [-1765328189, 'auth.kerberos-no-ticket'], // KRB5_FCC_NOFILE
  [-1765328243, 'auth.kerberos-no-ticket'], // KRB5_CC_NOTFOUND
]);

/** Turns the status of a call that failed into the failure that says what to do. */
export function explainStatus(gssapi: Gssapi, status: GssStatus, details: JsonObject): Failure {
  const code = codes.get(status.minor | 0) ?? byRoutineError(status) ?? 'auth.kerberos-failed';
  return failure(code, { ...details, reason: describe(gssapi, status), minor: status.minor | 0 });
}

function byRoutineError(status: GssStatus): FailureCode | undefined {
  switch (routineError(status)) {
    case noCredentials:
      return 'auth.kerberos-no-ticket';
    case credentialsExpired:
      return 'auth.kerberos-ticket-expired';
    default:
      return undefined;
  }
}

const interfaceStatus = 1;
const mechanismStatus = 2;

/** The library's own words; the mechanism's where it has any, since they are closer to the cause. */
export function describe(gssapi: Gssapi, { major, minor }: GssStatus): string {
  const own = minor === 0 ? '' : display(gssapi, minor, mechanismStatus);
  return own === '' ? display(gssapi, major, interfaceStatus) : own;
}

function display(gssapi: Gssapi, value: number, kind: number): string {
  return withMemory(gssapi, (memory) => {
    const [minor, more, text] = [memory.reserve(4), memory.reserve(4), memory.result()];
    const mechanism = kind === mechanismStatus ? kerberosMechanism(gssapi, memory) : null;
    const major = gssapi.call.gss_display_status(minor, value, kind, mechanism, more, text);
    return major === 0 ? new TextDecoder().decode(memory.read(text)) : `status ${String(value)}`;
  });
}
