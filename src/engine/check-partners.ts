import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { limiter } from '../core/limiter.ts';
import { ok } from '../core/result.ts';
import type { RebootHost } from '../model/intent.ts';
import { lookOnce, whyNotReady } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';

const askedAtOnce = 8;

/**
 * Asks the other members of the host's redundancy sets, live, whether they are up and in order.
 *
 * @returns The first set that would fall below its minimum, with the members that did not prove healthy; undefined when
 *   every set allows the reboot.
 */
export async function checkPartners(
  ports: HostPorts,
  { host, guards }: RebootHost,
  signal: AbortSignal,
): Promise<{ hosts: readonly string[]; error: Failure } | undefined> {
  const partners = [...new Set(guards.flatMap((guard) => guard.partners))];
  const faults = new Map<string, string>();
  await limiter(partners, askedAtOnce, async (partner) => {
    const seen = await lookOnce(ports, partner, signal, async ({ readiness }) => ok(readiness));
    const fault = seen.ok ? whyNotReady(seen.value) : seen.error.message;
    if (fault !== undefined) faults.set(partner, fault);
  });
  for (const { set, partners: members, minHealthy } of guards) {
    const hosts = members.filter((member) => faults.has(member));
    if (members.length - hosts.length >= minHealthy) continue;
    const unhealthy = hosts.map((member) => `${member} (${faults.get(member) ?? ''})`).join(', ');
    return { hosts, error: failure('run.set-below-minimum', { host, set, needed: minHealthy, unhealthy }) };
  }
  return undefined;
}
