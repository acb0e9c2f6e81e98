import type { Plan, PlannedHost, PlannedStep } from '../model/plan.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { section } from './page.ts';

/** Every host with what will be changed on it. */
export function planHosts({ hosts }: Plan): HtmlValue {
  return section('Changes by host', hosts.map(hostDetails));
}

function hostDetails(host: PlannedHost): HtmlValue {
  const reboots = host.reboots.length === 0 ? '' : `, ${host.reboots.length} reboot(s)`;
  const changing = host.steps.filter(({ action }) => action !== 'none').length;
  return html`<details>
    <summary>
      <h3>${host.host}</h3>
      <span>${changing === 0 ? 'nothing to do' : `${changing} step(s)${reboots}`}</span
      ><span class="soft">${host.facts?.os.caption ?? 'not observed'} · ${host.role ?? 'role unknown'}</span>
    </summary>
    <div>
      <table>
        <caption>
          Steps planned for ${host.host}
        </caption>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Control</th>
            <th scope="col">Action</th>
            <th scope="col">Now → then</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${host.steps.map(
            (step) =>
              html`<tr>
                <td>${step.phase}</td>
                <th scope="row">${step.control}</th>
                <td>${actionWords[step.action]}${step.reboot ? ', reboot' : ''}</td>
                <td>${fields(step)}</td>
                <td class="soft">${step.reason}</td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </details> `;
}

const actionWords: Readonly<Record<PlannedStep['action'], string>> = {
  none: 'nothing to do',
  write: 'write',
  reboot: 'pending change',
  unknown: 'not known yet',
};

function fields({ from, to }: PlannedStep): HtmlValue {
  return Object.entries(to).map(
    ([field, value]) =>
      html`<div>
        <span class="soft">${field}</span> <code>${String(from[field] ?? 'absent')}</code
        ><span class="arrow">→</span><code>${String(value)}</code>
      </div>`,
  );
}
