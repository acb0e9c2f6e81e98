import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/core/json.ts';
import { unwrap } from '../../src/core/result.ts';
import { hours, minutes, plus } from '../../src/core/time.ts';
import type { Plan } from '../../src/model/plan.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { planDigest } from '../../src/plan/digest.ts';
import { readPlan } from '../../src/plan/read-plan.ts';
import {
  factsOf,
  hostOf,
  nights,
  now,
  plan,
  playbook,
  removal,
  requestOf,
  signing,
  stock,
  unanswered,
} from './fixture.ts';

const fleet = {
  groups: { clients: ['ws-001', 'ws-002'], dcs: ['dc-001', 'dc-002'], canary: ['ws-002'] },
  sets: [
    { name: 'dc', hosts: ['dc-002', 'dc-001'], minAvailable: 1 },
    { name: 'pcs', hosts: ['ws-001', 'ws-002'], minAvailable: 0 },
  ],
};
const phases = [{ ...removal, waves: [{ hosts: 'canary', soak: '24h' }, 'rest'] }, signing];
const base = { fleet, playbook: playbook(phases), observations: [unanswered('ws-001')] };

const text = (it: Plan): string => canonicalJson(it, 2);

describe('the same inputs give the same digest', () => {
  test('whatever the order of hosts, sets, observations and controls', () => {
    const request = requestOf(base);
    const digest = unwrap(buildPlan(request)).digest;
    const orders = fc.record({
      hosts: fc.shuffledSubarray([...request.inventory.hosts], { minLength: 4 }),
      sets: fc.shuffledSubarray([...request.inventory.sets], { minLength: 2 }),
      observations: fc.shuffledSubarray([...request.observations], { minLength: 4 }),
      catalog: fc.shuffledSubarray([...request.catalog], { minLength: request.catalog.size }),
    });

    fc.assert(
      fc.property(orders, ({ catalog, hosts, observations, sets }) => {
        const shuffled = unwrap(
          buildPlan({
            ...request,
            inventory: { ...request.inventory, hosts, sets },
            observations: new Map(observations),
            catalog: new Map(catalog),
          }),
        );

        expect(shuffled.digest).toBe(digest);
      }),
      { numRuns: 15 },
    );
  }, 30_000);

  test('whenever it is planned, whatever changes by itself on a host, and however it did not answer', () => {
    const digest = plan(base).digest;
    const facts = factsOf('ws-002', {
      bootTime: '2026-11-22T01:00:00Z',
      bootId: 9,
      hostTime: 'x',
      services: {},
    });
    const later = unanswered('ws-001');
    const observations = [
      { ...stock('ws-002'), facts, at: '2026-11-23T12:00:00Z' },
      { ...later, failure: { ...later.failure!, message: 'took 4.9 s' } },
    ];

    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 * 24 * 60 }), (minute) => {
        const change = { now: plus(now, minutes(minute)) };

        expect(plan({ ...base, observations, change }).digest).toBe(digest);
      }),
      { numRuns: 10 },
    );
  }, 30_000);

  test('also when a clock change comes into sight', () => {
    const saturdays = {
      ...base,
      playbook: playbook(phases, { windows: { nights: { ...nights, days: ['sat'] } } }),
    };
    const early = plan({ ...saturdays, change: { now: plus(now, hours(24 * 30)) } });
    const late = plan({ ...saturdays, change: { now: plus(now, hours(24 * 100)) } });

    expect(late.risks.length).toBeGreaterThan(early.risks.length);
    expect(late.digest).toBe(early.digest);
  });

  test('in any time zone and locale of the process', () => {
    const script = `
      import { plan, playbook } from './test/plan/fixture.ts';
      console.log(plan({ fleet: ${JSON.stringify(fleet)}, playbook: playbook(${JSON.stringify(phases)}) }).digest);`;
    const run = (env: Record<string, string>): string =>
      execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
        env: { PATH: process.env['PATH'], ...env },
        encoding: 'utf8',
      }).trim();

    const digests = ['UTC', 'America/Los_Angeles', 'Europe/Berlin'].map((TZ) =>
      run({ TZ, LC_ALL: 'tr_TR.UTF-8' }),
    );

    expect(new Set(digests)).toEqual(new Set([plan({ ...base, observations: [] }).digest]));
  }, 60_000);
});

