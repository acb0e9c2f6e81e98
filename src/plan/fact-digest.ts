import { canonicalJson } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { sha256 } from '../core/sha256.ts';
import type { Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';

/**
 * Digest over what a host's steps depend on: its reach, the facts that decide, and the state of `controls`.
 * Boot identity, host time and service states change by themselves and are left out.
 */
export function factDigest(observation: Observation | undefined, controls: readonly string[]): string {
  const states: Record<string, JsonValue> = {};
  for (const id of controls) {
    const reading = observation?.controls[id];
    states[id] =
      reading === undefined ? null : 'state' in reading ? reading.state : { failure: reading.failure.code };
  }
  const { facts, failure, reach } = observation ?? {};
  return sha256(
    canonicalJson({
      reach: reach ?? null,
      failure: failure?.code ?? null,
      facts: facts === undefined ? null : steadyFacts(facts),
      controls: states,
    }),
  );
}

/** Facts without those that change although nobody changed the host. */
export function steadyFacts(facts: Facts | JsonObject): JsonObject {
  const { bootTime, bootId, hostTime, services, ...steady } = facts as JsonObject;
  return steady;
}
