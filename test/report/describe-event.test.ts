import { expect, test } from 'vitest';
import { parseInstant } from '../../src/core/time.ts';
import { eventTypes } from '../../src/model/event.ts';
import type { EventDraft, EventType } from '../../src/model/event.ts';
import type { IntentOutcome } from '../../src/model/intent-outcome.ts';
import { counts, describeEvent } from '../../src/report/describe-event.ts';
import { chain, genesis } from '../../src/run/chain.ts';
import {
  bootBefore,
  finished,
  foundStep,
  probe,
  probed,
  reboot,
  rebooted,
  recorded,
  removalPlan,
  settled,
  verified,
  verify,
  write,
  written,
} from './journal.ts';

function describe(draft: EventDraft): string {
  const at = parseInstant('2026-11-23T21:00:00Z')!;
  const [event] = chain([draft], { run: 'r1', at, end: genesis });
  const { level, text } = describeEvent(event!);
  return `${level}: ${text}`;
}

const phase = 'audit';
const host = 'ws-001';
const said = { by: 'kim', reason: 'CHG-1' };
const two = { ok: 1, held: 1 };
const evidence = { control: 'c', before: {}, after: {}, verified: true, reboots: 0, reason: 'it is so' };
const none: IntentOutcome = { kind: 'probe-host', result: 'unreachable', reason: 'no answer' };

