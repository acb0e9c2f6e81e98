import { milliseconds, parseDuration, minutes } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import { ok } from '../core/result.ts';
import type { BootIdentity } from '../model/facts.ts';
import { isSameBoot } from '../run/boot.ts';
import { bootOf } from '../run/judge.ts';
import { lookOnce, whyNotReady } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';

const firstPause = milliseconds(250);
const longestPause = milliseconds(12_000);

/** How a host that went down stands when the waiting is over. */
export type WatchResult =
  | { readonly kind: 'back'; readonly boot: BootIdentity }
  /** It runs a new boot, but is not in order. */
  | { readonly kind: 'not-ready'; readonly boot: BootIdentity; readonly reason: string }
  /** It answers, and still runs the old boot. */
  | { readonly kind: 'same-boot'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string };

/** Pauses between looks: short at first, since a lab host is back in no time, then up to 12 s. */
export function nextPause(pause: Duration | undefined): Duration {
  return pause === undefined ? firstPause : milliseconds(Math.min(longestPause, pause * 1.5));
}

/**
 * Waits until a host runs another boot than `before` and is in order, or `timeout` is over (real time).
 *
 * Each look has a session of its own: sessions of the old boot hang rather than fail.
 */
export async function watchReboot(
  ports: HostPorts,
  o: {
    readonly host: string;
    readonly before: BootIdentity;
    readonly services?: Readonly<Record<string, string>>;
    readonly timeout: string;
  },
  signal: AbortSignal,
): Promise<WatchResult> {
  const { timers } = ports;
  const deadline = timers.monotonic() + (parseDuration(o.timeout) ?? minutes(20));
  let latest: WatchResult = { kind: 'silent', reason: 'it was not asked' };
  for (let pause = nextPause(undefined); ; pause = nextPause(pause)) {
    await timers.sleep(pause, signal);
    const seen = await lookOnce(ports, o.host, signal, async ({ readiness }) => ok(readiness));
    if (!seen.ok) latest = { kind: 'silent', reason: seen.error.message };
    else if (isSameBoot(o.before, seen.value))
      latest = { kind: 'same-boot', reason: `it still runs the boot of ${seen.value.bootTime}` };
    else {
      const boot = bootOf(seen.value);
      const reason = whyNotReady(seen.value, o.services);
      if (reason === undefined) return { kind: 'back', boot };
      latest = { kind: 'not-ready', boot, reason };
    }
    if (signal.aborted || timers.monotonic() >= deadline) return latest;
  }
}
