import { demoScenario } from '../lab/demo-scenario.ts';
import { generateScenario } from '../lab/generate-scenario.ts';
import type { NamedHost } from '../lab/generate-scenario.ts';
import type { Scenario } from '../model/scenario.ts';

/** A simulated host for every host of an inventory: the demo's own where the name is known, else made up by seed. */
export function scenarioFor(hosts: readonly NamedHost[], seed: string): Scenario {
  const demo = demoScenario();
  const known = new Map(demo.hosts.map((host) => [host.name, host]));
  const generated = generateScenario(hosts, seed);
  return { ...demo, hosts: generated.hosts.map((host) => known.get(host.name) ?? host) };
}
