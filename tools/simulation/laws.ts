import { isOpen, scheduleOf } from '../../src/calendar/schedule.ts';
import { formatInstant } from '../../src/core/time.ts';
import type { EventOf, EventType, RunEvent } from '../../src/model/event.ts';
import { hostOutcome, runCounts } from '../../src/run/outcomes.ts';
import { fold } from '../../src/run/fold.ts';
import { verifyJournal } from '../../src/run/verify-journal.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { History } from './history.ts';

type Law = (history: History) => string[];

/** The laws of design.md §5 that a history of one run can break, by number. */
const laws: Readonly<Record<string, Law>> = {
  '1 windows and freezes': windows,
  '2 one reboot an intent, one a host and phase': oneReboot,
  '3 redundancy sets': sets,
  '4 concurrency': concurrency,
  '5 nothing new after a stop': stops,
  '6 gates before their phase': gates,
  '7 intent before effect, one outcome each': intents,
  '9 counted apart': counts,
  'the journal verifies': journal,
  'the run comes to an end': ends,
};

/** What a history did that it must not do. */
export function brokenLaws(history: History): string[] {
  return Object.entries(laws).flatMap(([law, check]) => check(history).map((what) => `law ${law}: ${what}`));
}

function of<T extends EventType>(events: readonly RunEvent[], type: T): EventOf<T>[] {
  return events.filter((event) => event.type === type) as EventOf<T>[];
}

function windows({ scenario, effects }: History): string[] {
  return effects.flatMap(({ host, phase, at, kind }) => {
    const window = scenario.plan.hosts.find((it) => it.host === host)?.windows[phase] ?? null;
    const schedule = scheduleOf(scenario.plan.calendar, window);
    const isAllowed = schedule !== undefined && isOpen(schedule, at);
    return isAllowed ? [] : [`${kind} of ${host} at ${formatInstant(at)} outside ${window ?? 'any'}`];
  });
}

function oneReboot({ events, effects }: History): string[] {
  const reboots = effects.filter(({ kind }) => kind === 'reboot');
  const byIntent = Map.groupBy(reboots, ({ intent }) => intent);
  const releases = of(events, 'host.released');
  const twice = [...byIntent].flatMap(([intent, { length }]) => (length > 1 ? [`${intent} ×${length}`] : []));
  for (const [host, own] of Map.groupBy(reboots, ({ host, phase }) => `${host} ${phase}`)) {
    const allowed = 1 + releases.filter((event) => event.host === host.split(' ')[0]).length;
    if (own.length > allowed) twice.push(`${host}: ${own.length} reboots`);
  }
  return twice;
}

function sets({ scenario, effects }: History): string[] {
  return effects.flatMap(({ kind, host, at, upInSets }) =>
    Object.entries(upInSets).flatMap(([name, up]) => {
      const least = scenario.plan.sets.find((set) => set.name === name)?.minAvailable ?? 0;
      if (kind !== 'reboot' || up >= least) return [];
      return [`${host} rebooted at ${formatInstant(at)} with ${up} of ${least} others up in ${name}`];
    }),
  );
}

function concurrency({ scenario, events }: History): string[] {
  const limits = new Map(scenario.plan.phases.map(({ name, concurrency: limit }) => [name, limit]));
  const open = new Map<string, string>();
  const broken: string[] = [];
  for (const event of events) {
    if (event.type === 'intent.recorded') {
      const { id, phase } = event.data.intent;
      open.set(id, phase);
      const count = [...open.values()].filter((other) => other === phase).length;
      if (count > (limits.get(phase) ?? 0)) broken.push(`${count} in flight in ${phase} at #${event.seq}`);
    }
    if (event.type === 'intent.settled') open.delete(event.data.intent);
  }
  return broken;
}

function stops({ events }: History): string[] {
  let stopped: string | undefined;
  const broken: string[] = [];
  for (const event of events) {
    if (event.type === 'budget.tripped' || event.type === 'run.paused' || event.type === 'run.aborted')
      stopped = event.type;
    if (event.type === 'run.continued') stopped = undefined;
    const starts = event.type === 'intent.recorded' && event.data.intent.kind !== 'verify-host';
    if (stopped !== undefined && (starts || event.type === 'wave.opened'))
      broken.push(`#${event.seq} ${event.type} after ${stopped}`);
  }
  return broken;
}

function gates({ scenario, events }: History): string[] {
  return scenario.plan.phases.flatMap(({ name, gates: asked }) => {
    const passed = of(events, 'gate.passed').filter((event) => event.phase === name);
    const last = passed.length < asked.length ? Infinity : Math.max(0, ...passed.map(({ seq }) => seq));
    const early = of(events, 'intent.recorded').find((event) => event.phase === name && event.seq < last);
    return early === undefined ? [] : [`#${early.seq} in ${name} before its gate`];
  });
}

function intents({ events, effects, state }: History): string[] {
  const recorded = new Map(of(events, 'intent.recorded').map((event) => [event.data.intent.id, event]));
  const outcomes = Map.groupBy(of(events, 'intent.settled'), ({ data }) => data.intent);
  const broken: string[] = [];
  if (recorded.size !== of(events, 'intent.recorded').length) broken.push('an intent id was used twice');
  for (const { intent } of effects) if (!recorded.has(intent)) broken.push(`${intent} was never recorded`);
  for (const [id, settled] of outcomes) if (settled.length !== 1) broken.push(`${id} settled twice`);
  for (const id of recorded.keys())
    if (state.ended !== undefined && !outcomes.has(id)) broken.push(`${id} never settled`);
  return broken;
}

function counts({ scenario, state, events }: History): string[] {
  const total = Object.values(runCounts(state)).reduce((sum, count) => sum + count, 0);
  const broken = total === scenario.plan.hosts.length ? [] : [`${total} hosts counted`];
  for (const host of state.hosts.values()) {
    if (hostOutcome(host) !== 'changed' && hostOutcome(host) !== 'ok') continue;
    for (const { steps, phase } of Object.values(host.phases))
      for (const step of steps)
        if (!step.verified) broken.push(`${host.host} counts as done, ${phase} ${step.control} unverified`);
  }
  const again = fold(events);
  if (JSON.stringify([...again.hosts]) !== JSON.stringify([...state.hosts]))
    broken.push('folding the journal again gives another state');
  return broken;
}

function journal({ events, state }: History): string[] {
  const bodies = events as unknown as readonly JsonObject[];
  const verified = verifyJournal(state.run, bodies, [state.head]);
  return [verified.integrity, verified.completeness].flatMap(({ ok, reason }) => (ok ? [] : [reason]));
}

function ends({ state }: History): string[] {
  return state.ended === undefined ? [`waits for ${state.waiting?.reasons.join('; ') ?? 'nothing'}`] : [];
}
