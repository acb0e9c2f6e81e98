import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Control } from '../../src/control/declaration.ts';
import {
  hostOf,
  managed,
  names,
  now,
  plan,
  playbook,
  removal,
  riskCodes,
  signing,
  states,
  stock,
  tryPlan,
  unanswered,
} from './fixture.ts';
import { describeTolerance } from '../../src/plan/budget.ts';
import { windowOf } from '../../src/plan/host-variables.ts';
import { judgeHost } from '../../src/plan/judge-host.ts';
import { Plan } from '../../src/model/plan.ts';

const onePc = { groups: { clients: ['ws-001'] } };

describe('what a host needs', () => {
  test('a drifted host is written and rebooted once, in its window', () => {
    const it = plan({ fleet: onePc, playbook: playbook([removal]) });

    const host = hostOf(it, 'ws-001');
    expect(host.steps).toMatchObject([
      {
        phase: 'disable-smb1',
        control: 'smb1-feature',
        action: 'write',
        reboot: true,
        to: { feature: 'Disabled' },
      },
    ]);
    expect(host.steps[0]!.from['feature']).toBe('Enabled');
    // Workstation: 1 minute to write, then 10 to reboot, 2 to settle, 1 to verify.
    expect(host.reboots).toEqual([
      {
        phase: 'disable-smb1',
        window: 'nights',
        slot: { start: '2026-11-23T21:01:00Z', end: '2026-11-23T21:14:00Z' },
      },
    ]);
    expect(Plan.parse(JSON.parse(JSON.stringify(it)))).toEqual(it);
  });

  test('a reboot in a phase without a window belongs to no window', () => {
    const { window: _, ...anyTime } = removal;

    const { reboots } = hostOf(plan({ fleet: onePc, playbook: playbook([anyTime]) }), 'ws-001');

    expect(reboots).toMatchObject([{ window: null, slot: { start: '2026-11-23T11:01:00Z' } }]);
  });

  test('two steps that need a reboot share one', () => {
    const old = stock(
      'ws-001',
      { os: { build: 7601 } },
      {
        'smb1-server': {
          enabled: 'unsupported',
          registryValue: 'absent',
          policy: 'absent',
          policyValue: 'absent',
        },
        'smb1-feature': { ...states.smb1Enabled },
      },
    );
    const both = {
      ...removal,
      controls: { 'smb1-server': { enabled: false }, 'smb1-feature': { installed: false } },
    };

    const host = hostOf(plan({ fleet: onePc, playbook: playbook([both]), observations: [old] }), 'ws-001');

    expect(host.steps.map((step) => [step.control, step.action, step.reboot])).toEqual([
      ['smb1-feature', 'write', true],
      ['smb1-server', 'write', true],
    ]);
    expect(host.reboots).toHaveLength(1);
  });

  test('a host with the removal pending is rebooted and not written', () => {
    const pending = stock(
      'ws-001',
      { pendingReboot: ['component-based-servicing'] },
      { 'smb1-feature': states.smb1Pending },
    );

    const host = hostOf(
      plan({ fleet: onePc, playbook: playbook([removal]), observations: [pending] }),
      'ws-001',
    );

    expect(host.steps).toMatchObject([{ action: 'reboot', to: {}, reboot: true }]);
    expect(host.holds).toEqual([]);
    expect(host.reboots).toHaveLength(1);
  });

  test('a compliant host has nothing to do and no place in the timetable', () => {
    const done = stock('ws-001', {}, { 'smb1-feature': states.smb1Disabled });

    const it = plan({ fleet: onePc, playbook: playbook([removal]), observations: [done] });

    expect(hostOf(it, 'ws-001').steps).toMatchObject([{ action: 'none' }]);
    expect(it.timetable).toEqual([]);
  });

  test('a step that reads what an earlier phase changes is unknown, not ok', () => {
    const again = { ...removal, name: 'again' };
    const host = hostOf(plan({ fleet: onePc, playbook: playbook([removal, again]) }), 'ws-001');

    expect(host.steps[1]).toMatchObject({ phase: 'again', action: 'unknown', from: {}, to: {} });
    expect(host.steps[1]!.reason).toBe(
      'phase disable-smb1 may change it (smb1-feature) first; it is judged when this phase begins',
    );
  });

  test('a phase without a reboot writes in the window and reboots nobody', () => {
    const it = plan({ fleet: onePc, playbook: playbook([signing]) });

    expect(hostOf(it, 'ws-001')).toMatchObject({ reboots: [], steps: [{ action: 'write', reboot: false }] });
    expect(it.timetable).toMatchObject([{ start: '2026-11-23T21:00:00Z', end: '2026-11-23T21:02:00Z' }]);
  });

  test('a phase without a window starts at once', () => {
    const { window: _, ...anyTime } = signing;
    const it = plan({ fleet: onePc, playbook: playbook([anyTime]) });

    expect(it.timetable).toMatchObject([{ window: null, start: '2026-11-23T11:00:00Z' }]);
    expect(hostOf(it, 'ws-001').windows).toEqual({});
  });
});

