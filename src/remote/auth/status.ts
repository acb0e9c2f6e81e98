import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Target } from '../../core/target.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';

/** The failure `http.status` of an answer that no WinRM service gives in this place. */
export function unexpectedStatus({ host }: Target, status: number, action: string): Failure {
  return failure('http.status', { host, status, action });
}

/** What a service that hangs, starts or is overrun answers, and a gateway in front of it. */
const passingStatuses: ReadonlySet<number> = new Set([400, 408, 429, 500, 502, 503, 504]);

/** An answer to a logon that WinRM never gives; `http.not-winrm` unless the trouble may pass. */
export function unexpectedLogonStatus(target: Target, status: number): Failure {
  if (passingStatuses.has(status)) return unexpectedStatus(target, status, 'authentication');
  const { host, address, port, path } = target;
  return failure('http.not-winrm', { host, address, port, path, status, sent: false });
}

/** Whether something else answers in place of WinRM, which would send a token here, and no body with it. */
export function isPage({ status, headers, body }: HttpResponse): boolean {
  const isOurs = /^(?:application\/soap\+xml|multipart\/)/i.test(headers['content-type']?.[0] ?? '');
  return status === 200 && body.length > 0 && !isOurs;
}
