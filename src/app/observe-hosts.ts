import type { Control } from '../control/declaration.ts';
import type { JsonObject } from '../core/json.ts';
import { limiter } from '../core/limiter.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Observation } from '../model/observation.ts';
import { failedObservation, surveyHost } from '../survey/survey-host.ts';
import type { Runtime } from './runtime.ts';

/**
 * Surveys hosts, read-only, and remembers what they said for `plan --offline`.
 *
 * @param forks - Hosts asked at a time.
 * @param onHost - Called as each host has answered, or has not.
 */
export async function observeHosts(
  runtime: Runtime,
  inventory: Inventory,
  hosts: readonly string[],
  o: {
    readonly controls: readonly Control[];
    readonly forks: number;
    readonly onHost?: (observation: Observation) => void;
  },
  signal: AbortSignal,
): Promise<readonly Observation[]> {
  const credentials = runtime.credentials(inventory);
  const observations = await limiter(hosts, o.forks, async (host) => {
    const target = credentials.target(host);
    const observation: Observation = target.ok
      ? await surveyHost(runtime.sessions, target.value, {
          controls: o.controls,
          scripts: runtime.scripts,
          now: () => runtime.clock.now(),
          signal,
        })
      : failedObservation(host, runtime.clock.now(), target.error);
    o.onHost?.(observation);
    return observation;
  });
  remember(runtime, observations);
  return observations;
}

// A state directory that cannot be written must not spoil a read-only command.
function remember(runtime: Runtime, observations: readonly Observation[]): void {
  const store = runtime.state.observations();
  if (!store.ok) return;
  for (const observation of observations) {
    if (observation.facts) store.value.save(observation.host, observation as unknown as JsonObject);
  }
  store.value.close();
}