describe('hosts that are not touched say why', () => {
  test.each([
    [
      'group policy contradicts',
      stock('ws-001', {}, { 'smb-server-signing': managed(states.signingOff, 0) }),
      'blocked',
      /Default Domain Policy/,
    ],
    [
      'PowerShell 2.0',
      stock('ws-001', { powershell: '2.0' }),
      'powershell-too-old',
      /PowerShell 2\.0 is too old/,
    ],
    ['servicing at work', stock('ws-001', { servicing: 'working' }), 'servicing', /right now/],
  ])('%s', (_name, observation, code, reason) => {
    const it = plan({ fleet: onePc, playbook: playbook([signing]), observations: [observation] });

    expect(hostOf(it, 'ws-001').holds).toMatchObject([
      { phase: 'server-signing', code, reason: expect.stringMatching(reason) },
    ]);
    expect(it.timetable).toEqual([]);
    expect(riskCodes(it)).toContain('held');
  });

  test('a survey that met PowerShell 2.0 holds the host with its own words', () => {
    const failure = {
      code: 'session.powershell-too-old',
      message: 'ws-001 has PowerShell 2.0',
      blame: 'remote',
      retry: 'never',
    };
    const { facts: _, ...old } = stock('ws-001');

    const it = plan({ fleet: onePc, playbook: playbook([signing]), observations: [{ ...old, failure }] });

    expect(hostOf(it, 'ws-001').holds).toMatchObject([
      { code: 'powershell-too-old', reason: 'ws-001 has PowerShell 2.0' },
    ]);
  });

  test('a reboot that was pending before holds a phase that reboots, names its source, and leaves other phases alone', () => {
    const pending = stock('ws-001', { pendingReboot: ['windows-update', 'file-rename'] });

    const { holds } = hostOf(
      plan({ fleet: onePc, playbook: playbook([signing, removal]), observations: [pending] }),
      'ws-001',
    );

    expect(holds).toHaveLength(1);
    expect(holds[0]).toMatchObject({ phase: 'disable-smb1', code: 'pending-reboot' });
    expect(holds[0]!.reason).toContain('(windows-update)');
  });

  test('component servicing that waits for somebody else holds too', () => {
    const pending = stock('ws-001', { pendingReboot: ['component-based-servicing'] });

    const { holds } = hostOf(
      plan({ fleet: onePc, playbook: playbook([removal]), observations: [pending] }),
      'ws-001',
    );

    expect(holds).toMatchObject([{ code: 'pending-reboot' }]);
  });

  test('files waiting to be renamed are noise: a risk, no hold', () => {
    const noisy = stock('ws-001', { pendingReboot: ['file-rename'] });

    const host = hostOf(
      plan({ fleet: onePc, playbook: playbook([removal]), observations: [noisy] }),
      'ws-001',
    );

    expect(host.holds).toEqual([]);
    expect(riskCodes(host)).toContain('foreign-pending');
  });

  test('a phase that forbids reboots holds a host that needs one', () => {
    const gentle = { ...removal, reboot: { when: 'never' } };

    const host = hostOf(plan({ fleet: onePc, playbook: playbook([gentle]) }), 'ws-001');

    expect(host.holds).toEqual([
      { phase: 'disable-smb1', code: 'reboot-forbidden', reason: 'reboot needed but the phase forbids it' },
    ]);
    expect(host.reboots).toEqual([]);
  });

  test('a later phase that needs a held one is held with it', () => {
    const later = { ...signing, needs: ['disable-smb1'] };
    const pending = stock('ws-001', { pendingReboot: ['windows-update'] });

    const { holds } = hostOf(
      plan({ fleet: onePc, playbook: playbook([removal, later]), observations: [pending] }),
      'ws-001',
    );

    expect(holds.map(({ code }) => code)).toEqual(['pending-reboot', 'needs']);
    expect(holds[1]!.reason).toBe('phase disable-smb1, which this phase needs, is held');
  });

  test('a phase that needs one which does not take the host in holds it', () => {
    const fleet = { groups: { clients: ['ws-001'], servers: ['fs-001'] } };
    const phases = [
      { ...removal, hosts: 'clients' },
      { ...signing, needs: ['disable-smb1'] },
    ];

    const it = plan({ fleet, playbook: playbook(phases) });

    expect(hostOf(it, 'fs-001').holds).toMatchObject([
      { code: 'needs', reason: expect.stringContaining('does not take in') },
    ]);
    expect(hostOf(it, 'ws-001').holds).toEqual([]);
  });
});

