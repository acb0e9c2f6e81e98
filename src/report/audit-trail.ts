import type { EventType, RunEvent } from '../model/event.ts';
import type { Report } from '../model/report.ts';
import { describeEvent } from './describe-event.ts';

/** What concerns the run as a whole; a host's own events are told in its own section. */
const told: ReadonlySet<EventType> = new Set<EventType>([
  'run.started',
  'controller.started',
  'controller.stopped',
  'run.waiting',
  'run.paused',
  'run.continued',
  'run.aborted',
  'run.interrupted',
  'run.ended',
  'phase.entered',
  'phase.ended',
  'wave.opened',
  'gate.waiting',
  'gate.passed',
  'gate.failed',
  'soak.started',
  'soak.ended',
  'host.held',
  'host.released',
  'budget.tripped',
  'command.refused',
]);

/** What people and the calendar did, in order. */
export function auditTrail(events: readonly RunEvent[]): Report['notes'] {
  return events
    .filter(({ type }) => told.has(type))
    .map((event) => {
      const note = { at: event.at, text: describeEvent(event).text };
      const by = 'by' in event.data ? event.data.by : undefined;
      return by === undefined ? note : { ...note, by };
    });
}
