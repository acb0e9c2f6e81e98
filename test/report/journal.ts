import { parseInstant } from '../../src/core/time.ts';
import type { EventDraft, RunEvent } from '../../src/model/event.ts';
import type { Intent } from '../../src/model/intent.ts';
import type { FoundStep, IntentOutcome } from '../../src/model/intent-outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Report } from '../../src/model/report.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { chain, genesis } from '../../src/run/chain.ts';
import type { ChainEnd } from '../../src/run/chain.ts';
import { fold } from '../../src/run/fold.ts';
import { nights, plan, playbook, removal } from '../plan/fixture.ts';

export const tool = { name: 'countersign', version: '0.1.0' };
export const bootBefore = { bootTime: '2026-11-01T03:00:00Z', bootId: 7 };
export const bootAfter = { bootTime: '2026-11-23T21:04:00Z', bootId: 8 };

/** Workstations `ws-001` and `ws-002`, from which SMB1 is to be removed at night. */
export function removalPlan(phase: object = {}): Plan {
  return plan({
    fleet: { groups: { clients: ['ws-001', 'ws-002'] } },
    playbook: playbook([{ ...removal, ...phase }], { windows: { nights } }),
  });
}

/** A journal as it is told: each line a time and what was recorded then. */
export function journalOf(
  plan: Plan,
  told: readonly (readonly [at: string, ...drafts: EventDraft[]])[],
): readonly RunEvent[] {
  const started: EventDraft = { type: 'run.started', data: { plan, by: 'kim' } };
  const events: RunEvent[] = [];
  for (const [at, ...drafts] of [['2026-11-23T20:00:00Z', started] as const, ...told]) {
    const last = events.at(-1);
    const end: ChainEnd = last ?? genesis;
    events.push(...chain(drafts, { run: 'r1', at: parseInstant(at)!, end }));
  }
  return events;
}

export function reportOf(events: readonly RunEvent[]): Report {
  return buildReport({ state: fold(events), events, tool });
}

export function recorded(intent: Intent): EventDraft {
  return { type: 'intent.recorded', host: intent.host, phase: intent.phase, data: { intent } };
}

export function settled(intent: Intent, outcome: IntentOutcome): EventDraft {
  const at = { host: intent.host, phase: intent.phase };
  return { type: 'intent.settled', ...at, data: { intent: intent.id, outcome } };
}

const phase = 'disable-smb1';

export const entered: EventDraft[] = [
  { type: 'controller.started', data: { pid: 1, machine: 'vm', version: '0.1.0' } },
  { type: 'phase.entered', phase, data: {} },
];

export function finished(
  host: string,
  outcome: Report['hosts'][number]['outcome'],
  code: string,
): EventDraft {
  return { type: 'host.finished', host, phase, data: { outcome, code, reason: `because ${code}` } };
}

export function probe(host: string, attempt = 1): Intent {
  return { kind: 'probe-host', id: `${phase}/${host}/probe#${attempt}`, host, phase };
}

export function write(host: string): Intent & { kind: 'write-control' } {
  const id = `${phase}/${host}/write#1`;
  const change = { feature: 'Disabled' };
  return {
    ...{ kind: 'write-control', id, host, phase, control: 'smb1-feature', change },
    ...{ found: { feature: 'Enabled' }, validUntil: '2026-11-24T03:00:00Z' },
  };
}

export function reboot(host: string): Intent & { kind: 'reboot-host' } {
  const id = `${phase}/${host}/reboot#1`;
  return {
    ...{ kind: 'reboot-host', id, host, phase, nonce: 'c0ffee00c0ffee00', timeout: '20m', guards: [] },
    ...{ bootBefore, validUntil: '2026-11-24T03:00:00Z' },
  };
}

export function verify(host: string): Intent & { kind: 'verify-host' } {
  return { kind: 'verify-host', id: `${phase}/${host}/verify#1`, host, phase, boot: bootAfter };
}

export function foundStep(feature: string, compliance: FoundStep['compliance']): FoundStep {
  const isDrifted = compliance === 'drifted';
  return {
    ...{ control: 'smb1-feature', compliance, found: { feature }, reason: `SMB1Protocol is ${feature}` },
    ...{ change: isDrifted ? { feature: 'Disabled' } : {}, reboot: compliance !== 'compliant' },
  };
}

export function probed(step: FoundStep): IntentOutcome {
  const finding = { verdict: 'same' as const, steps: [step], boot: bootBefore, pendingReboot: [] };
  return { kind: 'probe-host', result: 'done', reason: 'as planned', finding };
}

export const written: IntentOutcome = {
  ...{ kind: 'write-control', result: 'done', reason: 'written', changed: ['feature'] },
  ...{ restartNeeded: true, after: { feature: 'DisablePending' }, boot: bootBefore },
};

export const rebooted: IntentOutcome = {
  ...{ kind: 'reboot-host', result: 'done', reason: 'rebooted', bootBefore, bootAfter },
  ...{ requestedAt: '2026-11-23T21:01:00Z', backAt: '2026-11-23T21:04:30Z', by: 'countersign' },
};

export const verified: IntentOutcome = {
  ...{ kind: 'verify-host', result: 'done', reason: 'SMB1 is gone' },
  finding: {
    ...{ verdict: 'as-wanted', boot: bootAfter, pendingReboot: [] },
    steps: [foundStep('Disabled', 'compliant')],
  },
};

/** One host all the way: surveyed, written, rebooted, verified. */
export function wholeWay(host: string): [string, ...EventDraft[]][] {
  return [
    ['2026-11-23T21:00:00Z', recorded(probe(host))],
    [
      '2026-11-23T21:00:05Z',
      settled(probe(host), probed(foundStep('Enabled', 'drifted'))),
      recorded(write(host)),
    ],
    ['2026-11-23T21:00:30Z', settled(write(host), written), recorded(reboot(host))],
    ['2026-11-23T21:04:40Z', settled(reboot(host), rebooted)],
    ['2026-11-23T21:06:40Z', recorded(verify(host))],
    ['2026-11-23T21:06:50Z', settled(verify(host), verified), finished(host, 'changed', 'verified')],
  ];
}