describe('what nobody knows', () => {
  test.each([
    ['unreachable', unanswered('ws-001'), 'the host was unreachable (net.timeout)'],
    ['denied', unanswered('ws-001', 'denied'), 'the host denied the logon (auth.denied)'],
  ])(
    'a host that is %s stays in the plan as unknown, with a place for a reboot',
    (code, observation, reason) => {
      const it = plan({ fleet: onePc, playbook: playbook([removal]), observations: [observation] });

      const host = hostOf(it, 'ws-001');
      expect(host).toMatchObject({
        role: null,
        steps: [{ action: 'unknown', reason }],
        holds: [],
        reboots: [],
      });
      expect(riskCodes(host)).toEqual([code]);
      expect(host.risks[0]!.message).toContain('took 5.013 s');
      // Unknown counts as the slowest: 1 + 20 + 2 + 1 minutes.
      expect(it.timetable).toMatchObject([{ start: '2026-11-23T21:00:00Z', end: '2026-11-23T21:24:00Z' }]);
      expect(riskCodes(it)).toEqual(expect.arrayContaining(['unknown-steps', code]));
    },
  );

  test('a host that was never observed is unknown', () => {
    const observations = new Map();

    const it = plan({ fleet: onePc, playbook: playbook([removal]), change: { observations } as object });

    expect(hostOf(it, 'ws-001')).toMatchObject({
      observedAt: null,
      steps: [{ action: 'unknown', reason: 'the host was not observed' }],
    });
    expect(riskCodes(hostOf(it, 'ws-001'))).toEqual(['unobserved']);
  });

  test('a control that could not be read, was not read, or cannot be judged is unknown with its reason', () => {
    const failure = { code: 'script.failed', message: 'x', blame: 'remote', retry: 'never' };
    const base = stock('ws-001');
    const unread = { ...base, controls: { 'smb-server-signing': { failure } } };
    const odd = stock('ws-001', {}, { 'smb-server-signing': { ...states.signingOff, registryValue: 5 } });
    const noFacts = { ...base, facts: undefined, failure } as unknown as typeof base;
    const reasonOf = (observation: typeof base): string =>
      hostOf(plan({ fleet: onePc, playbook: playbook([signing]), observations: [observation] }), 'ws-001')
        .steps[0]!.reason;

    expect(reasonOf(unread)).toBe('its state could not be read (script.failed)');
    expect(reasonOf({ ...base, controls: {} })).toBe('its state was not read');
    expect(reasonOf(odd)).toContain('neither 0 nor 1');
    expect(reasonOf(noFacts)).toBe('its facts could not be read (script.failed)');
  });

  test('an answer without a failure is still explained', () => {
    const { failure: _, ...bare } = unanswered('ws-001');

    const host = hostOf(
      plan({ fleet: onePc, playbook: playbook([signing]), observations: [bare] }),
      'ws-001',
    );

    expect(host.steps[0]!.reason).toBe('the host was unreachable (no reason given)');
    expect(host.risks).toMatchObject([
      { code: 'unreachable', message: 'is unreachable now: no reason given' },
    ]);
  });
});

