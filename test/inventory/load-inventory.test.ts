import { describe, expect, test } from 'vitest';
import { hostOf, inventoryOf, problemsOf, varsOf, warningsOf } from './fixture.ts';

describe('shape', () => {
  test('groups, children, hosts and ranges become hosts with their groups', () => {
    const inventory = inventoryOf({
      'inv/hosts.yml': `
all:
  hosts:
    lonely:
  children:
    servers:
      children:
        web:
          hosts:
            web-[1:2]:
clients:
  hosts: ws
`,
    });

    expect(inventory.hosts.map(({ name, groups }) => [name, groups])).toEqual([
      ['lonely', ['all', 'ungrouped']],
      ['web-1', ['all', 'servers', 'web']],
      ['web-2', ['all', 'servers', 'web']],
      ['ws', ['all', 'clients']],
    ]);
    expect(inventory.groups.get('servers')).toMatchObject({ hosts: [], children: ['web'] });
    expect(inventory.groups.get('all')?.children).toEqual(['ungrouped', 'servers', 'clients']);
  });

  test('a folder is read by name and deep; hidden, backup and vars files are left out', () => {
    const inventory = inventoryOf({
      'inv/20-late.yml': 'web: { hosts: { a: { size: late } } }',
      'inv/10-early.yml': 'web: { hosts: { a: { size: early }, b: } }',
      'inv/sites/berlin.yml': 'berlin: { hosts: { c: } }',
      'inv/.hidden.yml': 'no: { hosts: { hidden: } }',
      'inv/old.yml.bak': 'no: { hosts: { old: } }',
      'inv/hosts.yml~': 'no: { hosts: { edited: } }',
      'inv/README.md': 'words',
      'inv/group_vars/web.yml': 'color: red',
      'other/hosts.yml': 'no: { hosts: { other: } }',
    });

    expect(inventory.hosts.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(varsOf(inventory, 'a')).toEqual({ size: 'late', color: 'red' });
    expect(inventory.inputs.map(({ path }) => path)).toEqual([
      'inv/10-early.yml',
      'inv/20-late.yml',
      'inv/sites/berlin.yml',
      'inv/group_vars/web.yml',
    ]);
  });

  test('of several sources the later wins, and each has its own group_vars', () => {
    const files = {
      'one/hosts.yml': 'web: { hosts: { a: { x: 1, y: 1 } } }',
      'one/group_vars/web.yml': 'g: 1\nh: 1',
      'two/hosts.yml': 'web: { hosts: { a: { x: 2 } } }',
      'two/group_vars/web.yml': 'g: 2',
    };

    const inventory = inventoryOf(files, { sources: ['one/hosts.yml', 'two'] });

    expect(varsOf(inventory, 'a')).toEqual({ x: 2, y: 1, g: 2, h: 1 });
  });

  test('paths of Windows are understood', () => {
    const files = { 'inv\\hosts.yml': 'web: { hosts: { a: } }', 'inv\\group_vars/web.yml': 'g: 1' };

    expect(varsOf(inventoryOf(files, { sources: ['inv\\hosts.yml'] }), 'a')).toEqual({ g: 1 });
  });
});

describe('precedence, from weak to strong', () => {
  const layers: readonly (readonly [layer: string, file: string, text: string])[] = [
    ['all in the file', 'inv/hosts.yml', 'all: { vars: { v: all in the file } }'],
    ['parent group in the file', 'inv/hosts.yml', 'parent: { vars: { v: parent group in the file } }'],
    ['child group in the file', 'inv/hosts.yml', 'child: { vars: { v: child group in the file } }'],
    ['group_vars/all', 'inv/group_vars/all.yml', 'v: group_vars/all'],
    ['group_vars/parent', 'inv/group_vars/parent.yml', 'v: group_vars/parent'],
    ['group_vars/child', 'inv/group_vars/child/main.yml', 'v: group_vars/child'],
    ['host in the file', 'inv/hosts.yml', 'child: { hosts: { a: { v: host in the file } } }'],
    ['host_vars', 'inv/host_vars/a', 'v: host_vars'],
  ];
  const base = 'parent: { children: { child: { hosts: { a: } } } }';

  test.each(layers.map(([layer], count) => [layer, count]))('%s', (layer, count) => {
    const files: Record<string, string> = { 'inv/0.yml': base };
    for (const [index, [, file, text]] of layers.slice(0, count + 1).entries()) {
      files[file === 'inv/hosts.yml' ? `inv/${index + 1}.yml` : file] = text;
    }

    expect(varsOf(inventoryOf(files), 'a')).toEqual({ v: layer });
  });

  test('-e wins over everything', () => {
    const files = { 'inv/0.yml': base, 'inv/host_vars/a.yml': 'v: host_vars' };

    expect(varsOf(inventoryOf(files, { extra: { v: 'extra' } }), 'a')).toEqual({ v: 'extra' });
  });

  test('depth decides first, then ansible_group_priority, then the name', () => {
    const groups = (priority: string) => `
deep: { children: { deeper: { hosts: { a: }, vars: { by_depth: deeper } } } }
zz: { hosts: { a: }, vars: { by_depth: zz, by_name: zz, by_priority: zz } }
aa: { hosts: { a: }, vars: { by_depth: aa, by_name: aa, by_priority: aa${priority} } }
`;

    const vars = varsOf(inventoryOf({ 'inv/h.yml': groups(', ansible_group_priority: 10') }), 'a');

    expect(vars).toEqual({ by_depth: 'deeper', by_name: 'aa', by_priority: 'aa' });
    expect(varsOf(inventoryOf({ 'inv/h.yml': groups('') }), 'a')).toMatchObject({ by_name: 'zz' });
  });

  test('the first of name, name.yml, name.yaml, name.json is taken, and only that', () => {
    const files = {
      'inv/h.yml': 'web: { hosts: { a: } }',
      'inv/group_vars/web.yml': 'x: yml',
      'inv/group_vars/web.json': '{"x": "json", "y": "json"}',
      'inv/host_vars/a/10.yml': 'h: 10',
      'inv/host_vars/a/20.json': '{"h": 20}',
      'inv/host_vars/a/30.txt': 'h: 30',
    };

    expect(varsOf(inventoryOf(files), 'a')).toEqual({ x: 'yml', h: 20 });
  });

  test('a stronger map replaces a weaker one whole', () => {
    const files = { 'inv/h.yml': 'web: { vars: { m: { a: 1, b: 1 } }, hosts: { a: { m: { b: 2 } } } }' };

    expect(varsOf(inventoryOf(files), 'a')).toEqual({ m: { b: 2 } });
  });
});

test('every value knows its file, line and owner', () => {
  const files = {
    'inv/h.yml': 'web:\n  vars:\n    color: red\n  hosts:\n    a:\n      size: 1\n',
    'inv/group_vars/web.yml': '---\nsite: berlin\n',
  };

  const { vars } = hostOf(inventoryOf(files, { extra: { x: '1' } }), 'a');

  expect([...vars].map(([name, { from }]) => [name, from])).toEqual([
    ['color', { file: 'inv/h.yml', line: 3, column: 5, group: 'web' }],
    ['site', { file: 'inv/group_vars/web.yml', line: 2, column: 1, group: 'web' }],
    ['size', { file: 'inv/h.yml', line: 6, column: 7, group: 'a' }],
    ['x', { file: '-e' }],
  ]);
});

describe('what is refused', () => {
  test.each([
    [
      'web: { hosts: [a, b] }',
      'inv/h.yml:1:15: `hosts` of group web must be a map (each name followed by a colon), but is a list',
    ],
    ['web: [a]', 'inv/h.yml:1:6: Group web must be a map with hosts, children or vars, but is a list'],
    ['- a', 'inv/h.yml:1:1: The inventory must be a map of groups, but is a list'],
    ['web: { hosts: { a: x } }', 'inv/h.yml:1:20: Host a must be empty or a map of variables, but is a text'],
    ['web: { hosts: { 10: } }', 'inv/h.yml:1:17: This key is read as a number; only texts can be keys here'],
    [
      'web: { hosts: { "a[1:": } }',
      'inv/h.yml:1:17: The host range a[1: cannot be expanded: a bracket is not closed',
    ],
    ['', 'inv/h.yml:1:1: The inventory file is empty'],
    [
      'plugin: microsoft.ad.ldap',
      'inv/h.yml:1:1: The configuration of an inventory plugin cannot be read as an inventory yet',
    ],
    [
      'web: { vars: { ansible_group_priority: high } }',
      'inv/h.yml:1:40: ansible_group_priority must be a whole number',
    ],
    [
      'web:\n  vars:\n    p: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      6162',
      'inv/h.yml:3:15: p is encrypted with Ansible Vault, which cannot be opened yet',
    ],
    ['web: {', 'inv/h.yml:1:7: The YAML cannot be read'],
  ])('%j', (text, told) => {
    expect(problemsOf({ 'inv/h.yml': text }).join('\n')).toContain(told);
  });

  test.each([
    ['inv/hosts', '[web]\na\nb\n', 'An INI inventory'],
    ['inv/hosts.ini', '[web]\na\n', 'An INI inventory'],
    ['inv/dynamic', '#!/usr/bin/python3\n', 'An executable inventory'],
    ['inv/secret.yml', '$ANSIBLE_VAULT;1.1;AES256\n6162\n', 'A file encrypted with Ansible Vault'],
    ['inv/hosts.toml', '[web]\n', 'A file with the ending .toml'],
  ])('%s is refused as what it is', (path, text, what) => {
    expect(problemsOf({ [path]: text })[0]).toContain(`${path}:1:1: ${what}`);
  });

  test('a source that is not there, next to the problems of the others', () => {
    const told = problemsOf({ 'inv/h.yml': 'web: []' }, { sources: ['inv', 'nowhere'] });

    expect(told.map((it) => it.split(': ')[0])).toEqual(['nowhere:1:1', 'inv/h.yml:1:6']);
  });

  test('a cycle of groups names both places', () => {
    const text = 'a:\n  children:\n    b:\nb:\n  children:\n    c:\nc:\n  children:\n    a:\n';

    expect(problemsOf({ 'inv/h.yml': text })).toEqual([
      'inv/h.yml:9:5: Group a becomes a child of c, but is above it already (inv/h.yml:3:5) (inventory.cycle) | Remove one of the two `children` entries.',
    ]);
  });

  test.each(['a: { children: { a: } }', 'a: { children: { all: } }'])('%s is a cycle too', (text) => {
    expect(problemsOf({ 'inv/h.yml': text })[0]).toContain('inventory.cycle');
  });
});

describe('what is doubtful is told', () => {
  test('keys that groups do not have, with the near one', () => {
    expect(warningsOf({ 'inv/h.yml': 'web: { host: { a: }, hosts: { b: } }' })).toEqual([
      'inv/h.yml:1:8: Key host in group web is skipped (inventory.unexpected-key) | Did you mean hosts?',
    ]);
  });

  test('repeated keys, of which the last wins as in Ansible', () => {
    const files = { 'inv/h.yml': 'web:\n  hosts:\n    a: { x: 1 }\n    a: { x: 2 }\n' };

    expect(varsOf(inventoryOf(files), 'a')).toEqual({ x: 2 });
    expect(warningsOf(files)[0]).toContain('inv/h.yml:4:5: Key a was already given on line 3');
  });

  test('a file of variables that belongs to nobody', () => {
    const files = { 'inv/h.yml': 'servers: { hosts: { a: } }', 'inv/group_vars/server.yml': 'x: 1' };

    expect(warningsOf(files)).toEqual([
      'inv/group_vars/server.yml:1:1: No group is named server, so this file is not used (inventory.unused-vars) | Did you mean servers?',
    ]);
  });

  test('a group and a host of one name, and a priority where it has no effect', () => {
    const told = warningsOf({
      'inv/h.yml': 'web: { hosts: { web: } }',
      'inv/group_vars/web.yml': 'ansible_group_priority: 5',
    });

    expect(told.join('\n')).toContain('web is the name of both a group and a host');
    expect(told.join('\n')).toContain('ansible_group_priority has no effect in group_vars');
  });
});

describe('redundancy sets of countersign.yml', () => {
  const hosts = 'dc: { hosts: { "dc-[1:3]": } }\nsql: { hosts: { "sql-[1:2]": } }\n';
  const sets = (text: string) => ({ 'inv/h.yml': hosts, 'inv/countersign.yml': text });

  test('min_available and quorum both say how many members must be healthy', () => {
    const text =
      'sets:\n  - { name: dcs, hosts: dc, min_available: 1 }\n  - { name: sql, hosts: sql, quorum: 1 }\n';

    expect(inventoryOf(sets(text)).sets).toMatchObject([
      { name: 'dcs', pattern: 'dc', hosts: ['dc-1', 'dc-2', 'dc-3'], minAvailable: 1 },
      {
        name: 'sql',
        pattern: 'sql',
        hosts: ['sql-1', 'sql-2'],
        minAvailable: 1,
        from: { file: 'inv/countersign.yml', line: 3 },
      },
    ]);
  });

  test.each([
    [
      'sets:\n  - { name: x, hosts: dcc, quorum: 1 }',
      '2:23: dcc in pattern dcc matches no host and no group (inventory.unmatched) | Did you mean dc?',
    ],
    [
      'sets:\n  - { name: x, hosts: dc }',
      '2:5: Redundancy set x cannot be used: give either min_available or quorum',
    ],
    ['sets:\n  - { name: x, hosts: dc, quorum: 1, min_available: 1 }', 'give either min_available or quorum'],
    ['sets:\n  - { name: x, hosts: dc, quorum: 4 }', 'it wants 4 healthy members and has 3'],
    [
      'sets:\n  - { name: x, host: dc, quorum: 1 }',
      '2:16: Unknown key host (document.unknown-key) | Did you mean hosts?',
    ],
    [
      'sets:\n  - { name: x, hosts: dc, quorum: 1 }\n  - { name: x, hosts: sql, quorum: 1 }',
      '3:5: Redundancy set x cannot be used: another set has that name',
    ],
    ['sets:\n  - { name: x, hosts: "dc:&sql", quorum: 1 }', 'it wants 1 healthy members and has 0'],
  ])('%j is refused', (text, told) => {
    expect(problemsOf(sets(text)).join('\n')).toContain(told);
  });

  test('a set of which no member may ever reboot is warned of', () => {
    expect(warningsOf(sets('sets:\n  - { name: x, hosts: sql, quorum: 2 }'))[0]).toContain(
      'none of them can ever reboot',
    );
  });
});
