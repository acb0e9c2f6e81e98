import { aim, compared } from '../result.ts';
import type { BenchResult } from '../result.ts';
import { median } from '../statistics.ts';
import type { BenchLab, Site } from './lab.ts';
import { difference, limitMs, roundTripsOf } from './round-trips.ts';
import type { RoundTrips } from './round-trips.ts';
import { thinkMs } from './work.ts';
import type { JobClient } from './work.ts';

export interface OneHostOptions {
  readonly lab: BenchLab;
  readonly ours: JobClient;
  readonly peer: JobClient | undefined;
  /** Scripts a process; near ones are quick, and many show what they cost beside the start of a process. */
  readonly counts: Readonly<Record<'near' | 'far', number>>;
  /** Processes. */
  readonly rounds: number;
  readonly say: (progress: string) => void;
}

type Kind = 'cold' | 'warm' | 'cold together';

const titles: Readonly<Record<Kind, string>> = {
  cold: 'cold',
  // An option of ours: reported for Windows, proven for gss-ntlmssp; see docs/unproven.md.
  'cold together': "cold with handshake 'together'",
  warm: 'warm',
};

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly trips: RoundTrips;
}

/** One script on one host, with a new client and with one that is warm, near and far. */
export async function benchOneHost(options: OneHostOptions): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const site of options.lab.sites) {
    for (const kind of ['cold', 'cold together', 'warm'] as const) {
      options.say(`1 script, ${titles[kind]}, ${place(site)}`);
      results.push(...(await benchScript(options, site, kind)));
    }
  }
  return results;
}

export function place({ addedMs }: Site): string {
  return addedMs === 0 ? 'loopback' : `+${addedMs} ms`;
}

async function benchScript(options: OneHostOptions, site: Site, kind: Kind): Promise<readonly BenchResult[]> {
  const { peer, rounds } = options;
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  // By turns, so that whatever else the machine does meets both.
  for (let round = 0; round < rounds; round++) {
    ours.push(await measure(options, site, options.ours, kind));
    if (peer !== undefined) theirs.push(await measure(options, site, peer, kind));
  }
  const our = middle(ours);
  const their = middle(theirs);
  const line = (what: string, unit: string, of: (one: Measured) => number, note?: string): BenchResult => {
    const name = `1 script, ${titles[kind]}, ${place(site)}: ${what}`;
    const against = peer && { name: peer.name, value: of(their) };
    return compared({ name, unit, better: 'less' }, of(our), against, note);
  };
  const wall = line('time to result', 'ms', (one) => one.wallMs, wallNote(site, kind, our, their));
  if (site.addedMs > 0) return [wall];
  const isHalf = our.cpuMs * 2 <= their.cpuMs;
  const half = aim('at most half the CPU time', isHalf) + (isHalf ? '' : `; ${cpuReason}`);
  return [
    wall,
    line('CPU time', 'ms', (one) => one.cpuMs, peer && half),
    line(
      'HTTP requests',
      'requests',
      (one) => one.trips.requests,
      `${shown(our.trips.onPath)} round trips before the result, connecting included`,
    ),
  ];
}

/** What the profile says (`node --cpu-prof` of the client's process). */
const cpuReason =
  'half of it is sockets and waking up; no function of ours takes 5 %, and most run too seldom to be optimised';

/** Round trips, to a tenth. */
const shown = (trips: number): string => String(Math.round(trips * 10) / 10);

function middle(measured: readonly Measured[]): Measured {
  const [last] = measured.slice(-1);
  return {
    wallMs: median(measured.map(({ wallMs }) => wallMs)),
    cpuMs: median(measured.map(({ cpuMs }) => cpuMs)),
    trips: last?.trips ?? { requests: Number.NaN, onPath: Number.NaN },
  };
}

const leastRatios: Readonly<Record<Kind, number>> = { cold: 1.4, 'cold together': 1.4, warm: 2.4 };

function wallNote({ addedMs }: Site, kind: Kind, ours: Measured, theirs: Measured): string {
  const ratio = theirs.wallMs / ours.wallMs;
  const isCompared = !Number.isNaN(ratio);
  if (addedMs === 0) return isCompared ? aim('not slower', ratio >= 1) : '';
  const limit = limitMs(ours.trips, addedMs);
  const times = ours.wallMs / limit;
  return [
    `limit ${shown(ours.trips.onPath)} round trips × ${addedMs} ms + ${thinkMs} ms = ${Math.round(limit)} ms`,
    aim(`within 1.2× of the limit (${times.toFixed(2)}×)`, times <= 1.2),
    ...(isCompared ? [aim(`≥ ${leastRatios[kind]}× faster`, ratio >= leastRatios[kind])] : []),
  ].join('; ');
}

/** Runs a job and looks at what the hosts saw of it. */
async function measure(
  { lab, counts }: OneHostOptions,
  site: Site,
  client: JobClient,
  kind: Kind,
): Promise<Measured> {
  const port = site.healthy[0] ?? 0;
  const job =
    kind === 'cold together' ? ({ kind: 'cold', port, handshake: 'together' } as const) : { kind, port };
  const count = site.addedMs === 0 ? counts.near : counts.far;
  await lab.count();
  const report = await client.run({ ...job, count });
  const seen = await lab.count();
  // What is needed to become warm does not count: a job without scripts has all of it.
  if (kind === 'warm') await client.run({ ...job, count: 0 });
  const before = await lab.count();
  const { cleansUpLater } = client;
  const trips = roundTripsOf(difference(seen, before), {
    scripts: count,
    cleansUpLater,
    isWarm: kind === 'warm',
  });
  return { wallMs: median(report.wallMs), cpuMs: report.cpuMs / count, trips };
}