describe('what matters changes the digest', () => {
  const digest = plan(base).digest;

  test.each<[string, Partial<typeof base> & { change?: object }]>([
    [
      'a control’s state',
      {
        observations: [
          unanswered('ws-001'),
          stock('ws-002', {}, { 'smb-server-signing': { require: true } }),
        ],
      },
    ],
    [
      'a fact that decides',
      { observations: [unanswered('ws-001'), stock('ws-002', { pendingReboot: ['file-rename'] })] },
    ],
    ['another build', { observations: [unanswered('ws-001'), stock('ws-002', { os: { build: 26100 } })] }],
    ['a host that answers again', { observations: [] }],
    ['a wave', { playbook: playbook([{ ...removal, waves: ['rest'] }, signing]) }],
    ['a window', { playbook: playbook(phases, { windows: { nights: { ...nights, duration: '7h' } } }) }],
    ['a budget', { playbook: playbook(phases, { defaults: { budget: { failed: 1 } } }) }],
    ['approvals demanded', { playbook: playbook(phases, { defaults: { approvals: 1 } }) }],
    ['a redundancy set', { fleet: { ...fleet, sets: [] } }],
    ['the tool', { change: { tool: { name: 'countersign', version: '0.2.0' } } }],
    ['offline', { change: { offline: true } }],
  ])('%s', (_name, change) => {
    expect(plan({ ...base, ...change }).digest).not.toBe(digest);
  });

  test('the digest of a fact that only another control reads does not hold', () => {
    const one = hostOf(plan({ ...base, playbook: playbook([signing]) }), 'ws-002').factDigest;
    const other = stock('ws-002', {}, { 'smb1-audit': { enabled: true } });
    const two = hostOf(
      plan({ ...base, playbook: playbook([signing]), observations: [other] }),
      'ws-002',
    ).factDigest;

    expect(two).toBe(one);
  });
});

describe('reading a saved plan', () => {
  test('gives back what was written, also with approvals added and with members of a later version', () => {
    const it = plan(base);
    const approved = {
      ...it,
      approvals: { required: 0, given: [{ as: 'eva', at: '2026-11-23T12:00:00Z' }] },
    };
    const newer = { ...it, forecast: { sunny: true } };
    const digest = planDigest(newer);

    expect(unwrap(readPlan(text(it)))).toEqual(it);
    expect(unwrap(readPlan(text(approved))).approvals.given).toHaveLength(1);
    expect(unwrap(readPlan(canonicalJson({ ...newer, digest }))).digest).toBe(digest);
    expect(readPlan(canonicalJson({ ...newer, digest, forecast: { sunny: false } }))).toMatchObject({
      error: { code: 'plan.digest' },
    });
  });

  test.each<[string, (it: Plan) => unknown]>([
    ['a step', (it) => (it.hosts[0]!.steps[0]!.action = 'none')],
    ['a reason', (it) => (it.hosts[0]!.steps[0]!.reason = 'trust me')],
    ['a hold', (it) => it.hosts[0]!.holds.push({ phase: 'x', code: 'x', reason: 'x' })],
    ['a wave', (it) => it.phases[0]!.waves.pop()],
    ['a risk', (it) => it.risks.shift()],
    ['approvals demanded', (it) => (it.approvals.required = 5)],
    ['a host', (it) => it.hosts.pop()],
    ['a fact', (it) => (it.hosts[0]!.facts!.os.build = 1)],
  ])('refuses one in which %s was edited', (_name, edit) => {
    const it = structuredClone(plan(base));
    edit(it);

    const result = readPlan(text(it));

    expect(result).toMatchObject({
      ok: false,
      error: { code: 'plan.digest', details: { digest: it.digest } },
    });
  });

  test.each([
    ['', 'plan.unreadable'],
    ['[]', 'plan.unreadable'],
    ['null', 'plan.unreadable'],
    ['{}', 'plan.unknown-schema'],
    ['{"schema":"countersign/plan@2"}', 'plan.unknown-schema'],
    ['{"schema":"countersign/plan@1"}', 'plan.unreadable'],
  ])('refuses %j', (content, code) => {
    expect(readPlan(content)).toMatchObject({ ok: false, error: { code } });
  });

  test('refuses a plan of the wrong shape with the place of the mistake', () => {
    const broken = text(plan(base)).replace('"offline": false', '"offline": "no"');

    const result = readPlan(broken);

    expect(!result.ok && result.error.message).toMatch(/^The plan cannot be read: offline: /);
  });

  test('a document whose lists are not lists has a digest all the same', () => {
    expect(planDigest({ hosts: 'none', risks: [7, {}, { code: 'offline' }], approvals: null })).toMatch(
      /^[0-9a-f]{64}$/,
    );
    expect(planDigest({ hosts: [7, { facts: 1 }] })).not.toBe(planDigest({ hosts: [8, { facts: 1 }] }));
  });
});
