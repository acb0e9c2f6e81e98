import type { Plan, PlannedPhase } from '../model/plan.ts';
import { describeTolerance } from '../plan/budget.ts';
import { describeFields } from './describe-fields.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant } from './local-instants.ts';
import { section } from './page.ts';

/** What speaks against the plan, or should be known before it is approved. */
export function planRisks({ risks }: Plan): HtmlValue {
  if (risks.length === 0) return section('Risks', html`<p>None that the survey could see.</p>`);
  const rows = risks.map(
    ({ code, host, message }) =>
      html`<tr>
        <th scope="row" class="once">${host ?? 'whole plan'}</th>
        <td>${message}</td>
        <td class="once"><code>${code}</code></td>
      </tr> `,
  );
  return section(
    'Risks',
    html`<table>
      <caption>
        Read these before approving
      </caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Risk</th>
          <th scope="col">Code</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
}

/** The rules of each phase, and its waves with their expected times. */
export function planPhases(plan: Plan, zone: string): HtmlValue {
  return section(
    'Phases and waves',
    plan.phases.map((phase) => planPhase(plan, phase, zone)),
  );
}

function planPhase(plan: Plan, phase: PlannedPhase, zone: string): HtmlValue {
  const rules = [
    ...(phase.needs.length > 0 ? [`needs ${phase.needs.join(', ')} to have ended well`] : []),
    `at most ${phase.concurrency} hosts at a time`,
    `failed ${describeTolerance(phase.budget.failed)}`,
    `unreachable ${describeTolerance(phase.budget.unreachable)}`,
    `unknown ${describeTolerance(phase.budget.unknown)}`,
    ...(phase.soak === null ? [] : [`then watched for ${phase.soak}`]),
  ];
  return html`<h3>${phase.name}</h3>
    <p>
      ${Object.entries(phase.controls).map(([id, wanted]) => html`<code>${id}</code> ${describeFields(wanted)}. `)}
    </p>
    ${phase.gates.map(({ manual }) => html`<p><b>Gate:</b> a person answers “${manual.ask}”</p>`)}
    <p class="soft">${rules.join('; ')}.</p>
    <table>
      <caption>
        Waves of ${phase.name}; times are estimates
      </caption>
      <thead>
        <tr>
          <th scope="col">Wave</th>
          <th scope="col" class="num">Hosts</th>
          <th scope="col" class="num">Reboots</th>
          <th scope="col">Expected</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        ${phase.waves.map((wave) => waveRow(plan, phase, wave, zone))}
      </tbody>
    </table> `;
}

function waveRow(
  plan: Plan,
  phase: PlannedPhase,
  wave: PlannedPhase['waves'][number],
  zone: string,
): HtmlValue {
  const slots = plan.timetable.filter((slot) => slot.phase === phase.name && wave.hosts.includes(slot.host));
  const starts = slots.map(({ start }) => start).sort();
  const ends = slots.map(({ end }) => end).sort();
  const reboots = plan.hosts.filter(
    (host) => wave.hosts.includes(host.host) && host.reboots.some((reboot) => reboot.phase === phase.name),
  );
  const [first] = starts;
  const last = ends.at(-1);
  const when =
    first === undefined || last === undefined
      ? 'nothing due'
      : `${localInstant(first, zone)} to ${localInstant(last, zone)}`;
  return html`<tr>
    <th scope="row">${wave.name}</th>
    <td class="num">${wave.hosts.length}</td>
    <td class="num">${reboots.length}</td>
    <td>${when}</td>
    <td>${wave.soak === null ? '' : `soak ${wave.soak}`}</td>
  </tr> `;
}

/** Hosts that are held in a phase, and those that are no part of the plan, each with the reason. */
export function planUntouched(plan: Plan): HtmlValue {
  const held = plan.hosts.flatMap(({ host, holds }) => holds.map((hold) => ({ host, ...hold })));
  const rows = [
    ...held.map(({ host, phase, reason }) => ({ host, phase, what: 'held', reason })),
    ...plan.excluded.map(({ host, phase, reason }) => ({
      host,
      phase: phase ?? 'all',
      what: 'excluded',
      reason,
    })),
  ];
  if (rows.length === 0) return undefined;
  return section(
    'Held and excluded',
    html`<table>
      <caption>
        Not touched in the phase named, until somebody acts
      </caption>
      <thead>
        <tr>
          <th scope="col">Host</th>
          <th scope="col">Phase</th>
          <th scope="col">What</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ host, phase, what, reason }) =>
            html`<tr>
              <th scope="row">${host}</th>
              <td>${phase}</td>
              <td>${what}</td>
              <td>${reason}</td>
            </tr> `,
        )}
      </tbody>
    </table>`,
  );
}
