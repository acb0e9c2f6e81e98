import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Control } from '../../src/control/declaration.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { controlCases, factsOf } from '../controls/control-case.ts';
import { windows2019 } from '../windows/windows-2019.ts';

/** Values that a change brings about in some case, by field; the cases are written by hand, so these are what is meant. */
function meantValues(control: Control, field: string): readonly unknown[] {
  const cases = controlCases().filter((it) => it.control === control.id);
  return cases.map(({ assessment }) => assessment.change[field]).filter((value) => value !== undefined);
}

/** Every value that any case knows for a field, and some that none does. */
function anyState(control: Control) {
  const known = controlCases().filter((it) => it.control === control.id);
  const odd = [true, false, 0, 1, 7, -1, '', 'absent', 'unsupported', 'Überraschung'];
  const fields = control.fields.map(({ name }) => [
    name,
    fc.constantFrom(...known.map(({ state }) => state[name]!), ...odd),
  ]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<string | number | boolean>>);
}

const builds = fc.constantFrom(7601, 9200, 9600, 14393, 17763, 20348, 26100);

describe.each([...controlCatalog.values()])('$id', (control) => {
  const [parameter = ''] = Object.keys(controlCases().find((it) => it.control === control.id)?.wanted ?? {});

  const meant = new Map(control.fields.map(({ name }) => [name, meantValues(control, name)]));

  test('a field is only ever changed to one value', () => {
    for (const values of meant.values()) expect(new Set(values).size).toBeLessThanOrEqual(1);
  });

  test('never asks for a change that weakens, whatever the host says and the playbook wants', () => {
    fc.assert(
      fc.property(anyState(control), fc.boolean(), builds, (state, wanted, build) => {
        const { change } = control.assess(state, { [parameter]: wanted }, factsOf(windows2019({ build })));

        for (const [field, value] of Object.entries(change)) expect(meant.get(field)).toContain(value);
      }),
    );
  });

  test('asks for a change only where the host has drifted and nothing speaks against it', () => {
    fc.assert(
      fc.property(anyState(control), fc.boolean(), builds, (state, wanted, build) => {
        const judged = control.assess(state, { [parameter]: wanted }, factsOf(windows2019({ build })));
        const isFree = judged.compliance === 'drifted' && judged.blocker === undefined;

        expect(Object.keys(judged.change).length > 0).toBe(isFree);
        expect(judged.found).toEqual(state);
        expect(judged.reason).not.toBe('');
      }),
    );
  });

  test('asks for a restart only with a change, or for one that waits for it', () => {
    fc.assert(
      fc.property(anyState(control), fc.boolean(), builds, (state, wanted, build) => {
        const judged = control.assess(state, { [parameter]: wanted }, factsOf(windows2019({ build })));

        if (judged.reboot && Object.keys(judged.change).length === 0)
          expect(judged.compliance).toBe('pending-reboot');
      }),
    );
  });
});
