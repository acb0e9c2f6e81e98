import type { BootIdentity } from '../model/facts.ts';
import type { Report, ReportedHost, ReportedStep } from '../model/report.ts';
import { describeFields } from './describe-fields.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant, localInstants } from './local-instants.ts';
import { section } from './page.ts';
import { stepChanges } from './step-changes.ts';
import { toneOf } from './tone.ts';

/** Every host with the evidence: each control before and after, each reboot with its boot identities. */
export function hostsSection(report: Report): HtmlValue {
  return section(
    'Evidence by host',
    report.hosts.map((host) => hostDetails(host, report.zone)),
  );
}

function hostDetails(host: ReportedHost, zone: string): HtmlValue {
  return html`<details class="${toneOf(host.outcome)}">
    <summary>
      <h3>${host.host}</h3>
      <span class="label">${host.outcome}</span><span class="soft">${host.os} · ${host.role}</span>
    </summary>
    <div>
      ${host.steps.length === 0 ? html`<p class="soft">No phase asks anything of this host.</p>` : stepTable(host, zone)}
      ${host.reboots.length === 0 ? undefined : rebootTable(host, zone)}
    </div>
  </details> `;
}

function stepTable({ host, steps }: ReportedHost, zone: string): HtmlValue {
  return html`<table>
    <caption>
      Settings of ${host}, before and after
    </caption>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col">Control</th>
        <th scope="col">Before → after</th>
        <th scope="col">Proof</th>
      </tr>
    </thead>
    <tbody>
      ${steps.map(
        (step) =>
          html`<tr>
            <td>${step.phase}</td>
            <th scope="row">${step.control}</th>
            <td>${changes(step)}</td>
            <td>${proof(step)}<br /><span class="why">${localInstants(step.reason, zone)}</span></td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function changes(step: ReportedStep): HtmlValue {
  const fields = stepChanges(step);
  if (fields.length > 0)
    return fields.map(
      ({ field, before, after, wanted }) =>
        html`<div>
          <span class="soft">${field}</span> <code>${before}</code><span class="arrow">→</span>${
            after === undefined
              ? html`<span class="soft">not done (wanted <code>${wanted ?? ''}</code>)</span>`
              : html`<code>${after}</code>`
          }
        </div>`,
    );
  return step.before === null
    ? html`<span class="soft">never read</span>`
    : html`<span class="soft">unchanged: <code>${describeFields(step.before)}</code></span>`;
}

function proof({ verified, after, reboots, action }: ReportedStep): HtmlValue {
  const restarts = reboots === 0 ? '' : reboots === 1 ? ', 1 reboot' : `, ${reboots} reboots`;
  if (verified) return html`<span class="good"><span class="label">verified${restarts}</span></span>`;
  if (after !== null)
    return html`<span class="bad"><span class="label">not verified${restarts}</span></span>`;
  if (action === 'none') return html`<span class="quiet"><span class="label">nothing to do</span></span>`;
  return html`<span class="quiet"><span class="label">not done${restarts}</span></span>`;
}

function rebootTable({ host, reboots }: ReportedHost, zone: string): HtmlValue {
  return html`<table>
    <caption>
      Reboots of ${host}; the nonce stands in event 1074 of the host
    </caption>
    <thead>
      <tr>
        <th scope="col">Phase</th>
        <th scope="col">Requested</th>
        <th scope="col">Back</th>
        <th scope="col">Boot before → after</th>
        <th scope="col">Nonce</th>
      </tr>
    </thead>
    <tbody>
      ${reboots.map(
        (reboot) =>
          html`<tr>
            <td>${reboot.phase}</td>
            <td>
              ${localInstant(reboot.requestedAt, zone)}${reboot.by === 'elsewhere' ? ' by somebody else' : ''}
            </td>
            <td>${reboot.backAt === null ? 'not seen' : localInstant(reboot.backAt, zone)}</td>
            <td>
              ${boot(reboot.bootBefore, zone)}<span class="arrow">→</span
              >${reboot.bootAfter === null ? 'unknown' : boot(reboot.bootAfter, zone)}
            </td>
            <td><code class="hash">${reboot.nonce}</code></td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function boot({ bootTime, bootId }: BootIdentity, zone: string): string {
  return `${localInstant(bootTime, zone)}${bootId === null ? '' : ` (no. ${bootId})`}`;
}
