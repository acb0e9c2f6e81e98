import { expect, test } from 'vitest';
import { linesView } from '../../src/cli/views/lines-view.ts';
import type { RunEvent } from '../../src/model/event.ts';

test('a line of a run tells every instant in the zone of its windows', () => {
  let printed = '';
  const io = {
    out: () => undefined,
    err: (text: string) => (printed += text),
    ...{ terminal: false, color: false, columns: 100 },
  };
  const view = linesView(io, { paint: (_tone, text) => text, zone: 'Europe/Berlin', verbose: false });
  const event: RunEvent = {
    ...{
      schema: 'countersign/event@1',
      seq: 7,
      at: '2026-11-24T21:00:00Z',
      run: 'run-1',
      prev: '',
      hash: '',
    },
    type: 'run.waiting',
    data: { until: '2026-11-26T21:00:00Z', reasons: ['audit: soak until 2026-11-26T21:00:00Z'] },
  };

  view.onEvent(event, undefined as never);

  expect(printed).toBe(
    'Tue 2026-11-24 22:00 CET  Waiting until Thu 2026-11-26 22:00 CET: audit: soak until Thu 2026-11-26 22:00 CET\n',
  );
});
