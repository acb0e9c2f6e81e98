import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { instant } from '../../src/core/time.ts';
import { chain, genesis, linkHash, parseEvent } from '../../src/run/chain.ts';
import type { ChainEnd } from '../../src/run/chain.ts';
import { fold } from '../../src/run/fold.ts';
import { steer } from '../../src/run/steer.ts';
import { readEvents, verifyJournal } from '../../src/run/verify-journal.ts';
import { minutes } from '../../src/core/time.ts';
import { hostOf, phaseOf, planOf } from '../engine/plan-fixture.ts';
import { Story } from './story.ts';

const plan = planOf({ hosts: [hostOf('a', ['disable'])], phases: [phaseOf('disable', ['a'])] });

/** A whole run as it is stored, and the head after each of its events. */
function journal(): { records: JsonObject[]; heads: ChainEnd[] } {
  const { events } = new Story(plan).finish('a', minutes(2));
  const start = chain([{ type: 'run.started', data: { plan, by: 'test' } }], {
    run: 'r',
    at: instant(Date.parse('2026-11-23T20:00:00Z')),
    end: genesis,
  });
  const records = [...start, ...events].map((event) => JSON.parse(JSON.stringify(event)) as JsonObject);
  return { records, heads: [...start, ...events].map(({ seq, hash }) => ({ seq, hash })) };
}

/** The chain hashed anew from a record on, as somebody would who knows how. */
function rechained(records: readonly JsonObject[]): JsonObject[] {
  let prev = genesis.hash;
  return records.map((record) => {
    const hash = linkHash(prev, record);
    const link = { ...record, prev, hash };
    prev = hash;
    return link;
  });
}

describe('a journal', () => {
  test('that nobody touched is whole and complete, and says its head', () => {
    const { records, heads } = journal();

    const verified = verifyJournal('r', records, heads);

    expect(verified).toMatchObject({
      integrity: { ok: true },
      completeness: { ok: true },
      head: heads.at(-1),
    });
    expect(fold(readEvents(records)!).ended?.state).toBe('finished');
  });

  test('of which a record was edited has lost its integrity, and nothing is missing', () => {
    const { records, heads } = journal();
    const edited = records.with(5, { ...records[5], at: '2020-01-01T00:00:00Z' });

    expect(verifyJournal('r', edited, heads)).toMatchObject({
      integrity: { ok: false, at: 6, reason: expect.stringContaining('was changed') },
      completeness: { ok: true },
      head: { seq: 5 },
    });
  });

  test('of which a record was deleted is neither', () => {
    const { records, heads } = journal();

    expect(verifyJournal('r', records.toSpliced(5, 1), heads)).toMatchObject({
      integrity: { ok: false, at: 6 },
      completeness: { ok: false, at: 6, reason: 'record 6 is missing' },
    });
  });

  test('whose tail was cut is a whole chain, and a head that was seen shows the cut', () => {
    const { records, heads } = journal();
    const cut = records.slice(0, -2);

    expect(verifyJournal('r', cut, heads)).toMatchObject({
      integrity: { ok: true },
      completeness: { ok: false, at: cut.length + 1, reason: expect.stringContaining('tail was cut') },
    });
    expect(verifyJournal('r', cut, [])).toMatchObject({ completeness: { ok: false } });
  });

  test('that was rewritten with new hashes does not hold the heads that were seen', () => {
    const { records, heads } = journal();
    const rewritten = rechained(records.with(5, { ...records[5], at: '2020-01-01T00:00:00Z' }));

    expect(verifyJournal('r', rewritten, heads)).toMatchObject({
      integrity: { ok: true },
      completeness: { ok: false, at: 6, reason: expect.stringContaining('replaced or rewritten') },
    });
  });

  test('with a record of another run, or a link to another record, is no chain', () => {
    const { records } = journal();
    const foreign = records.with(3, { ...records[3], run: 'other' });
    const relinked = records.with(3, { ...records[3], prev: genesis.hash });

    expect(verifyJournal('r', foreign, []).integrity).toMatchObject({ ok: false, at: 4 });
    expect(verifyJournal('r', relinked, []).integrity.reason).toContain('does not follow');
    expect(verifyJournal('r', [{ run: 'r' }], []).integrity.reason).toContain('null follows');
  });

  test('of a later version is not read by guessing', () => {
    const { records } = journal();

    expect(readEvents([...records, { type: 'host.teleported' }])).toBeUndefined();
    expect(parseEvent({ ...records[0], data: {} })).toBeUndefined();
    expect(parseEvent(null)).toBeUndefined();
    expect(parseEvent({ type: 'toString' })).toBeUndefined();
  });

  test('keeps fields that this version does not know in its chain', () => {
    const { records } = journal();
    const newer = rechained(records.map((record) => ({ ...record, mood: 'fine' })));

    expect(verifyJournal('r', newer, []).integrity.ok).toBe(true);
    expect(readEvents(newer)).toHaveLength(records.length);
  });
});

describe('folding', () => {
  test('begins with the start of a run, and needs times', () => {
    const { state, events } = new Story(plan);

    expect(() => fold(events)).toThrow(TypeError);
    expect(() => fold([{ ...events[0]!, at: 'soon' }], state)).toThrow(TypeError);
  });

  test('does not change the state that it starts from', () => {
    const run = new Story(plan);
    const before = structuredClone(run.state);
    const { state } = run;

    run.finish('a', minutes(2));

    expect(state).toEqual(before);
  });

  test('leaves out what concerns hosts, phases and intents that the plan does not have', () => {
    const run = new Story(plan);
    const { hosts } = run.state;

    const soak = { wave: 0, until: '2026-11-23T20:00:00Z' };
    run.record(
      { type: 'gate.passed', data: { gate: 0, by: 'b', reason: 'r' } },
      { type: 'soak.started', phase: 'x', data: soak },
      { type: 'host.finished', host: 'x', phase: 'disable', data: { outcome: 'ok', code: '', reason: '' } },
      { type: 'host.finished', host: 'a', phase: 'x', data: { outcome: 'ok', code: '', reason: '' } },
      { type: 'host.finished', data: { outcome: 'ok', code: '', reason: '' } },
      { type: 'host.held', data: { by: 'b', reason: 'r' } },
      { type: 'host.released', data: { by: 'b', reason: 'r' } },
      {
        type: 'intent.settled',
        data: { intent: 'x', outcome: { kind: 'probe-host', result: 'done', reason: '' } },
      },
    );

    expect(run.state.hosts).toEqual(hosts);
  });
});

describe('a plan', () => {
  test('that names a host in a wave and not among its hosts is our own bug', () => {
    const torn = planOf({ hosts: [], phases: [phaseOf('disable', ['a'])] });

    expect(() => new Story(torn)).toThrow('the run has no a, which is in a wave of disable');
  });
});

describe('the inbox', () => {
  test.each([null, 'pause', { command: 'explode', by: 'a', reason: 'b' }, { command: 'pause' }])(
    'refuses what is no command: %j',
    (body) => {
      const { state } = new Story(plan);

      expect(steer(state, body, 7)).toMatchObject({
        type: 'command.refused',
        data: { command: '?', inbox: 7 },
      });
    },
  );
});
