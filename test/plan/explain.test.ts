import { describe, expect, test } from 'vitest';
import { explainPlan } from '../../src/plan/explain.ts';
import { hasChanges, summarizePlan } from '../../src/plan/summary.ts';
import { at, nights, now, plan, playbook, removal, signing, states, stock, unanswered } from './fixture.ts';

const fleet = {
  groups: { clients: ['ws-001', 'ws-002'], dcs: ['dc-001', 'dc-002'] },
  sets: [{ name: 'dc', hosts: ['dc-001', 'dc-002'], minAvailable: 1 }],
};
const gates = [{ manual: { ask: 'Printers ready?' } }];
const { window: _, ...anyTime } = {
  ...signing,
  name: 'audit',
  controls: { 'smb1-audit': { enabled: true } },
};
const phases = [
  { ...anyTime, hosts: 'clients' },
  { ...removal, hosts: 'ws-001:dcs' },
  { ...signing, hosts: 'ws-001:dcs', needs: ['disable-smb1'], gates, waves: ['ws-001', 'dc-001'] },
];
const dc = (host: string) => stock(host, { os: { role: 'domain-controller' } });
const observations = [
  stock('ws-002', {}, { 'smb1-audit': { enabled: true } }),
  dc('dc-001'),
  stock('dc-002', { pendingReboot: ['windows-update'] }, {}),
];
const it = plan({ fleet, playbook: playbook(phases), observations });

describe('explaining one host', () => {
  test('says what, in which wave and window, when, and behind what', () => {
    expect(explainPlan(it, 'ws-001', now)).toEqual([
      'ws-001 (workstation; groups all, clients)',
      'phase audit: wave rest',
      '  smb1-audit: write enabled false -> true: The SMB server does not record SMB1 access',
      '  expected 2026-11-23T11:00:00Z to 2026-11-23T11:02:00Z, in no window',
      'phase disable-smb1: wave rest',
      expect.stringMatching(/^ {2}smb1-feature: write feature Enabled -> Disabled, .*, with a reboot: /),
      '  expected Mon 2026-11-23 22:00 CET to Mon 2026-11-23 22:14 CET in window nights',
      '  window nights is shut now; it opens Mon 2026-11-23 22:00 CET',
      'phase server-signing: wave ws-001, after disable-smb1 ended well, opens when a person confirms: Printers ready?',
      expect.stringMatching(/^ {2}smb-server-signing: write require false -> true, registryValue 0 -> 1: /),
      expect.stringMatching(/^ {2}expected Mon 2026-11-23 22:\d\d CET/),
      '  window nights is shut now; it opens Mon 2026-11-23 22:00 CET',
      expect.stringMatching(/^risk: smb1-feature changes a Windows feature/),
    ]);
  });

  test('says why a host is held, and that a phase passes it over', () => {
    const lines = explainPlan(it, 'dc-002', now);

    expect(lines).toContain('set dc: at least 1 of 2 members stay up');
    expect(lines).toContain('phase audit: not touched: its hosts do not include this one');
    expect(lines.find((line) => line.startsWith('phase disable-smb1'))).toMatch(
      /held: a reboot was already pending.*\(pending-reboot\)$/,
    );
    expect(lines).toContain(
      'phase server-signing: not touched: in no wave of phase server-signing, which has no wave `rest`',
    );
  });

  test('says that nothing is due, and when a window is open', () => {
    expect(explainPlan(it, 'ws-002', now)).toContain('  nothing is due');
    expect(explainPlan(it, 'dc-001', at('2026-11-23T22:00:00Z'))).toContain('  window nights is open now');
  });

  test('names the freeze that shuts a window', () => {
    const freezes = [{ name: 'audit', from: '2026-11-23', to: '2026-11-24', timezone: 'Europe/Berlin' }];
    const frozen = plan({
      fleet,
      playbook: playbook([removal], { freezes }),
      observations: [dc('dc-001'), dc('dc-002')],
    });

    expect(explainPlan(frozen, 'ws-001', now)).toContain(
      '  shut now by freeze audit until Wed 2026-11-25 00:00 CET; it opens Wed 2026-11-25 00:00 CET',
    );
  });

  test('says that a window does not open again', () => {
    const forever = [{ name: 'merger', from: '2026-12-01', to: '2036-01-01', timezone: 'UTC' }];
    const last = plan({
      fleet,
      playbook: playbook([removal], { freezes: forever }),
      observations: [dc('dc-001'), dc('dc-002')],
    });

    expect(explainPlan(last, 'ws-001', at('2026-12-24T12:00:00Z'))).toContainEqual(
      expect.stringMatching(/; it does not open again$/),
    );
  });

  test('says why a host is not in the plan at all', () => {
    const inputs = { ...it.inputs, limit: 'dcs' };
    const limited = plan({ fleet, playbook: playbook([removal]), observations, change: { inputs } });

    expect(explainPlan(limited, 'ws-001', now)).toEqual(['ws-001 is not touched: outside --limit dcs']);
    expect(explainPlan(limited, 'ws-999', now)).toEqual(['ws-999 is not in the inventory of this plan']);
  });

  test('an unknown role and an always open window are said plainly', () => {
    const always = plan({
      fleet,
      playbook: playbook([{ ...removal, window: 'now' }]),
      observations: [unanswered('ws-001')],
    });

    const lines = explainPlan(always, 'ws-001', now);

    expect(lines[0]).toBe('ws-001 (role unknown; groups all, clients)');
    expect(lines).toContain('  window now is open now');
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}expected 2026-11-23T11:00:00Z to .* in window now$/),
    );
  });

  test('what another version wrote is shown as it stands', () => {
    const odd = structuredClone(it);
    odd.hosts.forEach((host) => host.steps.forEach((step) => (step.from = {})));
    odd.timetable.forEach((entry) => (entry.start = 'soon'));

    const lines = explainPlan(odd, 'ws-001', now).join('\n');

    expect(lines).toContain('enabled absent -> true');
    expect(lines).toContain('expected soon to Mon 2026-11-23 22:14 CET');
  });

  test('a plan whose window is gone explains what is left', () => {
    const odd = { ...it, calendar: { windows: {}, freezes: [] } };

    expect(explainPlan(odd, 'ws-001', now)).toContain(
      '  expected 2026-11-23T21:00:00Z to 2026-11-23T21:14:00Z in window nights',
    );
  });
});