describe('windows', () => {
  const templated = { ...removal, window: '{{ countersign_window }}' };

  test('a phase may take each host’s window from its variables', () => {
    const fleet = {
      groups: { all_of: ['ws-001', 'dc-001'] },
      vars: { 'ws-001': { countersign_window: 'nights' }, 'dc-001': { countersign_window: 'weekend' } },
    };

    const it = plan({ fleet, playbook: playbook([templated]) });

    expect(hostOf(it, 'dc-001').windows).toEqual({ 'disable-smb1': 'weekend' });
    expect(it.timetable.map(({ host, start }) => [host, start])).toEqual([
      ['ws-001', '2026-11-23T21:00:00Z'],
      ['dc-001', '2026-11-28T21:00:00Z'],
    ]);
  });

  test('a host without the variable refuses the plan by name', () => {
    const result = tryPlan({ fleet: onePc, playbook: playbook([templated]) });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.no-window-variable' } });
    expect(!result.ok && result.error.message).toContain('host ws-001 (groups all, clients)');
    expect(!result.ok && result.error.hint).toContain('nights, weekend, now');
  });

  test.each([
    ['nigths', 'nigths', /Did you mean nights/],
    [[1], '[1]', /Windows of the playbook/],
  ])('a window that does not exist (%j) names where it was written', (value, shown, hint) => {
    const result = tryPlan({
      fleet: { ...onePc, vars: { 'ws-001': { countersign_window: value } } },
      playbook: playbook([templated]),
    });

    expect(result).toMatchObject({ ok: false, error: { code: 'plan.unknown-window' } });
    expect(!result.ok && result.error.message).toContain(
      `window ${shown} (from hosts.yml:12, group file_servers)`,
    );
    expect(!result.ok && result.error.hint).toMatch(hint);
  });

  test('a window that the phase names and the playbook lacks is told as the playbook’s', () => {
    const result = tryPlan({ fleet: onePc, playbook: playbook([{ ...removal, window: 'never' }]) });

    expect(!result.ok && result.error.message).toContain('(from the playbook)');
  });

  test('a freeze moves the work behind it', () => {
    const freezes = [{ name: 'audit', from: '2026-11-23', to: '2026-11-24', timezone: 'Europe/Berlin' }];

    const it = plan({ fleet: onePc, playbook: playbook([removal], { freezes }) });

    // Tuesday’s window begins inside the freeze; what is left of it after midnight is open.
    expect(it.timetable).toMatchObject([{ start: '2026-11-24T23:00:00Z' }]);
  });
});

test('a window from a file without a line or group is told by its file', () => {
  const from = { file: 'extra vars' };
  const host = {
    name: 'h',
    groups: ['all'],
    vars: new Map([['countersign_window', { value: 'x', from, secret: false }]]),
  };
  const { phases, windows } = playbook([{ ...removal, window: '{{countersign_window}}' }]);

  const result = windowOf(host, phases[0]!, windows);

  expect(!result.ok && result.error.message).toContain('(from extra vars)');
});

describe('judging a host', () => {
  const wish = { phase: 'p', controls: { odd: { on: true } }, mayReboot: true };

  test('a control that drifted and offers no change is a hold, never done', () => {
    const stuck: Control = {
      id: 'odd',
      title: 'Odd',
      summary: 'Odd.',
      params: z.strictObject({ on: z.boolean() }),
      fields: [],
      assess: (found) => ({ compliance: 'drifted', found, change: {}, reboot: false, reason: 'It is off' }),
    };

    const { hold } = judgeHost(stock('h', {}, { odd: {} }), wish, new Map([['odd', stuck]]));

    expect(hold).toEqual({
      phase: 'p',
      code: 'blocked',
      reason: 'odd: It is off, and the control knows no change for it',
    });
  });

  test('a control that does not exist is unknown', () => {
    expect(judgeHost(stock('h'), wish, new Map()).steps).toMatchObject([
      { action: 'unknown', reason: 'there is no control odd' },
    ]);
  });
});

describe('roles', () => {
  test('the inventory overrides the detected role, and with it the expected time', () => {
    const fleet = { ...onePc, vars: { 'ws-001': { countersign_role: 'domain-controller' } } };

    const it = plan({ fleet, playbook: playbook([removal]) });

    expect(hostOf(it, 'ws-001').role).toBe('domain-controller');
    expect(it.timetable[0]!.end).toBe('2026-11-23T21:24:00Z');
    expect(riskCodes(it)).toContain('domain-controllers');
  });

  test('a role that does not exist refuses the plan', () => {
    const result = tryPlan({
      fleet: { ...onePc, vars: { 'ws-001': { countersign_role: 'dc' } } },
      playbook: playbook([removal]),
    });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.unknown-role', details: { host: 'ws-001' } },
    });
  });
});

