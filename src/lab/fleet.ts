import type { Secret } from '../core/secret.ts';
import type { ControlCatalog } from '../control/declaration.ts';
import type { FleetSnapshot } from '../model/fleet-snapshot.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { HttpListener } from '../ports/http-listener.ts';
import type { Timers } from '../ports/timers.ts';
import type { LabLog } from './lab-log.ts';
import type { SimulatedWindows } from './windows/simulated-windows.ts';

export interface FleetOptions {
  readonly scenario: Scenario;
  /** Equal seeds give equal machines and equal lengths of reboots. */
  readonly seed: string;
  readonly catalog: ControlCatalog;
  readonly listener: HttpListener;
  /** The fleet's clock, which may jump: boot times, event times, `ValidUntil`. */
  readonly clock: Clock;
  /** Real time: how long a reboot takes on the wire. */
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** Who may log on, by account name as the client writes it (`CORP\user` or `user`). */
  readonly accounts: ReadonlyMap<string, Secret>;
  readonly log?: LabLog;
  /** State and ports of an earlier start; hosts that it does not know start fresh. */
  readonly snapshot?: FleetSnapshot;
  /** Called after each change that a snapshot would show, before the host answers for it. */
  readonly onChange?: () => void;
}

export interface FleetHost {
  readonly name: string;
  readonly groups: readonly string[];
  readonly address: string;
  readonly port: number;
}

/** How an inventory says who logs on. */
export interface InventoryLogon {
  readonly user: string;
  /** A made-up password, to be written out; without it COUNTERSIGN_PASSWORD has the password. */
  readonly madeUpPassword?: string;
}

/** A running fleet of simulated Windows hosts on loopback. */
export interface Fleet {
  readonly hosts: readonly FleetHost[];
  /** The machine behind a host; undefined for a name that the scenario does not have. */
  windows(name: string): SimulatedWindows | undefined;
  snapshot(): FleetSnapshot;
  /** An inventory in which every host has its loopback address and port. */
  inventoryYaml(logon?: InventoryLogon): string;
  /** Stops all hosts; leaves no port and no timer. */
  close(): Promise<void>;
}
