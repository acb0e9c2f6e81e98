import { parseInstant } from '../core/time.ts';
import type { Report, TimelineEntry } from '../model/report.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant } from './local-instants.ts';
import { section } from './page.ts';
import { splitBursts } from './timeline-bursts.ts';
import type { Bar, Burst } from './timeline-bursts.ts';
import { timelineLegend, timelinePanel } from './timeline-panel.ts';
import type { Band } from './timeline-marks.ts';

/** The run over time, one drawing for each burst of work: what lies between (soaks, closed windows) is left out. */
export function timelineSection(report: Report): HtmlValue {
  const bars = report.timeline.flatMap((entry) => barOf(entry, report));
  if (bars.length === 0)
    return section('Timeline', html`<p class="soft">No host was touched or surveyed.</p>`);
  const bands = windowBands(report);
  const panels = splitBursts(bars).map((burst) =>
    timelinePanel({ burst, bands, zone: report.zone, caption: caption(burst) }),
  );
  return section(
    'Timeline',
    html`<p class="soft">
        One panel for each burst of work; the quiet time between them is left out. Open maintenance windows
        are shaded.
      </p>
      ${timelineLegend(['probe', 'write', 'reboot', 'settle', 'verify'])} ${panels}`,
  );
}

function barOf({ host, phase, kind, start, end, outcome }: TimelineEntry, report: Report): Bar[] {
  const from = parseInstant(start);
  const to = parseInstant(end ?? report.asOf);
  if (from === undefined || to === undefined) return [];
  const title = `${host}: ${kind} in ${phase}, ${localInstant(start, report.zone)}, ${outcome}`;
  const isFine = outcome.startsWith('done') || outcome === 'in flight';
  const bar = { host, phase, kind, start: from, end: to > from ? to : from, title };
  return [isFine ? bar : { ...bar, trouble: outcome }];
}

function caption({ bars }: Burst): string {
  const hosts = new Set(bars.map(({ host }) => host)).size;
  const reboots = bars.filter(({ kind }) => kind === 'reboot').length;
  const phases = [...new Set(bars.map(({ phase }) => phase))];
  return `${phases.join(', ')} · ${count(hosts, 'host')}, ${count(reboots, 'reboot')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The openings in which reboots were requested, each once. */
function windowBands({ hosts, zone }: Report): Band[] {
  const bands = new Map<string, Band>();
  for (const { window } of hosts.flatMap(({ reboots }) => reboots)) {
    if (window === null) continue;
    const [start, end] = [parseInstant(window.start), parseInstant(window.end)];
    if (start === undefined || end === undefined) continue;
    const label = `window ${window.name}: ${localInstant(window.start, zone)} to ${localInstant(window.end, zone)}`;
    bands.set(label, { label, start, end });
  }
  return [...bands.values()];
}
