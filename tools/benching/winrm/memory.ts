import { aim, compared } from '../result.ts';
import type { BenchResult } from '../result.ts';
import type { BenchLab } from './lab.ts';
import type { JobClient, JobReport } from './work.ts';

export interface MemoryOptions {
  readonly lab: BenchLab;
  readonly ours: JobClient;
  readonly peer: JobClient | undefined;
  readonly hosts: number;
  readonly peerHosts: number;
  readonly say: (progress: string) => void;
}

/** Hosts that have run a script and stay connected. */
export async function benchMemory(options: MemoryOptions): Promise<readonly BenchResult[]> {
  const { lab, ours, peer, hosts, peerHosts, say } = options;
  const [{ healthy }] = lab.sites;
  say(`${hosts} idle warm hosts`);
  const our = await ours.run({ kind: 'idle', ports: healthy.slice(0, hosts) });
  const their = await peer?.run({ kind: 'idle', ports: healthy.slice(0, peerHosts) });
  const theirs = peer && their && { name: peer.name, value: perHost(their, peerHosts) };
  const [, after = 0] = our.residentBytes ?? [];
  const total = after / 1e6;
  return [
    compared(
      { name: 'resident memory of an idle warm host', unit: 'kB', better: 'less' },
      perHost(our, hosts),
      theirs,
      `ours has an open runspace pool on each of ${hosts} hosts, the peer a logged-on connection to each of ${peerHosts}`,
    ),
    compared(
      { name: `resident memory with ${hosts} idle warm hosts`, unit: 'MB', better: 'less' },
      total,
      undefined,
      `the whole process; ${aim('1,000 hosts under 150 MB', (total * 1000) / hosts < 150 || total < 150)}`,
    ),
  ];
}

function perHost({ residentBytes: [before, after] = [0, 0] }: JobReport, hosts: number): number {
  return (after - before) / (hosts - 1) / 1000;
}
