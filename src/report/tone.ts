import type { Outcome } from '../model/report.ts';

/** How much an outcome asks for a person's eye; never told by colour alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

const tones: Readonly<Record<Outcome, Tone>> = {
  ok: 'good',
  changed: 'good',
  held: 'warn',
  failed: 'bad',
  unreachable: 'bad',
  unknown: 'bad',
  'not-started': 'quiet',
};

export const toneOf = (outcome: Outcome): Tone => tones[outcome];