const told: Record<EventType, [EventDraft, string][]> = {
  'run.started': [
    [
      { type: 'run.started', data: { plan: removalPlan(), by: 'kim' } },
      'milestone: Run r1 started by kim: SMB hardening, 2 hosts',
    ],
  ],
  'controller.started': [
    [
      { type: 'controller.started', data: { pid: 7, machine: 'vm', version: '1' } },
      'detail: Process 7 on vm controls the run',
    ],
  ],
  'controller.stopped': [
    [
      { type: 'controller.stopped', data: { reason: 'ended', next: null } },
      'milestone: The controller has finished',
    ],
    [
      { type: 'controller.stopped', data: { reason: 'once', next: '2026-11-24T21:00:00Z' } },
      'milestone: All that may be done now is done; next at 2026-11-24T21:00:00Z',
    ],
  ],
  'run.waiting': [
    [{ type: 'run.waiting', data: { until: null, reasons: [] } }, 'milestone: Waiting for a person'],
    [
      { type: 'run.waiting', data: { until: '2026-11-24T21:00:00Z', reasons: ['soak', 'window'] } },
      'milestone: Waiting until 2026-11-24T21:00:00Z: soak; window',
    ],
  ],
  'run.paused': [[{ type: 'run.paused', data: said }, 'alarm: Run paused by kim: CHG-1']],
  'run.continued': [[{ type: 'run.continued', data: said }, 'alarm: Run continued by kim: CHG-1']],
  'run.aborted': [[{ type: 'run.aborted', data: said }, 'alarm: Run aborted by kim: CHG-1']],
  'run.interrupted': [
    [
      { type: 'run.interrupted', data: { signal: 'SIGINT' } },
      'alarm: Interrupted (SIGINT): what is in flight is finished, nothing new starts',
    ],
  ],
  'run.ended': [
    [
      { type: 'run.ended', data: { state: 'finished', counts: two, exitCode: 3 } },
      'milestone: Run ended: finished; 1 ok, 1 held',
    ],
  ],
  'phase.entered': [[{ type: 'phase.entered', phase, data: {} }, 'milestone: Phase audit entered']],
  'phase.ended': [
    [{ type: 'phase.ended', phase, data: { counts: two } }, 'milestone: Phase audit ended: 1 ok, 1 held'],
  ],
  'wave.opened': [
    [
      { type: 'wave.opened', phase, data: { wave: 0, name: 'canary' } },
      'milestone: Wave canary of audit opened',
    ],
  ],
  'wave.ended': [
    [
      { type: 'wave.ended', phase, data: { wave: 0, counts: {} } },
      'progress: Wave 1 of audit ended: no host',
    ],
  ],
  'gate.waiting': [
    [
      { type: 'gate.waiting', phase, data: { gate: 0, ask: 'All clear?' } },
      'alarm: Gate of audit asks: All clear? Answer with: countersign promote r1 --reason TEXT',
    ],
  ],
  'gate.passed': [
    [
      { type: 'gate.passed', phase, data: { gate: 0, ...said } },
      'milestone: Gate of audit passed by kim: CHG-1',
    ],
  ],
  'gate.failed': [
    [
      { type: 'gate.failed', phase, data: { gate: 0, reason: 'in use' } },
      'alarm: Gate of audit failed: in use',
    ],
  ],
  'soak.started': [
    [
      { type: 'soak.started', phase, data: { wave: null, until: '2026-12-01T00:00:00Z' } },
      'milestone: audit soaks until 2026-12-01T00:00:00Z',
    ],
  ],
  'soak.ended': [
    [{ type: 'soak.ended', phase, data: { wave: null } }, 'progress: Soak of audit is over'],
    [
      { type: 'soak.ended', phase, data: { wave: null, promoted: said } },
      'progress: Soak of audit cut short by kim: CHG-1',
    ],
  ],
  'host.held': [[{ type: 'host.held', host, data: said }, 'alarm: ws-001 held by kim: CHG-1']],
  'host.released': [[{ type: 'host.released', host, data: said }, 'alarm: ws-001 released by kim: CHG-1']],
  'intent.recorded': [
    [recorded(probe(host)), 'detail: ws-001: surveying'],
    [recorded(write(host)), 'progress: ws-001: smb1-feature ← feature: Disabled'],
    [recorded(reboot(host)), 'milestone: ws-001: rebooting (c0ffee00)'],
    [recorded(verify(host)), 'detail: ws-001: surveying again'],
  ],
  'intent.settled': [
    [
      settled(probe(host), probed(foundStep('Enabled', 'drifted'))),
      'detail: ws-001: probe-host done: as planned',
    ],
    [settled(write(host), written), 'detail: ws-001: write-control done: written'],
    [settled(reboot(host), rebooted), 'progress: ws-001: reboot-host done: rebooted'],
    [settled(verify(host), verified), 'detail: ws-001: verify-host done: SMB1 is gone'],
    [settled(probe(host), none), 'progress: ws-001: probe-host unreachable: no answer'],
    [
      settled(reboot(host), { kind: 'reboot-host', result: 'unknown', reason: 'lost', bootBefore }),
      'alarm: ws-001: reboot-host unknown: lost',
    ],
  ],
  'step.finished': [
    [
      { type: 'step.finished', host, data: { ...evidence, changed: true } },
      'progress: ws-001: c changed and verified',
    ],
    [
      { type: 'step.finished', host, data: { ...evidence, changed: true, verified: false } },
      'progress: ws-001: c changed, not verified: it is so',
    ],
    [
      { type: 'step.finished', host, data: { ...evidence, changed: false } },
      'progress: ws-001: c unchanged: it is so',
    ],
  ],
  'host.finished': [
    [finished(host, 'changed', 'verified'), 'progress: ws-001: changed – because verified'],
    [finished(host, 'held', 'blocked'), 'alarm: ws-001: held – because blocked'],
  ],
  'budget.tripped': [
    [
      {
        type: 'budget.tripped',
        data: { scope: 'phase', outcome: 'failed', tolerated: 1, hosts: ['a', 'b'] },
      },
      'alarm: Budget of the phase tripped: 2 failed, 1 tolerated (a, b)',
    ],
  ],
  'command.refused': [
    [
      { type: 'command.refused', data: { command: 'promote', ...said, because: 'no gate is open' } },
      'alarm: Command promote of kim refused: no gate is open',
    ],
  ],
};

test.each(Object.entries(told).flatMap(([type, cases]) => cases.map((each) => [type, ...each] as const)))(
  '%s is told in one sentence',
  (type, draft, text) => {
    expect(draft.type).toBe(type);
    expect(describe(draft)).toBe(text);
  },
);

test('every event type is told', () => {
  expect(Object.keys(told).sort()).toEqual(Object.keys(eventTypes).sort());
});

test('counts name the outcomes that occur, in the order of the contract', () => {
  expect(counts({ unknown: 2, ok: 1, failed: 0 })).toBe('1 ok, 2 unknown');
});
