import { describe, expect, test } from 'vitest';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { controlCases, factsOf } from './control-case.ts';

describe.each([...controlCatalog.values()])('$id', (control) => {
  const cases = controlCases().filter((it) => it.control === control.id);

  test.each(cases)('$title', ({ windows, state, wanted, assessment }) => {
    const params = control.params.parse(wanted);

    const judged = control.assess(state, params, factsOf(windows));

    expect(judged).toEqual({ ...assessment, found: state });
  });

  test.each(cases.filter((it) => it.after !== undefined))(
    'asks for nothing more after: $title',
    ({ windows, wanted, after = {} }) => {
      const judged = control.assess(after, control.params.parse(wanted), factsOf(windows));

      expect(judged).toMatchObject({ change: {} });
      expect(['compliant', 'pending-reboot']).toContain(judged.compliance);
    },
  );

  test.each(cases)('never writes where it says why it must not: $title', ({ assessment }) => {
    if (assessment.blocker !== undefined || assessment.compliance !== 'drifted')
      expect(assessment.change).toEqual({});
  });
});