describe('which hosts', () => {
  const fleet = { groups: { clients: ['ws-001', 'ws-002', 'ws-003'], servers: ['fs-001'] } };

  test('pattern and limit cut the playbook’s hosts, and every other host is excluded with its reason', () => {
    const inputs = {
      inventory: [],
      playbook: { path: 'p', sha256: 'x' },
      calendar: { tzdata: 't' },
      extra: {},
    };
    const change = { inputs: { ...inputs, pattern: 'ws-*', limit: '!ws-002' } };

    const it = plan({ fleet, playbook: playbook([removal], { hosts: 'all:!ws-003' }), change });

    expect(it.hosts.map(({ host }) => host)).toEqual(['ws-001']);
    expect(it.excluded).toEqual([
      { host: 'fs-001', reason: 'not selected by ws-*' },
      { host: 'ws-002', reason: 'outside --limit !ws-002' },
      { host: 'ws-003', reason: 'not among the playbook’s hosts (all:!ws-003)' },
    ]);
  });

  test('a host in no phase is excluded, and a fleet without any host refuses the plan', () => {
    const phases = playbook([{ ...removal, hosts: 'servers' }]);
    const only = plan({ fleet, playbook: phases });
    const change = { inputs: { ...only.inputs, limit: 'clients' } };

    expect(only.excluded).toContainEqual({ host: 'ws-001', reason: 'in no phase of the playbook' });
    expect(tryPlan({ fleet, playbook: phases, change })).toMatchObject({
      ok: false,
      error: { code: 'plan.no-hosts' },
    });
  });

  test.each(['hosts', 'phase', 'pattern', 'limit', 'wave'])(
    'a name that matches nothing in the %s refuses the plan',
    (place) => {
      const inputs = plan({ fleet, playbook: playbook([removal]) }).inputs;
      const phase = {
        ...removal,
        ...(place === 'phase' && { hosts: 'dcc' }),
        ...(place === 'wave' && { waves: ['dcc', 'rest'] }),
      };
      const change = {
        inputs: {
          ...inputs,
          ...(place === 'pattern' && { pattern: 'dcc' }),
          ...(place === 'limit' && { limit: 'dcc' }),
        },
      };

      const result = tryPlan({
        fleet,
        playbook: playbook([phase], place === 'hosts' ? { hosts: 'dcc' } : {}),
        change,
      });

      expect(result).toMatchObject({ ok: false, error: { code: 'inventory.unmatched' } });
    },
  );

  test('an unknown control refuses the plan with its near match', () => {
    const result = tryPlan({
      fleet,
      playbook: playbook([{ ...removal, controls: { 'smb1-featur': { installed: false } } }]),
    });

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.unknown-control', hint: 'Did you mean smb1-feature?' },
    });
  });
});

