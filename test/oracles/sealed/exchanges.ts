import { seededChance } from '../../../src/lab/prng.ts';
import type { Chance } from '../../../src/lab/prng.ts';

/** How many bytes go each way in one exchange. */
export interface SealedExchange {
  readonly requestBytes: number;
  readonly answerBytes: number;
}

const maxBytes = 5_000_000;
/** WinRM's largest envelope; messages beyond it make nine tenths of the bytes. */
const usualBytes = 512_000;

export interface ExchangePlan {
  readonly seed: string;
  readonly count: number;
  /** One in so many messages beyond the usual size is kept; 1 keeps all, which is 650 MB for 1000 exchanges. */
  readonly keepOneIn: number;
}

/** Exchanges of 0 to 5 MB a direction, log-uniform but for the thinning of the largest. */
export function planExchanges({ seed, count, keepOneIn }: ExchangePlan): readonly SealedExchange[] {
  const chance = seededChance(`sealed/${seed}`);
  return Array.from({ length: count }, () => ({
    requestBytes: drawBytes(chance, keepOneIn),
    answerBytes: drawBytes(chance, keepOneIn),
  }));
}

function drawBytes(chance: Chance, keepOneIn: number): number {
  for (;;) {
    const bytes = Math.floor(Math.exp(chance.next() * Math.log(maxBytes + 1))) - 1;
    if (bytes <= usualBytes || chance.next() * keepOneIn < 1) return bytes;
  }
}
