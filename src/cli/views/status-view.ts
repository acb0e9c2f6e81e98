import { formatDuration, milliseconds } from '../../core/time.ts';
import type { Compliance } from '../../model/compliance.ts';
import type { ControlStatus, HostStatus, Status } from '../../model/status.ts';
import type { Paint, Tone } from '../io.ts';
import { table } from '../table.ts';

const tones: Record<Compliance, Tone> = {
  compliant: 'good',
  drifted: 'warn',
  'pending-reboot': 'info',
  'not-applicable': 'dim',
  unknown: 'bad',
};

const words: Record<Compliance, string> = {
  compliant: 'ok',
  drifted: 'drifted',
  'pending-reboot': 'reboot',
  'not-applicable': '–',
  unknown: 'unknown',
};

/** A status as a table of hosts by controls, and under it everything a person should know before planning. */
export function statusView(status: Status, paint: Paint, verbose: boolean): string {
  const ids = status.hosts[0]?.controls.map(({ id }) => id) ?? [];
  const rows = status.hosts.map((host) => hostRow(host, paint));
  const notes = status.hosts.flatMap((host) => hostNotes(host, paint, verbose));
  return [
    table([...headings(ids), ...rows], (text) => paint('bold', text), 2),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    summaryLine(status, paint),
    '',
  ].join('\n');
}

/** Names of columns in two lines, broken after the last hyphen: the whole table fits 110 columns. */
function headings(ids: readonly string[]): readonly (readonly string[])[] {
  const names = ['host', 'windows', 'power-shell', ...ids].map((name) => /^(.*-)?(.*)$/.exec(name));
  return [names.map((parts) => parts?.[1] ?? ''), names.map((parts) => parts?.[2] ?? '')];
}

/** `Server 2019` for `Microsoft Windows Server 2019 Standard`; editions have no part in what we do. */
function shortCaption(caption: string): string {
  return caption
    .replace(/^Microsoft /, '')
    .replace(/^Windows (?=Server)/, '')
    .replace(/ (Standard|Datacenter|Enterprise|Pro|Education|Essentials)\b.*$/, '');
}

function hostRow(host: HostStatus, paint: Paint): readonly string[] {
  if (!host.facts) {
    const word = host.reach === 'ok' ? 'not read' : host.reach;
    return [host.host, paint(host.reach === 'ok' ? 'warn' : 'bad', word)];
  }
  const { os, powershell } = host.facts;
  const role = os.role === 'domain-controller' ? ' DC' : '';
  return [
    host.host,
    `${shortCaption(os.caption)} (${os.build})${role}`,
    /^\d+\.\d+/.exec(powershell)?.[0] ?? powershell,
    ...host.controls.map(({ compliance, managedBy, blocker }) => {
      const mark = blocker !== undefined ? ' !' : managedBy !== undefined ? ' *' : '';
      return paint(blocker === undefined ? tones[compliance] : 'bad', words[compliance] + mark);
    }),
  ];
}

function hostNotes(host: HostStatus, paint: Paint, verbose: boolean): readonly string[] {
  const notes: string[] = [];
  if (host.failure) {
    notes.push(host.failure.message, ...(host.failure.hint === undefined ? [] : [`  ${host.failure.hint}`]));
  }
  const pending = host.facts?.pendingReboot ?? [];
  if (pending.length > 0) notes.push(`a reboot is pending: ${pending.join(', ')}`);
  if (host.facts?.servicing === 'working') notes.push('Windows is servicing itself right now: do not touch');
  const offset = host.clockOffsetMs ?? 0;
  if (Math.abs(offset) > 60_000) {
    const size = formatDuration(milliseconds(Math.abs(offset)));
    notes.push(`its clock is ${size} ${offset > 0 ? 'ahead' : 'behind'}`);
  }
  for (const control of host.controls) notes.push(...controlNotes(control, verbose));
  return notes.map(
    (note, index) => `${index === 0 ? paint('bold', host.host) : ''.padEnd(host.host.length)}  ${note}`,
  );
}

function controlNotes(control: ControlStatus, verbose: boolean): readonly string[] {
  if (control.blocker !== undefined) return [`${control.id} !: ${control.blocker}`];
  if (control.managedBy !== undefined) return [`${control.id} *: managed by ${control.managedBy}`];
  if (verbose || control.compliance === 'pending-reboot') return [`${control.id}: ${control.reason}`];
  return [];
}

function summaryLine({ summary }: Status, paint: Paint): string {
  const counts = (Object.keys(words) as Compliance[])
    .filter((compliance) => summary.controls[compliance] > 0)
    .map((compliance) => paint(tones[compliance], `${summary.controls[compliance]} ${compliance}`));
  const reach = [
    `${summary.reachable} of ${summary.hosts} hosts answered`,
    ...(summary.unreachable > 0 ? [paint('bad', `${summary.unreachable} unreachable`)] : []),
    ...(summary.denied > 0 ? [paint('bad', `${summary.denied} denied`)] : []),
  ];
  return `${reach.join(', ')}. Controls: ${counts.join(', ')}.`;
}
