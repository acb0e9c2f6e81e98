import { describe, expect, test } from 'vitest';
import { controlCatalog } from '../../src/controls/catalog.ts';
import type { Observation } from '../../src/model/observation.ts';
import { checkInputs } from '../../src/plan/check-inputs.ts';
import { compareHost } from '../../src/plan/compare-host.ts';
import { hostOf, managed, plan, playbook, removal, signing, states, stock, unanswered } from './fixture.ts';
import type { FactsChange } from './fixture.ts';

const both = {
  name: 'both',
  window: 'nights',
  controls: { 'smb1-feature': { installed: false }, 'smb-server-signing': { require: true } },
};

function compare(before: Observation, after: Observation, phase: object = both, name = 'both') {
  const it = plan({
    fleet: { groups: { clients: ['ws-001'] } },
    playbook: playbook([phase]),
    observations: [before],
  });
  const planned = hostOf(it, 'ws-001');
  return compareHost({ planned, observation: after, phase: name, catalog: controlCatalog, plan: it });
}

const host = (
  feature: keyof typeof states,
  sign: keyof typeof states,
  facts: FactsChange = {},
): Observation =>
  stock('ws-001', facts, { 'smb1-feature': states[feature], 'smb-server-signing': states[sign] });

describe('a host right before it is touched', () => {
  const drifted = host('smb1Enabled', 'signingOff');

  test.each<[string, Observation, Observation, string, RegExp]>([
    ['unchanged', drifted, drifted, 'same', /^as planned$/],
    [
      'compliant then and now',
      host('smb1Disabled', 'signingOn'),
      host('smb1Disabled', 'signingOn'),
      'same',
      /as wanted/,
    ],
    ['fixed by an admin', drifted, host('smb1Disabled', 'signingOn'), 'satisfied', /satisfied elsewhere/],
    [
      'half fixed by an admin',
      drifted,
      host('smb1Disabled', 'signingOff'),
      'same',
      /smb1-feature is already as wanted/,
    ],
    [
      'changed by an admin, and not rebooted',
      drifted,
      host('smb1Pending', 'signingOff'),
      'same',
      /smb1-feature only needs the reboot/,
    ],
    ['rebooted since', drifted, host('smb1Enabled', 'signingOff', { bootId: 99 }), 'same', /^as planned$/],
    [
      'broken by an admin',
      host('smb1Disabled', 'signingOn'),
      host('smb1Disabled', 'signingOff'),
      'differs',
      /a write is needed, and the plan says none/,
    ],
    [
      'broken so that it needs a reboot',
      host('smb1Disabled', 'signingOff'),
      drifted,
      'differs',
      /a reboot is needed, and none was planned/,
    ],
    [
      'reinstalled while only the reboot was due',
      host('smb1Pending', 'signingOff'),
      drifted,
      'differs',
      /plan says reboot/,
    ],
    [
      'with a foreign reboot pending now',
      drifted,
      host('smb1Enabled', 'signingOff', { pendingReboot: ['windows-update'] }),
      'differs',
      /windows-update/,
    ],
    [
      'under group policy now',
      drifted,
      stock('ws-001', {}, { 'smb-server-signing': managed(states.signingOff, 0) }),
      'differs',
      /Default Domain Policy/,
    ],
    [
      'another machine under its name',
      drifted,
      host('smb1Enabled', 'signingOff', { computerName: 'PC-9' }),
      'differs',
      /it is now PC-9, and WS-001 was planned/,
    ],
    [
      'promoted to a domain controller',
      drifted,
      host('smb1Enabled', 'signingOff', { os: { role: 'domain-controller' } }),
      'differs',
      /role is now domain-controller/,
    ],
    ['unreachable', drifted, unanswered('ws-001'), 'unknown', /unreachable/],
    ['denied', drifted, unanswered('ws-001', 'denied'), 'unknown', /denied/],
    [
      'in a state that cannot be judged',
      drifted,
      stock('ws-001', {}, { 'smb1-feature': { ...states.smb1Enabled, feature: 'PartiallyInstalled' } }),
      'unknown',
      /smb1-feature/,
    ],
    [
      'unknown when planned, drifted now',
      unanswered('ws-001'),
      drifted,
      'same',
      /was unknown when planned, now write/,
    ],
    [
      'unknown when planned, compliant now',
      unanswered('ws-001'),
      host('smb1Disabled', 'signingOn'),
      'satisfied',
      /satisfied/,
    ],
    [
      'unknown when planned, held now',
      unanswered('ws-001'),
      host('smb1Enabled', 'signingOff', { powershell: '2.0' }),
      'differs',
      /PowerShell/,
    ],
  ])('%s', (_name, before, after, verdict, reason) => {
    const comparison = compare(before, after);

    expect(comparison.verdict).toBe(verdict);
    expect(comparison.reason).toMatch(reason);
  });

  test('carries what is to be done now, not what was planned', () => {
    const { steps } = compare(drifted, host('smb1Disabled', 'signingOff'));

    expect(steps.map(({ control, change, reboot }) => [control, Object.keys(change), reboot])).toEqual([
      ['smb-server-signing', ['require', 'registryValue'], false],
      ['smb1-feature', [], false],
    ]);
  });

  test('a write to another value or another field than planned is more than was approved', () => {
    const it = plan({ fleet: { groups: { clients: ['ws-001'] } }, playbook: playbook([signing]) });
    const planned = structuredClone(hostOf(it, 'ws-001'));
    const compareNow = () =>
      compareHost({
        planned,
        observation: drifted,
        phase: 'server-signing',
        catalog: controlCatalog,
        plan: it,
      });

    planned.steps[0]!.to = { require: true, registryValue: 7 };
    expect(compareNow()).toMatchObject({
      verdict: 'differs',
      reason: 'smb-server-signing: registryValue would become 1, planned was 7',
    });
    planned.steps[0]!.to = { require: true };
    expect(compareNow().reason).toContain('planned was nothing');
    planned.steps = [];
    expect(compareNow().reason).toBe('smb-server-signing: not in the plan');
  });

  test('a host that the plan holds stays held, whatever it looks like now', () => {
    const comparison = compare(host('smb1Enabled', 'signingOff', { powershell: '2.0' }), drifted);

    expect(comparison).toMatchObject({
      verdict: 'differs',
      reason: expect.stringMatching(/^held by the plan: PowerShell/),
    });
  });

  test('a phase that the plan lacks cannot be judged', () => {
    expect(compare(drifted, drifted, both, 'other')).toMatchObject({ verdict: 'unknown', steps: [] });
  });
});

