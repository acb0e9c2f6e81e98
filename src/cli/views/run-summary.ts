import { formatInstant } from '../../core/time.ts';
import { counts } from '../../report/describe-event.ts';
import { hostOutcome, runCounts } from '../../run/outcomes.ts';
import type { HostState, RunState } from '../../run/state.ts';
import type { Paint } from '../io.ts';

/** The end of `apply` and `resume` on one screen: how it went, who is not done and why, and what to type next. */
export function runSummary(state: RunState, paint: Paint): string {
  const unfinished = [...state.hosts.values()].filter((host) => {
    const outcome = hostOutcome(host);
    return outcome !== 'ok' && outcome !== 'changed';
  });
  const lines = [
    `${paint('bold', `Run ${state.run}`)}: ${standing(state)}`,
    `  ${counts(runCounts(state))}`,
    ...unfinished.map(
      (host) => `  ${paint('warn', host.host)}  ${hostOutcome(host)}: ${whyUnfinished(host)}`,
    ),
    ...nextSteps(state).map((step) => `  next: ${step}`),
  ];
  return `${lines.join('\n')}\n`;
}

function standing(state: RunState): string {
  if (state.ended) return state.ended.state;
  if (state.stance !== 'running') return `${state.stance}: ${state.stanceReason ?? ''}`;
  const until = state.waiting?.until;
  return until === undefined ? 'not finished' : `waiting until ${formatInstant(until)}`;
}

/** The reason of the first phase in which the host did not get through. */
export function whyUnfinished(host: HostState): string {
  if (host.hold) return `held by ${host.hold.by}: ${host.hold.reason}`;
  const stuck = Object.values(host.phases).find(({ outcome }) => outcome !== 'ok' && outcome !== 'changed');
  return stuck === undefined ? '' : `${stuck.phase}: ${stuck.reason || 'not reached'}`;
}

function nextSteps({ run, ended }: RunState): readonly string[] {
  const report = `countersign report ${run} --format html -o report.html`;
  return ended ? [report] : [`countersign resume ${run}`, report];
}
