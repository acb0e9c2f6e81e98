/** A fleet of simulated Windows hosts that speak WinRM on loopback, for tests of whatever talks to Windows. */
export { unwrap } from './core/result.ts';
export type { Err, Ok, Result } from './core/result.ts';
export { Secret } from './core/secret.ts';
export { startFleet } from './lab/start-fleet.ts';
export type { Fleet, FleetHost, FleetOptions } from './lab/fleet.ts';
export { generateHosts, generateScenario } from './lab/generate-scenario.ts';
export type { LabLog, LabLogEntry } from './lab/lab-log.ts';
export { readScenario } from './model/read-scenario.ts';
export { Scenario } from './model/scenario.ts';
export { controlCatalog } from './controls/catalog.ts';
export { systemClock } from './node/clock.ts';
export { systemEntropy } from './node/entropy.ts';
export { systemListener } from './node/http/listener.ts';
export { systemTimers } from './node/timers.ts';
