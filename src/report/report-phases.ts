import type { Outcome, Report } from '../model/report.ts';
import { describeFields } from './describe-fields.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant } from './local-instants.ts';
import { section } from './page.ts';

const columns: readonly Outcome[] = [
  'ok',
  'changed',
  'held',
  'failed',
  'unreachable',
  'unknown',
  'not-started',
];

const standings: Readonly<Record<Report['phases'][number]['state'], string>> = {
  'not-entered': 'not entered',
  gate: 'gate not answered',
  running: 'running',
  soaking: 'soaking',
  ended: 'ended',
};

/** Phase by phase: when, and how many hosts came how far. */
export function phasesSection({ phases, zone }: Report): HtmlValue {
  const head = columns.map((outcome) => html`<th scope="col" class="num">${outcome}</th>`);
  const rows = phases.map(
    ({ name, state, controls, started, ended, counts }) =>
      html`<tr>
        <th scope="row">
          ${name}
          <div class="why">${wanted(controls)}</div>
        </th>
        <td>
          ${standings[state]}
          <div class="why">${times(started, ended, zone)}</div>
        </td>
        ${columns.map((outcome) => html`<td class="num">${counts[outcome] === 0 ? '·' : counts[outcome]}</td>`)}
      </tr> `,
  );
  return section(
    'Phases',
    html`<table>
      <caption>
        Hosts by outcome in each phase
      </caption>
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col">State</th>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
}

function wanted(controls: Report['phases'][number]['controls']): HtmlValue {
  return Object.entries(controls).map(([id, params]) => html`<div>${id}: ${describeFields(params)}</div>`);
}

function times(started: string | null, ended: string | null, zone: string): HtmlValue {
  if (started === null) return '';
  const to = ended === null ? '' : html`<div>to ${localInstant(ended, zone)}</div>`;
  return html`<div>${localInstant(started, zone)}</div>
    ${to}`;
}
