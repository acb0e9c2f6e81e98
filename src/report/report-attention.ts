import type { Report } from '../model/report.ts';
import { needsAttention } from './attention.ts';
import type { Attention } from './attention.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstants } from './local-instants.ts';
import { section } from './page.ts';
import { label, toneOf } from './tone.ts';

/** Who is not finished: why, and what to do next. */
export function attentionSection(report: Report): HtmlValue {
  const told = needsAttention(report);
  return section(
    'What needs attention',
    told.length === 0
      ? html`<p class="allwell">Nothing: every host is as wanted.</p>`
      : told.map((attention) => attentionBox(attention, report)),
  );
}

function attentionBox({ outcome, hosts, reason, next, commands }: Attention, report: Report): HtmlValue {
  const [only] = hosts;
  const title = hosts.length === 1 ? only : `${hosts.length} hosts`;
  const os = hosts.length === 1 ? report.hosts.find(({ host }) => host === only)?.os : undefined;
  return html`<div class="attention ${toneOf(outcome)}">
    <h3>${label(toneOf(outcome), outcome)} <span>${title}</span> <span class="os">${os}</span></h3>
    ${hosts.length === 1 ? undefined : html`<p class="soft">${hosts.join(', ')}</p>`}
    <p>${localInstants(reason, report.zone)}</p>
    <p><strong>Next:</strong> ${next}</p>
    ${commands.length === 0 ? undefined : html`<pre>${commands.join('\n')}</pre>`}
  </div> `;
}
