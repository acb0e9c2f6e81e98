import type { Outcome, Report, ReportedHost, ReportedStep } from '../model/report.ts';
import { needsAttention } from './attention.ts';
import { counts } from './describe-event.ts';
import { describeFields } from './describe-fields.ts';
import type { Emphasis } from './emphasis.ts';
import { localInstant, localInstants } from './local-instants.ts';
import { stepChanges } from './step-changes.ts';
import { stepStanding, toneOf } from './tone.ts';

/**
 * A report for reading in a terminal: how many came how far, who needs a person, then the phases.
 *
 * @param verbose - Lists every host's steps and reboots, and the audit trail as well.
 */
export function reportText(
  report: Report,
  { paint, verbose }: { paint: Emphasis; verbose: boolean },
): string {
  const sections = [
    headline(report, paint),
    outcomes(report, paint),
    attention(report, paint),
    phases(report, paint),
    ...(verbose ? report.hosts.map((host) => hostText(report, host, paint)) : []),
    verbose ? trail(report, paint) : '',
    `${paint('dim', 'Journal head')} ${report.head.seq}:${report.head.hash}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(report: Report, paint: Emphasis): string {
  const { zone } = report;
  const end = report.ended ?? report.asOf;
  const until = report.ended === null ? 'not ended; as of' : 'ended';
  return [
    `${paint('bold', `Report: ${report.name}`)}  ${paint('dim', `run ${report.run}, plan ${report.plan.slice(0, 12)}`)}`,
    `  ${paint(report.state === 'finished' ? 'good' : 'warn', report.state)}: started ${localInstant(report.started, zone)}, ${until} ${localInstant(end, zone)}`,
    ...(report.waiting === null ? [] : [`  ${paint('info', waitingText(report.waiting, zone))}`]),
  ].join('\n');
}

function waitingText({ until, reasons }: NonNullable<Report['waiting']>, zone: string): string {
  const why = reasons.length === 0 ? '' : `: ${localInstants(reasons.join('; '), zone)}`;
  return until === null ? `waits for a person${why}` : `waits until ${localInstant(until, zone)}${why}`;
}

const emphases = { good: 'good', warn: 'warn', bad: 'bad', quiet: 'dim' } as const;

function outcomes(report: Report, paint: Emphasis): string {
  const all = Object.entries(report.counts) as [Outcome, number][];
  const rows = all.map(([outcome, count]) => {
    const row = `${String(count).padStart(5)}  ${outcome}`;
    return count === 0 ? paint('dim', row) : paint(emphases[toneOf(outcome)], row);
  });
  return [paint('bold', `Hosts: ${report.hosts.length}`), ...rows].join('\n');
}

function attention(report: Report, paint: Emphasis): string {
  const told = needsAttention(report);
  if (told.length === 0) return '';
  const lines = told.flatMap(({ outcome, hosts, reason, next, commands }) => [
    `  ${paint(emphases[toneOf(outcome)], outcome)}  ${paint('bold', hosts.join(', '))}`,
    `    ${localInstants(reason, report.zone)}`,
    `    ${paint('info', 'next:')} ${next}`,
    ...commands.map((command) => `      ${command}`),
  ]);
  return [paint('bold', 'Not finished, and what to do next'), ...lines].join('\n');
}

function phases(report: Report, paint: Emphasis): string {
  const lines = report.phases.map(({ name, state, started, ended, counts: by }) => {
    const from = started === null ? '' : ` from ${localInstant(started, report.zone)}`;
    const to = ended === null ? '' : ` to ${localInstant(ended, report.zone)}`;
    return `  ${name}: ${state}${paint('dim', `${from}${to}`)}  ${counts(by)}`;
  });
  return [paint('bold', 'Phases'), ...lines].join('\n');
}

function hostText(report: Report, host: ReportedHost, paint: Emphasis): string {
  return [
    `${paint('bold', host.host)}  ${paint(emphases[toneOf(host.outcome)], host.outcome)}  ${paint('dim', `${host.os}, ${host.role}`)}`,
    ...host.steps.map((step) => stepText(host, step, paint)),
    ...host.reboots.map(({ phase, requestedAt, backAt, nonce, by }) => {
      const back = backAt === null ? 'not seen back' : `back ${localInstant(backAt, report.zone)}`;
      const who = by === 'countersign' ? nonce.slice(0, 8) : 'by somebody else';
      return `  ${phase} / reboot: ${localInstant(requestedAt, report.zone)}, ${back} (${who})`;
    }),
  ].join('\n');
}

function stepText(host: ReportedHost, step: ReportedStep, paint: Emphasis): string {
  const changes = stepChanges(step).map(
    ({ field, before, after }) => `${field} ${before} → ${after ?? 'not done'}`,
  );
  const found = step.before === null ? 'never read' : describeFields(step.before);
  const what = changes.length === 0 ? found : changes.join(', ');
  const standing = stepStanding(host, step);
  const proof = paint(emphases[standing.tone], standing.text);
  return `  ${step.phase} / ${step.control}: ${what}; ${proof}${step.reason === '' ? '' : paint('dim', `  ${step.reason}`)}`;
}

function trail(report: Report, paint: Emphasis): string {
  const lines = report.notes.map(
    ({ at, text }) => `  ${paint('dim', localInstant(at, report.zone))}  ${localInstants(text, report.zone)}`,
  );
  return [paint('bold', 'What people and the calendar did'), ...lines].join('\n');
}
