import type { Result } from '../core/result.ts';
import { instant, minutes, parseInstant, seconds } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import { Readiness } from '../model/facts.ts';
import type { HostSession } from '../ports/session.ts';
import { clockOffset, likelyOffset } from '../survey/clock-offset.ts';
import { readObject } from '../survey/read-object.ts';
import type { HostPorts } from './host-ports.ts';

/** Longest time for one look at a host that may be going down or coming up; a session that hangs is given up then. */
const lookTimeout = seconds(45);
const readTimeout = minutes(1);

/** What a host said right now, and how its clock stands to the policy's. */
export interface Look {
  readonly readiness: Readiness;
  /** Policy time to host time, the earliest that it can be: a limit is never later than meant. */
  readonly toHostTime: (at: Instant) => Instant;
  /** The latest that it can be: what is over by then is over. */
  readonly toLatestHostTime: (at: Instant) => Instant;
  readonly fromHostTime: (at: Instant) => Instant;
}

/** Opens a session with a host of the plan, lets `act` use it, and closes it. */
export async function withSession<T>(
  ports: HostPorts,
  host: string,
  signal: AbortSignal,
  act: (session: HostSession) => Promise<Result<T>>,
): Promise<Result<T>> {
  const target = ports.credentials.target(host);
  if (!target.ok) return target;
  const opened = await ports.sessions.open(target.value, signal);
  if (!opened.ok) return opened;
  try {
    return await act(opened.value);
  } finally {
    await opened.value.close();
  }
}

/** Reads boot identity, services and servicing in an open session. */
export async function look(
  ports: HostPorts,
  session: HostSession,
  signal: AbortSignal,
): Promise<Result<Look>> {
  const asked = ports.clock.now();
  const read = await readObject(session, ports.scripts.read('survey/readiness'), {
    schema: Readiness,
    args: {},
    timeout: readTimeout,
    signal,
  });
  if (!read.ok) return read;
  const hostTime = parseInstant(read.value.hostTime) ?? asked;
  const offset = clockOffset(hostTime, asked, ports.clock.now());
  return {
    ok: true,
    value: {
      readiness: read.value,
      toHostTime: (at) => instant(at + offset.least),
      toLatestHostTime: (at) => instant(at + offset.most),
      fromHostTime: (at) => instant(at - likelyOffset(offset)),
    },
  };
}

/** One bounded look in a session of its own; `then` may ask more in the same session. */
export async function lookOnce<T>(
  ports: HostPorts,
  host: string,
  signal: AbortSignal,
  then: (seen: Look, session: HostSession, signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const bounded = new AbortController();
  const cancel = ports.timers.after(lookTimeout, () => {
    bounded.abort();
  });
  const both = AbortSignal.any([signal, bounded.signal]);
  try {
    return await withSession(ports, host, both, async (session) => {
      const seen = await look(ports, session, both);
      return seen.ok ? then(seen.value, session, both) : seen;
    });
  } finally {
    cancel();
  }
}

/** Why a host is not in order; undefined when it is. A service that was stopped before may stay so. */
export function whyNotReady(
  readiness: Readiness,
  before?: Readonly<Record<string, string>>,
): string | undefined {
  if (readiness.servicing === 'working') return 'Windows is still installing or removing components';
  for (const [name, state] of Object.entries(readiness.services)) {
    if (state === 'Running' || state === 'absent') continue;
    if (before?.[name] !== undefined && before[name] === state) continue;
    return `service ${name} is ${state}`;
  }
  return undefined;
}
