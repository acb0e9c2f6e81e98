import type { Outcome, ReportedHost, ReportedStep } from '../model/report.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';

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

/** A word with its mark and its colour. */
export function label(tone: Tone, text: string): HtmlValue {
  return html`<span class="label ${tone}">${text}</span>`;
}

/** How far a step came, in words; a step without a change is done only where its phase says so. */
export function stepStanding(
  { phases }: ReportedHost,
  { phase, verified, after, action, reboots }: ReportedStep,
): { readonly tone: Tone; readonly text: string } {
  const restarts = reboots === 0 ? '' : reboots === 1 ? ', 1 reboot' : `, ${reboots} reboots`;
  if (verified) return { tone: 'good', text: `verified${restarts}` };
  if (after !== null) return { tone: 'bad', text: `not verified${restarts}` };
  const isFine = phases[phase] === 'ok' || phases[phase] === 'changed';
  if (action === 'none' && isFine) return { tone: 'good', text: 'nothing to do' };
  return { tone: 'quiet', text: `not done${restarts}` };
}
