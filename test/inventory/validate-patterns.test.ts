import { expect, test } from 'vitest';
import { z } from 'zod';
import { validatePatterns } from '../../src/inventory/validate-patterns.ts';
import { renderProblem } from '../../src/model/document.ts';
import { readPlaybook } from '../../src/model/read-playbook.ts';
import { inventoryOf } from './fixture.ts';

const controls = new Map([['smb1-server', { params: z.strictObject({ enabled: z.boolean() }) }]]);

function validate(playbook: string, hosts: string): readonly string[] {
  const read = readPlaybook(playbook, 'p.yml', controls);
  if (!read.ok) throw new Error(read.error.map(renderProblem).join('\n'));
  return validatePatterns(read.value, inventoryOf({ 'inv/h.yml': hosts })).map(renderProblem);
}

const playbook = (more: string) => `version: 1
name: x
hosts: all
windows:
  nights: { start: "22:00", duration: 6h, timezone: UTC }
phases:
  - name: one
    controls: { smb1-server: { enabled: false } }
    ${more}
`;
const hosts = 'clients: { hosts: { c1: { countersign_window: nights } } }\n';

test('patterns of the playbook, its phases and waves are held against the inventory, at their places', () => {
  const told = validate(
    playbook('hosts: all:!cleints\n    waves: [canary, 1, 10%, { hosts: clinets, soak: 1d }, rest]').replace(
      'hosts: all\n',
      'hosts: severs\n',
    ),
    hosts,
  );

  expect(told.map((it) => it.split(' in pattern')[0])).toEqual([
    'p.yml:3:8: severs',
    'p.yml:9:12: !cleints',
    'p.yml:10:13: canary',
    'p.yml:10:38: clinets',
  ]);
});

test('a host that chooses a window which the playbook lacks is told where the host says so', () => {
  const wrong = 'clients:\n  hosts: { "c[1:3]": }\n  vars:\n    countersign_window: nigths\n';

  expect(validate(playbook('window: "{{ countersign_window }}"'), wrong)).toEqual([
    "inv/h.yml:4:5: Window nigths is not among the playbook's windows (playbook.unknown-window)\n  Did you mean nights?",
  ]);
  // Nobody asks the hosts where the phase names its window itself.
  expect(validate(playbook('window: nights'), wrong)).toEqual([]);
});

test('a playbook that fits its inventory has no problems', () => {
  expect(
    validate(
      playbook('hosts: clients\n    window: "{{ countersign_window }}"\n    waves: [c1, rest]'),
      hosts,
    ),
  ).toEqual([]);
});
