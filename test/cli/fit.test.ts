import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fit } from '../../src/cli/fit.ts';
import { painter, visibleWidth } from '../../src/cli/io.ts';

const narrow = { terminal: true, columns: 40 };

test('a line that is too wide for the terminal breaks between words, indented below its beginning', () => {
  const text = '  held  fs-03.corp.example: a reboot was already pending; reboot it by hand\nshort';

  expect(fit(text, narrow)).toBe(
    '  held  fs-03.corp.example: a reboot was\n      already pending; reboot it by hand\nshort',
  );
});

test('colours take no room', () => {
  const paint = painter(true);
  const text = `${paint('bad', 'unreachable')} ${paint('bold', 'app-04.corp.example')} after 5s`;

  expect(fit(text, narrow)).toBe(text);
});

test('a pipe or a log gets its lines whole', () => {
  const text = 'word '.repeat(50);

  expect(fit(text, { terminal: false, columns: 40 })).toBe(text);
});

test('no word is lost, and no line is wider than the terminal unless one word is', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 0, max: 6 }), (list, indent) => {
      const fitted = fit(' '.repeat(indent) + list.join(' '), narrow);

      expect(fitted.split(/\s+/).filter((word) => word !== '')).toEqual(list);
      for (const line of fitted.split('\n')) expect(visibleWidth(line)).toBeLessThanOrEqual(40);
    }),
  );
});