describe('inputs of a plan', () => {
  const it = plan({
    fleet: { groups: { clients: ['ws-001'] } },
    playbook: playbook([removal]),
    change: {
      inputs: {
        inventory: [
          { path: 'a.yml', sha256: '1' },
          { path: 'b.yml', sha256: '2' },
        ],
        playbook: { path: 'smb.yml', sha256: '3' },
        calendar: { tzdata: 'Europe/Berlin@1' },
        pattern: null,
        limit: null,
        extra: {},
      },
    },
  });
  const { inputs } = it;
  const [a, b] = [inputs.inventory[0]!, inputs.inventory[1]!];

  test('unchanged inputs pass', () => {
    expect(checkInputs(it, structuredClone(inputs))).toEqual({ ok: true, value: undefined });
  });

  test.each([
    ['an edited inventory file', { inventory: [{ ...a, sha256: '9' }, b] }, 'a.yml'],
    ['an inventory file that is gone', { inventory: [b] }, 'a.yml (gone)'],
    ['a new inventory file', { inventory: [a, b, { path: 'c.yml', sha256: '4' }] }, 'c.yml (new)'],
    ['another order, in which another file wins', { inventory: [b, a] }, 'the order of the inventory files'],
    ['an edited playbook', { playbook: { ...inputs.playbook, sha256: '9' } }, 'smb.yml'],
    [
      'other time zone rules',
      { calendar: { tzdata: 'Europe/Berlin@2' } },
      'time zone rules (Europe/Berlin@1 to Europe/Berlin@2)',
    ],
  ])('%s makes the plan stale, and is named', (_name, change, changed) => {
    const result = checkInputs(it, { ...inputs, ...change });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.stale', details: { changed } } });
  });
});