describe('a plan in numbers', () => {
  test('counts hosts by what happens to them', () => {
    const mixed = plan({
      fleet: { groups: { clients: ['ws-001', 'ws-002', 'ws-003', 'ws-004'] } },
      playbook: playbook([removal]),
      observations: [
        stock('ws-002', {}, { 'smb1-feature': states.smb1Disabled }),
        unanswered('ws-003'),
        stock('ws-004', { powershell: '2.0' }),
      ],
    });

    expect(summarizePlan(mixed)).toEqual({
      hosts: 4,
      changing: 1,
      compliant: 1,
      held: 1,
      unknown: 1,
      writes: 1,
      reboots: 1,
      rebootingByRole: { workstation: 1 },
      unreachable: ['ws-003'],
    });
    expect(hasChanges(mixed)).toBe(true);
  });

  test('a host whose role nobody knows is counted as such', () => {
    const odd = structuredClone(it);
    odd.hosts.forEach((host) => (host.role = null));

    expect(summarizePlan(odd).rebootingByRole).toEqual({ unknown: 2 });
  });

  test('a fleet that is as wanted has no changes, and neither has one that is held', () => {
    const one = { groups: { clients: ['ws-001'] } };
    const done = stock('ws-001', {}, { 'smb1-feature': states.smb1Disabled });
    const held = stock('ws-001', { powershell: '2.0' });
    const windows = { nights };

    const changes = [done, held].map((seen) =>
      hasChanges(plan({ fleet: one, playbook: playbook([removal], { windows }), observations: [seen] })),
    );

    expect(changes).toEqual([false, false]);
  });
});
