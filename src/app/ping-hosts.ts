import { limiter } from '../core/limiter.ts';
import type { Target } from '../core/target.ts';
import { formatInstant, milliseconds, parseInstant } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { pingSchemaName } from '../model/ping.ts';
import type { HostPing, Ping } from '../model/ping.ts';
import { clockOffset, likelyOffset } from '../survey/clock-offset.ts';
import { failureRecord } from '../survey/failure-record.ts';
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
  const known = target.port === 0 ? {} : { endpoint: `${target.scheme}://${target.address}:${target.port}` };
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
  const options = { timeout: scriptTimeout };
  const asked = await session.read(runtime.scripts.read('survey/rights'), {}, options, signal);
  const after = runtime.clock.now();
  await session.close();
  if (!asked.ok) return { ...met, failure: failureRecord(asked.error) };
  return { ...met, ...readAnswer(asked.value.output[0], before, after) };
}

function readAnswer(answer: unknown, asked: Instant, answered: Instant): Partial<HostPing> {
  if (typeof answer !== 'object' || answer === null) return {};
  const { hostTime, administrator } = answer as { hostTime?: unknown; administrator?: unknown };
  const theirs = typeof hostTime === 'string' ? parseInstant(hostTime) : undefined;
  return {
    ...(theirs === undefined ? {} : { clockOffsetMs: likelyOffset(clockOffset(theirs, asked, answered)) }),
    ...(typeof administrator === 'boolean' ? { administrator } : {}),
  };
}
