import { reportRun } from '../../src/app/report-run.ts';
import { findRun } from '../../src/app/stored-run.ts';
import { verifyRunJournal } from '../../src/app/verify-journal.ts';
import { unwrap } from '../../src/core/result.ts';
import type { LabLogEntry } from '../../src/lab/lab-log.ts';
import type { EventOf, EventType, RunEvent } from '../../src/model/event.ts';
import type { Rollout } from './rollout.ts';

/** What a rollout led to, as far as it must not depend on how often its controllers died. */
export interface Ending {
  readonly outcomes: Readonly<Record<string, unknown>>;
  /** Settings of each machine, by host. */
  readonly machines: Readonly<Record<string, unknown>>;
}

export function endingOf(rollout: Rollout): Ending {
  const { hosts } = unwrap(reportRun(rollout.runtime, undefined));
  return {
    outcomes: Object.fromEntries(hosts.map(({ host, outcome, phases }) => [host, { outcome, phases }])),
    machines: Object.fromEntries(rollout.fleet.hosts.map(({ name }) => [name, settingsOf(rollout, name)])),
  };
}

function settingsOf(rollout: Rollout, name: string): unknown {
  const machine = rollout.fleet.windows(name)?.state;
  return {
    server: machine?.smbServer,
    client: machine?.smbClient,
    features: machine?.features,
    roles: machine?.windowsFeatures,
  };
}

type Effect<T extends LabLogEntry['event']> = Extract<LabLogEntry, { event: T }>;

/** What a rollout did that no number of kills may lead to, by its journal and by what its hosts saw. */
export function brokenLaws(rollout: Rollout, uninterrupted: Ending): string[] {
  const { state, events } = unwrap(findRun(rollout.runtime, undefined));
  return [
    ...shutdowns(rollout.log),
    ...finishedSteps(rollout.log, events),
    ...recordedEffects(rollout.log, events),
    ...settledIntents(events),
    ...journal(rollout, state.run),
    ...differences(endingOf(rollout), uninterrupted),
  ];
}

/** One request a host and phase, and one boot a request. */
function shutdowns(log: readonly LabLogEntry[]): string[] {
  const requests = entries(log, 'shutdown').map(({ host, comment }) => {
    const phase = /phase ([^,]+),/.exec(comment)?.[1] ?? 'unknown';
    return `${host} in ${phase}`;
  });
  const twice = requests.filter((it, index) => requests.indexOf(it) !== index);
  const boots = Map.groupBy(entries(log, 'reboot'), ({ host }) => host);
  const unasked = [...boots].filter(
    ([host, own]) => own.length !== requests.filter((it) => it.startsWith(`${host} `)).length,
  );
  return [
    ...twice.map((it) => `second reboot of ${it}`),
    ...unasked.map(([host, own]) => `${host} booted ${own.length} times, which does not fit its requests`),
  ];
}

/** After a step was finished its control is not written again, and a write that took effect is not made twice. */
function finishedSteps(log: readonly LabLogEntry[], events: readonly RunEvent[]): string[] {
  const writes = entries(log, 'write');
  const finished = of(events, 'step.finished');
  const late = writes.filter((write) =>
    finished.some(
      ({ host, data, at }) => host === write.host && data.control === write.control && at < write.at,
    ),
  );
  const effective = writes
    .filter(({ fields }) => fields.length > 0)
    .map(({ host, control }) => `${control} on ${host}`);
  const twice = effective.filter((it, index) => effective.indexOf(it) !== index);
  return [
    ...late.map(
      ({ host, control, at }) => `${control} on ${host} written at ${at}, after its step was finished`,
    ),
    ...twice.map((it) => `${it} took effect twice`),
  ];
}

/** Whatever a host saw is on record: an intent for each write and each reboot. */
function recordedEffects(log: readonly LabLogEntry[], events: readonly RunEvent[]): string[] {
  const intents = of(events, 'intent.recorded').map(({ data }) => data.intent);
  const nonces = new Set(intents.flatMap((it) => (it.kind === 'reboot-host' ? [it.nonce] : [])));
  const writes = new Set(
    intents.flatMap((it) => (it.kind === 'write-control' ? [`${it.control} on ${it.host}`] : [])),
  );
  return [
    ...entries(log, 'shutdown')
      .filter(({ comment }) => !nonces.has(comment.split(' ').at(-1) ?? ''))
      .map(({ host }) => `reboot of ${host} without an intent`),
    ...entries(log, 'write')
      .filter(({ host, control }) => !writes.has(`${control} on ${host}`))
      .map(({ host, control }) => `write of ${control} on ${host} without an intent`),
  ];
}

function settledIntents(events: readonly RunEvent[]): string[] {
  const settled = of(events, 'intent.settled').map(({ data }) => data.intent);
  const recorded = of(events, 'intent.recorded').map(({ data }) => data.intent.id);
  const wrong = recorded.filter((id) => settled.filter((it) => it === id).length !== 1);
  return wrong.map((id) => `intent ${id} was not settled exactly once`);
}

function journal(rollout: Rollout, run: string): string[] {
  const { integrity, completeness } = unwrap(verifyRunJournal(rollout.runtime, run));
  return [integrity, completeness].filter(({ ok }) => !ok).map(({ reason }) => `journal: ${reason}`);
}

function differences(ending: Ending, wanted: Ending): string[] {
  return (['outcomes', 'machines'] as const).flatMap((what) =>
    Object.keys(wanted[what])
      .filter((host) => JSON.stringify(ending[what][host]) !== JSON.stringify(wanted[what][host]))
      .map(
        (host) =>
          `${what} of ${host} differ from the uninterrupted run: ${JSON.stringify(ending[what][host])}`,
      ),
  );
}

function entries<T extends LabLogEntry['event']>(
  log: readonly LabLogEntry[],
  event: T,
): readonly Effect<T>[] {
  return log.filter((entry): entry is Effect<T> => entry.event === event);
}

function of<T extends EventType>(events: readonly RunEvent[], type: T): readonly EventOf<T>[] {
  return events.filter((event) => event.type === type) as EventOf<T>[];
}