describe('waves', () => {
  const thirtySeven = { groups: { clients: names('ws', 37), canary: ['ws-005', 'ws-020'] } };

  function waveSizes(waves: readonly unknown[]): (string | number)[][] {
    const it = plan({ fleet: thirtySeven, playbook: playbook([{ ...signing, waves }]) });
    return it.phases[0]!.waves.map((wave) => [wave.name, wave.hosts.length]);
  }

  test('names, shares that count up, and the rest', () => {
    // 10 % of 37 is 3, of which the canaries are 2; 50 % is 18.
    expect(waveSizes(['canary', '10%', '50%', 'rest'])).toEqual([
      ['canary', 2],
      ['10%', 1],
      ['50%', 15],
      ['rest', 19],
    ]);
  });

  test('a share that is used up still takes one host, and a count takes so many more', () => {
    expect(waveSizes([5, '1%', '5', 'rest'])).toEqual([
      ['5', 5],
      ['1%', 1],
      ['5 (2)', 5],
      ['rest', 26],
    ]);
  });

  test('a share, a count or the rest that finds nobody left is no wave, and no risk', () => {
    expect(waveSizes(['all', '50%', 3, 'rest'])).toEqual([['all', 37]]);
  });

  test('no host is in two waves, and without waves all are in one', () => {
    expect(waveSizes(['canary', 'ws-005:ws-006', 'rest'])).toEqual([
      ['canary', 2],
      ['ws-005:ws-006', 1],
      ['rest', 34],
    ]);
    const it = plan({ fleet: thirtySeven, playbook: playbook([signing]) });
    expect(it.phases[0]!.waves).toEqual([{ name: 'rest', hosts: names('ws', 37), soak: null, gate: null }]);
  });

  test('hosts in no wave are excluded from the phase, not slipped into one', () => {
    const it = plan({ fleet: thirtySeven, playbook: playbook([{ ...signing, waves: ['canary'] }]) });

    expect(it.excluded.filter(({ phase }) => phase === 'server-signing')).toHaveLength(35);
    expect(hostOf(it, 'ws-001').steps).toEqual([]);
    expect(it.risks.find(({ code }) => code === 'left-over')!.message).toContain('35 hosts in no wave');
  });

  test('a canary wave without a host is told, because the next wave goes first', () => {
    const inputs = { ...plan({ fleet: thirtySeven, playbook: playbook([signing]) }).inputs, limit: 'ws-001' };

    const it = plan({
      fleet: thirtySeven,
      playbook: playbook([{ ...signing, waves: ['canary', 'rest'] }]),
      change: { inputs },
    });

    expect(it.phases[0]!.waves.map(({ name }) => name)).toEqual(['rest']);
    expect(it.risks.find(({ code }) => code === 'empty-wave')!.message).toContain('wave canary');
  });

  test('gates are told in words where they open', () => {
    const gates = [{ manual: { ask: 'Are the printers ready?' } }];
    const waves = [{ hosts: 'canary', soak: '24h' }, { hosts: 3 }, 'rest'];

    const it = plan({ fleet: thirtySeven, playbook: playbook([{ ...signing, gates, waves }]) });

    expect(it.phases[0]!.waves.map(({ gate }) => gate)).toEqual([
      'a person confirms: Are the printers ready?',
      'after wave canary and a soak of 24h',
      'after wave 3',
    ]);
  });
});

describe('budgets', () => {
  test.each([
    [0, '0 tolerated, the 1st stops'],
    [1, '1 tolerated, the 2nd stops'],
    [10, '10 tolerated, the 11th stops'],
    [12, '12 tolerated, the 13th stops'],
    [21, '21 tolerated, the 22nd stops'],
    [110, '110 tolerated, the 111th stops'],
  ])('%i', (tolerated, words) => {
    expect(describeTolerance(tolerated)).toBe(words);
  });

  test('10 % of 37 hosts tolerates 3, and the 4th stops', () => {
    const defaults = { budget: { failed: '10%', unreachable: 2 } };
    const it = plan({
      fleet: { groups: { clients: names('ws', 37) } },
      playbook: playbook([signing], { defaults }),
    });

    expect(it.phases[0]!.budget).toEqual({ failed: 3, unreachable: 2, unknown: 0 });
    expect(it.budget).toEqual({ failed: 3, unreachable: 2, unknown: 0 });
    expect(it.risks.find(({ code }) => code === 'budget')!.message).toBe(
      'over the run: failed: 3 tolerated, the 4th stops; unreachable: 2 tolerated, the 3rd stops; unknown: 0 tolerated, the 1st stops',
    );
  });

  test('a phase’s own budget wins, kind by kind', () => {
    const defaults = { budget: { failed: 2, unknown: 1 }, concurrency: 7, approvals: 2 };
    const own = { ...signing, budget: { failed: '50%' }, concurrency: 3 };

    const it = plan({
      fleet: { groups: { clients: names('ws', 5) } },
      playbook: playbook([own, { ...removal }], { defaults }),
    });

    expect(it.phases.map((phase) => [phase.budget.failed, phase.budget.unknown, phase.concurrency])).toEqual([
      [2, 1, 3],
      [2, 1, 7],
    ]);
    expect(it.approvals).toEqual({ required: 2, given: [] });
  });
});

test('a phase with soaks delays what comes after it', () => {
  const { window: _, ...audit } = {
    ...signing,
    name: 'audit',
    controls: { 'smb1-audit': { enabled: true } },
    soak: '30d',
  };

  const it = plan({ fleet: onePc, playbook: playbook([audit, removal]) });

  // Monday noon and 2 minutes, 30 days on: Wednesday 23 December noon; the night is Wednesday’s.
  expect(it.timetable.map(({ start }) => start)).toEqual(['2026-11-23T11:00:00Z', '2026-12-23T21:00:00Z']);
  expect(it.createdAt).toBe('2026-11-23T11:00:00Z');
  expect(now).toBeDefined();
});
