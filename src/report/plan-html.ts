import type { Plan } from '../model/plan.ts';
import { summarizePlan } from '../plan/summary.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant } from './local-instants.ts';
import { identity, page } from './page.ts';
import { planHosts } from './plan-hosts.ts';
import { planPhases, planRisks, planUntouched } from './plan-sections.ts';
import { planTimetable } from './plan-timetable.ts';
import { zoneOfWindow } from './window-zone.ts';

/** A plan as one page for approval: what will happen, to whom, when, and what speaks against it. */
export function planHtml(plan: Plan): string {
  const zone = zoneOfWindow(plan.calendar, null);
  return page({
    title: `${plan.name}: plan ${plan.digest.slice(0, 12)}`,
    header: planHeader(plan, zone),
    sections: [
      planRisks(plan),
      planPhases(plan, zone),
      planTimetable(plan, zone),
      planUntouched(plan),
      planHosts(plan),
    ],
    footer: html`<p>
      ${plan.tool.name} ${plan.tool.version}. Digest <code class="hash">${plan.digest}</code>
    </p>`,
  });
}

function planHeader(plan: Plan, zone: string): HtmlValue {
  const { playbook, inventory, limit } = plan.inputs;
  return html`<p class="eyebrow">Countersign plan${plan.offline ? ' from stored observations' : ''}</p>
    <h1>${plan.name}</h1>
    <p>
      Nothing has been changed. This is what <code>countersign apply</code> would carry out, and nothing else.
    </p>
    ${identity([
      ['Digest', html`<code class="hash">${plan.digest}</code>`],
      ['Made', localInstant(plan.createdAt, zone)],
      ['Playbook', html`<code>${playbook.path}</code>`],
      ['Inventory', inventory.map(({ path }, index) => html`${index === 0 ? '' : ', '}<code>${path}</code>`)],
      ...(limit === null ? [] : [['Limited to', html`<code>${limit}</code>`] as const]),
      ['Approvals', approvals(plan)],
      ['Time zone', zone],
    ])}
    ${counts(plan)}`;
}

function approvals({ approvals: { required, given } }: Plan): string {
  if (required === 0) return 'none demanded';
  const who = given.map(({ as }) => as).join(', ');
  return `${given.length} of ${required} given${who === '' ? '' : ` (${who})`}`;
}

function counts(plan: Plan): HtmlValue {
  const { hosts, changing, compliant, held, unknown, writes, reboots } = summarizePlan(plan);
  const numbers: readonly (readonly [string, number, string])[] = [
    ['', hosts, 'hosts'],
    ['', changing, 'change'],
    ['good', compliant, 'already as wanted'],
    ['warn', held, 'held in a phase'],
    ['bad', unknown, 'with something unknown'],
    ['', writes, 'writes'],
    ['', reboots, 'reboots'],
  ];
  return html`<ul class="counts" aria-label="The plan in numbers">
    ${numbers.map(
      ([tone, count, what]) =>
        html`<li class="${count === 0 ? 'none' : tone}"><b>${count}</b><span>${what}</span></li>`,
    )}
  </ul>`;
}
