import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Target } from '../core/target.ts';
import { formatDuration } from '../core/time.ts';
import type { HttpConnection, HttpResponse } from '../ports/http-connection.ts';
import type { Timers } from '../ports/timers.ts';
import type { AuthServices } from './auth-services.ts';
import type { AuthExchange, Credentialed } from './auth/authenticator.ts';
import { chooseAuthenticator } from './auth/choose.ts';
import type { HandshakeStyle } from './auth/ntlm.ts';
import { postRequest } from './post-request.ts';
import { withinTime } from './within-time.ts';

export interface LogonOptions extends AuthServices {
  readonly target: Target;
  readonly timers: Timers;
  readonly style: HandshakeStyle;
}

/** A security context and the socket that it is bound to. */
export interface LoggedOn {
  readonly socket: number;
  readonly credentials: Credentialed;
}

/** A challenge and an empty answer are all that a logon has to read. */
const maxAnswerBytes = 65_536;

/**
 * Opens a socket and proves on it who we are, the whole handshake within `target.logonTimeout`.
 *
 * Failures: `net.*`, `tls.*`, `auth.*`, `http.*`. None of the envelope has left then: `sent` is false in the details.
 */
export async function logOn(
  http: HttpConnection,
  options: LogonOptions,
  signal: AbortSignal,
): Promise<Result<LoggedOn>> {
  const { target, timers } = options;
  const authenticator = chooseAuthenticator(options);
  const opened = await http.open(signal);
  if (!opened.ok) return notSent(opened);
  const socket = opened.value;
  const limit = target.logonTimeout ?? target.connectTimeout;
  let answers = 0;
  const credentials = await withinTime({ timers, limit, signal }, (until) => {
    const exchange: AuthExchange = async (headers, body) => {
      if (http.socket !== socket) return socketLost(target);
      const limits = { timeout: limit, maxResponseBytes: maxAnswerBytes };
      const answer = await http.exchange(postRequest(target, headers, body, limits), until);
      if (answer.ok) answers += 1;
      return notSent<HttpResponse>(answer);
    };
    return authenticator.authenticate({ exchange, peerCertificate: http.peerCertificate });
  });
  if (credentials === 'timeout') return logonTimeout(target, answers);
  if (credentials.ok) return ok({ socket, credentials: credentials.value });
  return credentials.error.code === 'net.timeout' ? logonTimeout(target, answers) : credentials;
}

/** The socket is another than the one that was authenticated, or none: nothing may be sent on it. */
export function socketLost({ address, port }: Target): Result<never> {
  return err(failure('net.reset', { address, port, sent: false }));
}

function logonTimeout(target: Target, answers: number): Result<never> {
  const { host, user, address, port, logonTimeout, connectTimeout } = target;
  const after = formatDuration(logonTimeout ?? connectTimeout);
  return err(failure('net.logon-timeout', { host, user, address, port, after, answers, sent: false }));
}

/** While logging on, bytes may have left, but none of the envelope. */
function notSent<T>(result: Result<T>): Result<T> {
  if (result.ok || result.error.details['sent'] !== true) return result;
  const { code, details } = result.error;
  return err(failure(code, { ...details, sent: false }, result.error));
}
