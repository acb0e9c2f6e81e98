import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inventoryGraph } from '../../../src/inventory/inventory-graph.ts';
import type { Inventory } from '../../../src/inventory/inventory.ts';
import { loadInventory } from '../../../src/inventory/load-inventory.ts';
import { matchPattern } from '../../../src/inventory/pattern.ts';
import { renderProblem } from '../../../src/model/document.ts';
import { oracle } from '../../support/oracles.ts';
import { drawGraph, isAnsibleInstalled, listHosts, listInventory, withFolder } from './ansible.ts';
import type { AnsibleInventory } from './ansible.ts';
import { inventoryFiles } from './generate.ts';

const byHand = new Map([
  [
    'inv/hosts.yml',
    `all:
  vars: { start: 22:00, enabled: yes, mode: 0644, when: 2026-12-18, empty: }
  children:
    servers:
      vars: { tier: servers, ansible_group_priority: 5 }
      children:
        web: { hosts: { "web-[01:03].corp.example": { n: 1 } }, vars: { tier: web } }
        dc:
          hosts: { dc-1: , "dc-2:5985": }
          vars: &shared { a: 1, b: { c: [1, 2] } }
    clients:
      hosts: ws
      vars: { <<: *shared, a: 2 }
    canary:
      hosts:
        web-02.corp.example: { n: 2 }
        ws:
  hosts:
    lonely: { tier: mine }
other:
  children: web
`,
  ],
  ['inv/group_vars/all.yml', 'tier: from group_vars\nsite: berlin\n'],
  ['inv/group_vars/web/10.yml', 'size: 10\n'],
  ['inv/group_vars/web/20.json', '{ "size": 20, "json": 1e3 }'],
  ['inv/group_vars/web.yml', 'size: not read\n'],
  ['inv/host_vars/dc-1', 'site: own\n'],
]);

function ours(files: ReadonlyMap<string, string>, sources: readonly string[]): Inventory {
  const loaded = loadInventory({ sources, files, env: {}, extra: {} });
  if (!loaded.ok) throw new Error(loaded.error.map(renderProblem).join('\n'));
  return loaded.value;
}

/** Our inventory in the form of `ansible-inventory --list`. */
function asAnsible({ hosts, groups }: Inventory): AnsibleInventory {
  const hostvars = hosts.map(
    ({ name, vars }) =>
      [name, Object.fromEntries([...vars].map(([key, { value }]) => [key, value]))] as const,
  );
  const shown = [...groups.values()].map(({ name, hosts: members, children }) => [
    name,
    // `--list` names no direct members of `all`.
    { hosts: name === 'all' ? [] : members.toSorted(), children: children.toSorted() },
  ]);
  return {
    hostvars: Object.fromEntries(hostvars),
    groups: Object.fromEntries(shown) as AnsibleInventory['groups'],
  };
}

/** Ansible leaves out hosts without variables and groups without members. */
function normalised({ hostvars, groups }: AnsibleInventory): AnsibleInventory {
  const filled = Object.entries(groups)
    .map(
      ([name, { hosts = [], children = [] }]) =>
        [name, { hosts: hosts.toSorted(), children: children.toSorted() }] as const,
    )
    .filter(([, { hosts, children }]) => hosts.length + children.length > 0);
  const withVars = Object.entries(hostvars).filter(([, vars]) => Object.keys(vars).length > 0);
  return { hostvars: Object.fromEntries(withVars), groups: Object.fromEntries(filled) };
}

function expectSame(files: ReadonlyMap<string, string>, sources: readonly string[]): void {
  const theirs = withFolder(files, (folder) => listInventory(folder, sources));

  expect(normalised(asAnsible(ours(files, sources)))).toEqual(normalised(theirs));
}

oracle('ansible-inventory', isAnsibleInstalled, () => {
  test('an inventory with all that people write gives Ansible’s groups, hosts and variables', () => {
    expectSame(byHand, ['inv']);
    expectSame(byHand, ['inv/hosts.yml']);
  });

  test('of two sources the later wins as it does there', () => {
    const files = new Map([
      ...byHand,
      [
        'late/h.yml',
        'dc: { hosts: { dc-1: { a: late } }, vars: { b: late } }\nnew: { hosts: { lonely: } }\n',
      ],
      ['late/group_vars/dc.yml', 'a: late group\n'],
      ['late/group_vars/all.yml', 'site: late all\n'],
    ]);

    expectSame(files, ['inv', 'late/h.yml']);
    expectSame(files, ['late', 'inv']);
  });

  test.each(
    fc
      .sample(inventoryFiles, { seed: 20_261_124, numRuns: 8 })
      .map((files, index) => [index, files] as const),
  )('generated inventory %i', (_, files) => {
    expectSame(files, ['inv']);
  });

  test.each([
    'dc-1',
    'web:!canary',
    '!web:servers',
    '&canary',
    'all:!servers:!clients',
    'web-*',
    '*-0[13].*',
    '~(web|dc)-.*[12]$',
    'web[-1]',
    'web[0:1]',
    'web[1:]',
    'servers[1:3]',
    'dc,ws,web[0]',
    '*',
  ])('the hosts of %s, in order', (pattern) => {
    const theirs = withFolder(byHand, (folder) => listHosts(folder, ['inv'], pattern));

    expect(matchPattern(ours(byHand, ['inv']), pattern)).toEqual({ ok: true, value: theirs });
  });

  test('the graph is the same, but for the order of siblings', () => {
    const theirs = withFolder(byHand, (folder) => drawGraph(folder, ['inv']));

    expect(
      inventoryGraph(ours(byHand, ['inv']))
        .split('\n')
        .toSorted(),
    ).toEqual(theirs.split('\n').toSorted());
  });
});
