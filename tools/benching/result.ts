/** One line of a benchmark. */
export interface BenchResult {
  readonly name: string;
  /** `ms`, `MB/s`, `requests`… */
  readonly unit: string;
  readonly ours: number;
  readonly peer?: number;
  readonly peerName?: string;
  /** How many times better ours is than the peer: above 1 ours wins, whatever the unit. */
  readonly ratio?: number;
  /** What was measured how, what was aimed at, and what is behind the figure. */
  readonly note?: string;
}

export interface Peer {
  readonly name: string;
  readonly value: number;
}

/** What makes a figure good. */
export type Better = 'less' | 'more';

/** A result with its ratio to the peer's figure of the same run. */
export function compared(
  what: { readonly name: string; readonly unit: string; readonly better: Better },
  ours: number,
  peer?: Peer,
  note?: string,
): BenchResult {
  const ratio = peer && (what.better === 'less' ? peer.value / ours : ours / peer.value);
  return {
    ...{ name: what.name, unit: what.unit, ours: rounded(ours) },
    ...(peer === undefined ? {} : { peer: rounded(peer.value), peerName: peer.name }),
    ...(ratio === undefined ? {} : { ratio: rounded(ratio) }),
    ...(note === undefined || note === '' ? {} : { note }),
  };
}

/** Says whether an aim is met; for the note of a result. */
export function aim(wanted: string, isMet: boolean): string {
  return `aim ${wanted}: ${isMet ? 'met' : 'MISSED'}`;
}

/** Three significant digits, more only where whole numbers have them. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
