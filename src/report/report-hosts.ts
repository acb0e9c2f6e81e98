import type { BootIdentity } from '../model/facts.ts';
import type { Report, ReportedHost, ReportedStep } from '../model/report.ts';
import { describeFields } from './describe-fields.ts';
import { html, raw } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant, localInstants } from './local-instants.ts';
import { section } from './page.ts';
import { stepChanges } from './step-changes.ts';
import { label, stepStanding, toneOf } from './tone.ts';

/** Every host with the evidence: each control before and after, each reboot with its boot identities. */
export function hostsSection(report: Report): HtmlValue {
  return section(
    'Evidence by host',
    report.hosts.map((host) => hostDetails(host, report.zone)),
  );
}

function hostDetails(host: ReportedHost, zone: string): HtmlValue {
  const isFinished = host.reason === undefined;
  const role = host.role === 'unknown' ? 'role unknown' : host.role;
  return html`<details${isFinished ? undefined : raw(' open')}>
    <summary>
      <h3>${host.host}</h3>
      ${label(toneOf(host.outcome), host.outcome)}<span class="soft">${host.os} · ${role}</span>
    </summary>
    <div>
      ${host.steps.length === 0 ? html`<p class="soft">No phase asks anything of this host.</p>` : stepTable(host, zone)}
      ${host.reboots.length === 0 ? undefined : rebootTable(host, zone)}
    </div>
  </details> `;
}

function stepTable(host: ReportedHost, zone: string): HtmlValue {
  return html`<table class="fixed">
    <caption>
      Settings of ${host.host}, before and after
    </caption>
    <thead>
      <tr>
        <th scope="col" class="narrow">Phase</th>
        <th scope="col" class="narrow">Control</th>
        <th scope="col" class="wide">Before → after</th>
        <th scope="col">Proof</th>
      </tr>
    </thead>
    <tbody>
      ${host.steps.map(
        (step) =>
          html`<tr>
            <td>${step.phase}</td>
            <th scope="row">${step.control}</th>
            <td>${changes(step)}</td>
            <td>
              ${proof(host, step)}
              <div class="why">${localInstants(step.reason, zone)}</div>
            </td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}

function proof(host: ReportedHost, step: ReportedStep): HtmlValue {
  const { tone, text } = stepStanding(host, step);
  return label(tone, text);
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
    : html`<span class="soft">found <code>${describeFields(step.before)}</code></span>`;
}

function rebootTable({ host, reboots }: ReportedHost, zone: string): HtmlValue {
  return html`<table class="fixed">
    <caption>
      Reboots of ${host}; the nonce stands in event 1074 of the host
    </caption>
    <thead>
      <tr>
        <th scope="col" class="narrow">Phase</th>
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
