import { expect, test } from 'vitest';
import { frameScript } from '../../src/core/script-frame.ts';
import { formatInstant, instant, minutes, plus } from '../../src/core/time.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { controlCases } from '../controls/control-case.ts';
import { modelOf, runScript } from './model.ts';
import type { Model } from './model.ts';

const at = instant(Date.UTC(2026, 10, 24, 22));
const cases = controlCases();

test.each(cases)('the model reads what the script reads: $file', async ({ control, windows, state }) => {
  const read = await get(modelOf(windows, at), control);

  expect(read).toEqual({ ok: true, value: state });
});

test.each(cases.filter(({ after }) => after !== undefined))(
  'the model changes what the script changes: $file',
  async ({ control, windows, state, assessment, after }) => {
    const model = modelOf(windows, at);

    const set = await runScript(model, {
      script: frameScript({ kind: 'write', name: `controls/${control}/set`, text: '' }),
      parameters: { Arguments: assessment.change, ValidUntil: formatInstant(plus(at, minutes(1))) },
    });

    // A change names all that must hold, some of which already does.
    const changed = Object.keys(assessment.change).filter((name) => state[name] !== after?.[name]);
    expect(set).toMatchObject({ ok: true, value: { restartNeeded: assessment.reboot } });
    expect(set.ok && (set.value['changed'] as string[]).toSorted()).toEqual(changed.toSorted());
    expect(await get(model, control)).toEqual({ ok: true, value: after });
  },
);

test('every control has cases', () => {
  const covered = new Set(cases.map(({ control }) => control));

  expect([...covered].toSorted()).toEqual([...controlCatalog.keys()].toSorted());
});

function get(model: Model, control: string) {
  return runScript(model, {
    script: frameScript({ kind: 'read', name: `controls/${control}/get`, text: '' }),
    parameters: { Arguments: {} },
  });
}
