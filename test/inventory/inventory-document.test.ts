import { expect, test } from 'vitest';
import { inventoryDocument } from '../../src/inventory/inventory-document.ts';
import { inventoryGraph } from '../../src/inventory/inventory-graph.ts';
import { InventoryDocument } from '../../src/model/inventory-document.ts';
import { inventoryOf } from './fixture.ts';

const inventory = inventoryOf({
  'inv/h.yml': `servers:
  children:
    dc:
      hosts:
        dc-[1:2]:
          ansible_password: hunter2
      vars:
        color: "{{ nothing }}"
        size: 1
lonely:
`,
  'inv/countersign.yml': 'sets:\n  - { name: dcs, hosts: dc, min_available: 1 }\n',
});

test('the document tells each value with its origin, and no secret', () => {
  const document = inventoryDocument(inventory);

  expect(InventoryDocument.parse(JSON.parse(JSON.stringify(document)))).toMatchObject({
    schema: 'countersign/inventory@1',
    hosts: [
      {
        host: 'dc-1',
        groups: ['all', 'dc', 'servers'],
        vars: {
          ansible_password: { value: '[secret]', from: { file: 'inv/h.yml', line: 6, group: 'dc-1' } },
          color: { value: '{{ nothing }}', unresolved: expect.stringContaining('no variable nothing') },
          size: { value: 1, from: { file: 'inv/h.yml', line: 9, group: 'dc' } },
        },
      },
      { host: 'dc-2' },
    ],
    groups: { dc: { hosts: ['dc-1', 'dc-2'], children: [], from: { file: 'inv/h.yml', line: 3 } } },
    sets: [{ name: 'dcs', pattern: 'dc', hosts: ['dc-1', 'dc-2'], minAvailable: 1 }],
  });
  expect(JSON.stringify(document)).not.toContain('hunter2');
});

test('only the hosts that were asked for are in it', () => {
  const [first] = inventory.hosts;

  expect(inventoryDocument(inventory, [first!])['hosts']).toHaveLength(1);
});

test('the graph is drawn as ansible-inventory draws it', () => {
  expect(inventoryGraph(inventory)).toBe(`@all:
  |--@ungrouped:
  |--@servers:
  |  |--@dc:
  |  |  |--dc-1
  |  |  |--dc-2
  |--@lonely:`);
});
