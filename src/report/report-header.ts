import type { Outcome, Report } from '../model/report.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant, localInstants } from './local-instants.ts';
import { identity } from './page.ts';
import { toneOf } from './tone.ts';

/** Which run this is, how it stands, and how many hosts came how far. */
export function reportHeader(report: Report): HtmlValue {
  const { zone, plan, run } = report;
  return html`<p class="eyebrow">Countersign run report</p>
    <h1>${report.name}</h1>
    <p>${standing(report)}</p>
    ${identity([
      ['Run', html`<code>${run}</code>`],
      ['Plan', html`<code class="hash">${plan}</code>`],
      ['Started', localInstant(report.started, zone)],
      report.ended === null
        ? ['As of', localInstant(report.asOf, zone)]
        : ['Ended', localInstant(report.ended, zone)],
      ['Time zone', `${zone}; every time on this page is local there`],
    ])}
    ${outcomeCounts(report)}`;
}

const standings: Readonly<Record<Report['state'], string>> = {
  running: 'The run is at work.',
  paused: 'A person paused the run: nothing new starts.',
  waiting: 'The run is waiting.',
  interrupted: 'Nobody carries the run on at the moment: its controller let go or died.',
  stopped: 'The run was stopped by a budget or a gate: nothing new starts.',
  aborted: 'A person gave the run up.',
  finished: 'The run is finished.',
};

function standing({ state, waiting, zone }: Report): string {
  if (waiting === null) return standings[state];
  const until =
    waiting.until === null ? 'before a person acts' : `until ${localInstant(waiting.until, zone)}`;
  const why = waiting.reasons.length === 0 ? '' : `: ${localInstants(waiting.reasons.join('; '), zone)}`;
  return `${standings[state]} Nothing happens ${until}${why}`;
}

const meanings: Readonly<Record<Outcome, string>> = {
  ok: 'already as wanted',
  changed: 'changed, verified',
  held: 'held back',
  failed: 'failed',
  unreachable: 'unreachable',
  unknown: 'unknown',
  'not-started': 'not started',
};

function outcomeCounts({ counts, hosts }: Report): HtmlValue {
  const items = (Object.keys(meanings) as Outcome[]).map((outcome) => {
    const count = counts[outcome];
    const tone = count === 0 ? 'none' : toneOf(outcome);
    return html`<li class="${tone}"><b>${count}</b><span>${meanings[outcome]}</span></li>`;
  });
  return html`<ul class="counts" aria-label="Outcomes of ${hosts.length} hosts">
    ${items}
  </ul>`;
}
