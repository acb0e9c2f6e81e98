import { join } from 'node:path';
import { Child } from './child.ts';
import type { LabCount, LabPorts } from './lab-process.ts';

/** A TCP round trip that is added before the hosts. */
export const addedRoundTripMs = 20;

/** Hosts that can be reached from afar. */
const mostFar = 200;

/** Ports of the lab's hosts, near and far. */
export interface Site extends LabPorts {
  /** 0 on loopback. */
  readonly addedMs: number;
}

/** The hosts of a run, in a process of their own, and before them a process that delays. */
export class BenchLab {
  readonly #hosts = new Child(join(import.meta.dirname, 'lab-process.ts'));
  readonly #delay = new Child(join(import.meta.dirname, 'delay-process.ts'));
  #near: LabPorts = { healthy: [], open: 0, tarpits: [], dead: [] };
  #far: readonly number[] = [];

  async start(hosts: number, { tarpits, dead }: { tarpits: number; dead: number }): Promise<void> {
    this.#near = await this.#hosts.ask<LabPorts>({ ask: 'serve', hosts, tarpits, dead });
    const asked = { ports: this.#near.healthy.slice(0, mostFar), roundTripMs: addedRoundTripMs };
    this.#far = await this.#delay.ask<readonly number[]>(asked);
  }

  /** Loopback first, then 20 ms away. */
  get sites(): readonly [near: Site, far: Site] {
    return [
      { ...this.#near, addedMs: 0 },
      { ...this.#near, healthy: this.#far, addedMs: addedRoundTripMs },
    ];
  }

  /** Requests and connections that the hosts saw since the last time. */
  count(): Promise<LabCount> {
    return this.#hosts.ask<LabCount>({ ask: 'count' });
  }

  stop(): void {
    this.#hosts.stop();
    this.#delay.stop();
  }
}
