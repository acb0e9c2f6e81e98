import { failure } from '../core/failure.ts';
import { limiter } from '../core/limiter.ts';
import type { Target } from '../core/target.ts';
import { formatInstant, milliseconds, parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { pingSchemaName } from '../model/ping.ts';
import type { HostPing, Ping } from '../model/ping.ts';
import { Rights } from '../model/script-results.ts';
import { clockOffset, likelyOffset } from '../survey/clock-offset.ts';
import { failureRecord } from '../survey/failure-record.ts';
import { readObject } from '../survey/read-object.ts';
import { reachOf } from '../survey/survey-host.ts';
import type { Runtime } from './runtime.ts';

const scriptTimeout = milliseconds(30_000);

/** Connects, logs on and asks each host who it thinks we are; changes nothing. */
export async function pingHosts(
  runtime: Runtime,
  inventory: Inventory,
  hosts: readonly string[],
  o: { readonly forks: number; readonly onHost?: (ping: HostPing) => void },
  signal: AbortSignal,
): Promise<Ping> {
  const credentials = runtime.credentials(inventory);
  const pings = await limiter(hosts, o.forks, async (host) => {
    const started = runtime.timers.monotonic();
    const target = credentials.target(host);
    const found = target.ok
      ? await pingTarget(runtime, target.value, signal)
      : { reach: 'unreachable' as const, failure: failureRecord(target.error) };
    const tookMs = Math.round(runtime.timers.monotonic() - started);
    const ping: HostPing = { host, ...found, tookMs };
    o.onHost?.(ping);
    return ping;
  });
  return { schema: pingSchemaName, at: formatInstant(runtime.clock.now()), hosts: pings };
}

async function pingTarget(
  runtime: Runtime,
  target: Target,
  signal: AbortSignal,
): Promise<Omit<HostPing, 'host' | 'tookMs'>> {
  // A lab chooses the port itself while it opens the session.
  const known = target.port === 0 ? {} : { endpoint: endpointOf(target) };
  const opened = await runtime.sessions.open(target, signal);
  if (!opened.ok) return { ...known, reach: reachOf(opened.error), failure: failureRecord(opened.error) };
  const session = opened.value;
  const { protocol, powershell } = session.server;
  const met = {
    ...known,
    reach: 'ok' as const,
    protocol,
    ...(powershell === undefined ? {} : { powershell }),
  };
  const before = runtime.clock.now();
  const script = runtime.scripts.read('survey/rights');
  const rights = await readObject(session, script, {
    ...{ args: {}, timeout: scriptTimeout, signal, schema: Rights },
  });
  const after = runtime.clock.now();
  await session.close();
  if (!rights.ok) return { ...met, failure: failureRecord(rights.error) };
  return { ...met, ...describeRights(target, rights.value, before, after) };
}

function endpointOf({ scheme, address, port }: Target): string {
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function describeRights(
  { host, user }: Target,
  { hostTime, administrator, memberOfAdministrators }: Rights,
  asked: Instant,
  answered: Instant,
): Partial<HostPing> {
  const theirs = parseInstant(hostTime);
  const lack = memberOfAdministrators ? 'session.filtered-token' : 'session.not-administrator';
  return {
    ...(theirs === undefined ? {} : { clockOffsetMs: likelyOffset(clockOffset(theirs, asked, answered)) }),
    administrator,
    ...(administrator ? {} : { failure: failureRecord(failure(lack, { host, user })) }),
  };
}
