import { z } from 'zod';
import { describe, expect, test } from 'vitest';
import type { Control } from '../../src/control/declaration.ts';
import type { Assessment } from '../../src/model/compliance.ts';
import type { Facts } from '../../src/model/facts.ts';
import type { VerifyHost } from '../../src/model/intent.ts';
import { isSameBoot } from '../../src/run/boot.ts';
import { judgeProbe, judgeVerification } from '../../src/run/judge.ts';
import { factsOf, hostOf, phaseOf, planOf } from '../engine/plan-fixture.ts';

describe('two readings of a boot', () => {
  const at = (bootTime: string, bootId: number | null = null) => ({ bootTime, bootId });

  test.each([
    [
      'equal counters and a clock that was stepped by less than a minute',
      at('2026-01-01T00:00:00Z', 7),
      at('2026-01-01T00:00:59Z', 7),
      true,
    ],
    [
      'equal counters, which stand still, and times that are far apart',
      at('2026-01-01T00:00:00Z', 7),
      at('2026-01-01T00:01:01Z', 7),
      false,
    ],
    ['other counters at one time', at('2026-01-01T00:00:00Z', 7), at('2026-01-01T00:00:00Z', 8), false],
    ['times that differ by two seconds', at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:02Z', 7), true],
    ['times that differ by three', at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:03Z'), false],
    ['texts that are no time, if equal', at('?'), at('?'), true],
    ['a text that is no time', at('?'), at('2026-01-01T00:00:00Z'), false],
  ])('are the same with %s: %#', (_, a, b, expected) => {
    expect(isSameBoot(a, b)).toBe(expected);
    expect(isSameBoot(b, a)).toBe(expected);
  });
});

/** A control that judges every state as the test says. */
function judging(assessment: Partial<Assessment>): Control {
  return {
    ...{ id: 'disable-control', title: '', summary: '', params: z.object({}), fields: [] },
    assess: (state) => ({
      compliance: 'compliant',
      found: state,
      change: {},
      reboot: false,
      reason: 'so',
      ...assessment,
    }),
  };
}

const intent: VerifyHost = { id: 'v', host: 'a', phase: 'disable', kind: 'verify-host', boot: null };

function surveyed(assessment: Partial<Assessment>, found: Partial<Facts> = {}) {
  const facts = { ...factsOf('a'), ...found };
  const control = judging(assessment);
  return {
    plan: planOf({ hosts: [hostOf('a', ['disable'])], phases: [phaseOf('disable', ['a'])] }),
    catalog: new Map([[control.id, control]]),
    ...{ intent, facts },
    observation: {
      ...{ host: 'a', at: facts.hostTime, reach: 'ok' as const, facts },
      controls: { [control.id]: { state: { on: true } } },
    },
  };
}

describe('a verification', () => {
  const boot = { bootTime: '2026-11-01T00:00:00Z', bootId: 1 };
  const unfinished = { pendingReboot: ['component-based-servicing' as const] };

  test.each([
    ['as wanted', {}, {}, boot, 'as-wanted'],
    ['not applicable', { compliance: 'not-applicable' as const }, {}, boot, 'as-wanted'],
    ['drifted', { compliance: 'drifted' as const, change: { on: true } }, {}, boot, 'not-as-wanted'],
    [
      'waiting for a reboot',
      { compliance: 'pending-reboot' as const, reboot: true },
      {},
      boot,
      'not-settled',
    ],
    ['not to be told', { compliance: 'unknown' as const }, {}, boot, 'unknown'],
    ['on another boot than it came back with', {}, { bootId: 2 }, boot, 'not-settled'],
    ['still being serviced', {}, { servicing: 'working' as const }, boot, 'not-settled'],
    ['asking for one more reboot', {}, unfinished, boot, 'not-settled'],
    ['asking for a reboot that is not ours', {}, unfinished, null, 'as-wanted'],
  ])('of a host that is %s', (_, assessment, facts, expected, verdict) => {
    const outcome = judgeVerification(surveyed(assessment, facts), expected);

    expect(outcome).toMatchObject({ result: 'done', finding: { verdict } });
  });

  test('of a phase that the plan does not have finds nothing to want', () => {
    const other = { ...surveyed({}), intent: { ...intent, phase: 'x' } };

    expect(judgeVerification(other, null)).toMatchObject({ finding: { verdict: 'as-wanted', steps: [] } });
  });
});

describe('a probe', () => {
  test('carries the comparison with the plan, and the boot that is running', () => {
    const drifted = { compliance: 'drifted' as const, change: { on: true }, reboot: true };

    expect(judgeProbe(surveyed(drifted))).toMatchObject({
      result: 'done',
      reason: 'as planned',
      finding: { verdict: 'same', boot: { bootId: 1 }, steps: [{ change: { on: true }, reboot: true }] },
    });
  });

  test('of a host that is not in the plan is our own bug', () => {
    const stranger = { ...surveyed({}), intent: { ...intent, host: 'x' } };

    expect(() => judgeProbe(stranger)).toThrow(TypeError);
  });
});
