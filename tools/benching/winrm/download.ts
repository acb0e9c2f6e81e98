import { compared } from '../result.ts';
import type { BenchResult, Better, Peer } from '../result.ts';
import type { BenchLab } from './lab.ts';
import type { JobClient, JobReport } from './work.ts';

export interface DownloadOptions {
  readonly lab: BenchLab;
  readonly ours: JobClient;
  readonly peer: JobClient | undefined;
  readonly megabytes: number;
  readonly say: (progress: string) => void;
}

/** Much output: bytes of a program, sealed and in clear, and objects of a pipeline, for which the peer has nothing. */
export async function benchDownload(options: DownloadOptions): Promise<readonly BenchResult[]> {
  const [{ healthy, open }] = options.lab.sites;
  const sealed = healthy[0] ?? 0;
  return [
    ...(await benchOne(options, { port: sealed, as: 'bytes', sealed: true })),
    ...(await benchOne(options, { port: open, as: 'bytes', sealed: false })),
    ...(await benchOne({ ...options, peer: undefined }, { port: sealed, as: 'objects', sealed: true })),
  ];
}

interface What {
  readonly port: number;
  readonly as: 'bytes' | 'objects';
  readonly sealed: boolean;
}

async function benchOne(
  { ours, peer, megabytes, say }: DownloadOptions,
  what: What,
): Promise<readonly BenchResult[]> {
  const kind = what.as === 'bytes' ? 'a program (cmd)' : 'a pipeline (PSRP)';
  const name = `${megabytes} MB of output of ${kind}, ${what.sealed ? 'sealed' : 'in clear'}`;
  say(name);
  const job = { kind: 'download', megabytes, ...what } as const;
  const our = await ours.run(job);
  const their = await peer?.run(job);
  const rate = ({ wallMs: [ms = Number.NaN] }: JobReport): number => (megabytes * 1000) / ms;
  const cpu = ({ cpuMs }: JobReport): number => cpuMs / megabytes;
  const against = (of: (report: JobReport) => number): Peer | undefined =>
    peer && their && { name: peer.name, value: of(their) };
  const line = (
    figure: string,
    unit: string,
    better: Better,
    of: (report: JobReport) => number,
  ): BenchResult => compared({ name: `${name}: ${figure}`, unit, better }, of(our), against(of));
  return [line('rate', 'MB/s', 'more', rate), line('CPU time', 'ms/MB', 'less', cpu)];
}
