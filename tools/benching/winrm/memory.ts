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
  const { after = Number.NaN, needed = Number.NaN } = our.residentBytes ?? {};
  const megabytes = (bytes: number): number => bytes / 1e6;
  const wanted = (bytes: number): string =>
    hosts === 1000
      ? aim('1,000 hosts under 150 MB', megabytes(bytes) < 150)
      : 'the aim is 150 MB for 1,000 hosts';
  const total = {
    name: `resident memory with ${hosts} idle warm hosts`,
    unit: 'MB',
    better: 'less',
  } as const;
  return [
    compared(
      { name: 'resident memory of an idle warm host', unit: 'kB', better: 'less' },
      perHost(our, hosts),
      theirs,
      `ours has an open runspace pool on each of ${hosts} hosts, the peer a logged-on connection to each of ${peerHosts}`,
    ),
    compared(
      total,
      megabytes(needed),
      undefined,
      `the whole process after a full collection; ${wanted(needed)}`,
    ),
    compared(
      { ...total, name: `${total.name}, as V8 leaves it` },
      megabytes(after),
      undefined,
      `right after reaching them, free space of the heap included; ${wanted(after)}`,
    ),
  ];
}

function perHost({ residentBytes }: JobReport, hosts: number): number {
  const { before = Number.NaN, needed = Number.NaN } = residentBytes ?? {};
  return (needed - before) / (hosts - 1) / 1000;
}
