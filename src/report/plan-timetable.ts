import { parseInstant } from '../core/time.ts';
import type { Plan } from '../model/plan.ts';
import { html } from './html.ts';
import type { HtmlValue } from './html.ts';
import { localInstant } from './local-instants.ts';
import { section } from './page.ts';
import { splitBursts } from './timeline-bursts.ts';
import type { Bar, Burst } from './timeline-bursts.ts';
import { timelineLegend, timelinePanel } from './timeline-panel.ts';

/** When each host is expected to be worked on, one drawing a night. */
export function planTimetable(plan: Plan, zone: string): HtmlValue {
  const bars = plan.timetable.flatMap((slot) => barOf(slot, plan, zone));
  if (bars.length === 0) return undefined;
  const panels = splitBursts(bars).map((burst) =>
    timelinePanel({ burst, bands: [], zone, caption: caption(burst) }),
  );
  return section(
    'Timetable',
    html`<p class="soft">
        When each host is expected to be worked on if every gate is answered at once; an estimate, not a
        promise.
      </p>
      ${timelineLegend(['write', 'reboot'])} ${panels}`,
  );
}

function barOf(
  { host, phase, window, start, end }: Plan['timetable'][number],
  plan: Plan,
  zone: string,
): Bar[] {
  const [from, to] = [parseInstant(start), parseInstant(end)];
  if (from === undefined || to === undefined) return [];
  const planned = plan.hosts.find((it) => it.host === host);
  const kind = planned?.reboots.some((reboot) => reboot.phase === phase) === true ? 'reboot' : 'write';
  const where = window === null ? 'no window' : `window ${window}`;
  const title = `${host}: ${phase}, ${localInstant(start, zone)} to ${localInstant(end, zone)}, ${where}`;
  return [{ host, phase, kind, start: from, end: to, title }];
}

function caption({ bars }: Burst): string {
  const hosts = new Set(bars.map(({ host }) => host)).size;
  const reboots = bars.filter(({ kind }) => kind === 'reboot').length;
  return `${hosts} host${hosts === 1 ? '' : 's'}, ${reboots} reboot${reboots === 1 ? '' : 's'}`;
}
