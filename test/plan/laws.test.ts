import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveSpans } from '../../src/calendar/schedule.ts';
import type { Schedule } from '../../src/calendar/schedule.ts';
import { hours, instant, minutes, plus } from '../../src/core/time.ts';
import { defaultExpectations, expectedWork } from '../../src/plan/expectations.ts';
import { latestJobStart, pack } from '../../src/plan/pack.ts';
import type { Job, Opening, Packing, SetLimit } from '../../src/plan/pack.ts';
import { MaintenanceWindow } from '../../src/model/schedule.ts';
import { names, nights, now, weekend } from './fixture.ts';

const until = plus(now, hours(24 * 60));
const policy = { when: 'needed', timeout: '20m', settle: '2m' } as const;
const hostNames = names('h', 14);

const freeze = fc
  .tuple(fc.integer({ min: 24, max: 30 }), fc.integer({ min: 0, max: 6 }))
  .map(([day, length]) => {
    const to = new Date(Date.UTC(2026, 10, day + length)).toISOString().slice(0, 10);
    return { name: 'freeze', from: `2026-11-${day}`, to, timezone: 'Europe/Berlin' };
  });

const openings = fc
  .tuple(
    fc.array(freeze, { maxLength: 2 }),
    fc.integer({ min: 30, max: 600 }),
    fc.option(fc.integer({ min: 5, max: 30 })),
  )
  .map(([freezes, length, cutoff]) => {
    const opening = (name: string, rule: object): Opening => {
      const timing = { duration: `${length}m`, ...(cutoff !== null && { cutoff: `${cutoff}m` }) };
      const schedule: Schedule = { name, freezes, window: MaintenanceWindow.parse({ ...rule, ...timing }) };
      return { schedule, spans: effectiveSpans(schedule, { start: now, end: until }), until };
    };
    return [opening('nights', nights), opening('weekend', weekend)] as const;
  });

const load = fc.record({
  openings,
  kinds: fc.array(
    fc.record({
      role: fc.constantFrom('workstation', 'server', 'domain-controller', null),
      reboots: fc.boolean(),
      opening: fc.constantFrom(0, 1),
    }),
    { minLength: 1, maxLength: hostNames.length },
  ),
  concurrency: fc.integer({ min: 1, max: 6 }),
  sets: fc.array(
    fc.record({
      members: fc.subarray(hostNames, { minLength: 2 }),
      spare: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 3 },
  ),
  shuffle: fc.integer({ min: 0, max: 1000 }),
});

function packed(it: typeof load extends fc.Arbitrary<infer T> ? T : never) {
  const jobs: Job[] = it.kinds.map(({ opening, reboots, role }, index) => ({
    host: hostNames[index]!,
    opening: it.openings[opening],
    reboots,
    work: expectedWork({ role, reboots, policy }),
  }));
  const sets: SetLimit[] = it.sets.map(({ members, spare }, index) => ({
    name: `set-${index}`,
    healthy: new Set(members),
    slack: spare,
  }));
  const rules = { from: now, concurrency: it.concurrency, sets };
  return { jobs, sets, packing: pack(jobs, rules), rules };
}

/** Slots in flight at the start of each slot, where any overlap has its first moment. */
function inFlightAtStarts({ slots }: Packing) {
  return slots.map(({ start }) => slots.filter((slot) => slot.start <= start && start < slot.end));
}

/** Each run works out two calendars of sixty days. */
const runs = { numRuns: 60 };

describe('laws of packing', () => {
  test('never more in flight than the concurrency allows', () => {
    fc.assert(
      fc.property(load, (it) => {
        const { packing } = packed(it);

        for (const slots of inFlightAtStarts(packing))
          expect(slots.length).toBeLessThanOrEqual(it.concurrency);
      }),
      runs,
    );
  }, 30_000);

  test('never more members of a set down than it can spare', () => {
    fc.assert(
      fc.property(load, (it) => {
        const { packing, sets } = packed(it);

        for (const slots of inFlightAtStarts(packing))
          for (const { healthy, slack } of sets)
            expect(
              slots.filter(({ job }) => job.reboots && healthy.has(job.host)).length,
            ).toBeLessThanOrEqual(slack);
      }),
      runs,
    );
  }, 30_000);

  test('nothing starts outside its window, in a freeze, or after the cutoff', () => {
    fc.assert(
      fc.property(load, (it) => {
        const { packing } = packed(it);

        for (const { job, span, start } of packing.slots) {
          expect(job.opening.spans).toContain(span);
          expect(start).toBeGreaterThanOrEqual(span.start);
          expect(start).toBeLessThan(span.end);
          expect(start).toBeLessThanOrEqual(latestJobStart(job, span));
        }
      }),
      runs,
    );
  }, 30_000);

  test('every job is placed once, or nothing in sixty days has room for it', () => {
    fc.assert(
      fc.property(load, (it) => {
        const { jobs, packing } = packed(it);

        const placed = packing.slots.map(({ job }) => job.host);
        expect([...placed, ...packing.unplaced.map(({ host }) => host)].sort()).toEqual(
          jobs.map(({ host }) => host).sort(),
        );
        const fits = (job: Job): boolean =>
          job.opening.spans.some((span) => latestJobStart(job, span) >= span.start && span.start > now);
        // Sixty days hold far more nights than fourteen hosts can use.
        if (it.openings[0].spans.length > 20)
          expect(packing.unplaced.filter(({ opening }) => opening === it.openings[0]).filter(fits)).toEqual(
            [],
          );
      }),
      runs,
    );
  }, 30_000);

  test('the order of the jobs does not matter', () => {
    fc.assert(
      fc.property(load, (it) => {
        const { jobs, packing, rules } = packed(it);
        const turned = [
          ...jobs.slice(it.shuffle % jobs.length),
          ...jobs.slice(0, it.shuffle % jobs.length),
        ].reverse();

        expect(pack(turned, rules)).toEqual(packing);
      }),
      runs,
    );
  }, 30_000);
});

test('a thousand hosts are packed in well under a second', () => {
  const spans = [{ start: instant(now), end: plus(now, hours(2000)) }];
  const opening: Opening = { schedule: { name: 'w', window: null, freezes: [] }, spans, until };
  const work = expectedWork({ role: 'server', reboots: true, policy });
  const jobs = names('h', 1000).map((host) => ({ host, opening, work, reboots: true }));

  const started = performance.now();
  const { slots } = pack(jobs, { from: now, concurrency: 20, sets: [] });

  expect(slots).toHaveLength(1000);
  expect(performance.now() - started).toBeLessThan(2_000);
});

describe('expected work', () => {
  test('a workstation takes 14 minutes with its reboot, and 2 without', () => {
    expect(expectedWork({ role: 'workstation', reboots: true, policy }).total).toBe(minutes(14));
    expect(expectedWork({ role: 'workstation', reboots: false, policy }).total).toBe(minutes(2));
  });

  test('nobody’s role counts as the slowest, and a settle time that cannot be read as none', () => {
    expect(expectedWork({ role: null, reboots: true, policy })).toEqual(
      expectedWork({ role: 'domain-controller', reboots: true, policy }),
    );
    const odd = { ...policy, settle: 'a bit' };
    expect(expectedWork({ role: 'server', reboots: true, policy: odd }).settle).toBe(0);
    expect(defaultExpectations.reboot.server).toBe(minutes(15));
  });
});
