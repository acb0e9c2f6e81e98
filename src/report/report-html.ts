import type { Report } from '../model/report.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant, localInstants } from './local-instants.ts';
import { page, section } from './page.ts';
import { attentionSection } from './report-attention.ts';
import { reportHeader } from './report-header.ts';
import { hostsSection } from './report-hosts.ts';
import { phasesSection } from './report-phases.ts';
import { timelineSection } from './report-timeline.ts';

/**
 * A report as one page for a change record: no script, nothing from elsewhere, light and dark, ready for A4.
 *
 * What asks for a person comes first, the evidence for everything else after it, the journal's head last.
 */
export function reportHtml(report: Report): string {
  return page({
    title: `${report.name}: run ${report.run}`,
    header: reportHeader(report),
    sections: [
      attentionSection(report),
      timelineSection(report),
      phasesSection(report),
      hostsSection(report),
      trailSection(report),
    ],
    footer: footer(report),
  });
}

function trailSection({ notes, zone }: Report): HtmlValue {
  const rows = notes.map(
    ({ at, text }) =>
      html`<tr>
        <td class="once">${localInstant(at, zone)}</td>
        <td>${localInstants(text, zone)}</td>
      </tr> `,
  );
  return section(
    'Audit trail',
    html`<table>
      <caption>
        What people and the calendar did, from the run's journal
      </caption>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
}

function footer({ head, run, tool, asOf, zone }: Report): HtmlValue {
  return html`<p>Journal head <code class="hash">${head.seq}:${head.hash}</code></p>
    <p>
      Compare it with the journal:
      <code class="hash">countersign journal verify ${run} --head ${head.seq}:${head.hash}</code>
    </p>
    <p>${tool.name} ${tool.version}, from the journal as of ${localInstant(asOf, zone)}.</p>`;
}
