import type { Report, ReportedHost } from '../model/report.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstants } from './local-instants.ts';
import { section } from './page.ts';
import { toneOf } from './tone.ts';

/** Each host that is not finished: why, and what to do next. Hosts with one and the same story are told together. */
export function attentionSection(report: Report): HtmlValue {
  const unfinished = report.hosts.filter(({ reason }) => reason !== undefined);
  if (unfinished.length === 0)
    return section('What needs attention', html`<p class="allwell">Nothing: every host is as wanted.</p>`);
  const sorted = [...unfinished].sort((a, b) => urgency(a) - urgency(b));
  return section(
    'What needs attention',
    sorted.map((host) => attention(host, report.zone)),
  );
}

const byUrgency = ['unknown', 'failed', 'unreachable', 'held', 'not-started'];
const urgency = ({ outcome }: ReportedHost): number => byUrgency.indexOf(outcome);

function attention({ host, outcome, os, reason, next }: ReportedHost, zone: string): HtmlValue {
  return html`<div class="attention ${toneOf(outcome)}">
    <h3><span>${host}</span> <span class="label">${outcome}</span></h3>
    <p>${localInstants(reason ?? '', zone)}</p>
    ${next === undefined ? undefined : html`<p class="next"><b>Next:</b> ${next}</p>`}
    <p class="soft">${os}</p>
  </div> `;
}
