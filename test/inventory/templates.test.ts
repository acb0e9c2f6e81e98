import { describe, expect, test } from 'vitest';
import { hostOf, inventoryOf, problemsOf, varsOf, warningsOf } from './fixture.ts';

function withVars(vars: string) {
  const lines = vars.split('\n').map((line) => `    ${line}\n`);
  return { 'inv/h.yml': `web:\n  hosts:\n    a.corp.example:\n  vars:\n${lines.join('')}` };
}

/** Value of variable `v` on the one host. */
function valueOf(vars: string, env: Record<string, string> = {}): unknown {
  return varsOf(inventoryOf(withVars(vars), { env }), 'a.corp.example')['v'];
}

describe('templates give', () => {
  test.each([
    ['v: "{{ other }}"\nother: 5985', 5985],
    ['v: "{{ other }}"\nother: [1, 2]', [1, 2]],
    ['v: "x-{{ other }}-y"\nother: yes', 'x-True-y'],
    ['v: "{{ inventory_hostname }}"', 'a.corp.example'],
    ['v: "{{ inventory_hostname_short | upper }}"', 'A'],
    ['v: "{{ group_names }}"', ['web']],
    ['v: "{{ missing | default(\'d\') }}"', 'd'],
    ['v: "{{ missing | default(other) | lower }}"\nother: ABC', 'abc'],
    ['v: "{{ empty | default(\'d\') }}"\nempty: ""', ''],
    ['v: "{{ empty | default(\'d\', true) }}"\nempty: ""', 'd'],
    ['v: "{{ map.key[\'deep\'][1] }}"\nmap: { key: { deep: [1, 2] } }', 2],
    ['v: "{{ map.nothing | default(3) }}"\nmap: {}', 3],
    ["v: \"{{ lookup('env', 'X') | default('d') }}\"", 'd'],
    ['v: "{{ a }}"\na: "{{ b }}{{ b }}"\nb: "{{ c }}"\nc: x', 'xx'],
    ['v: { in: ["{{ other }}"] }\nother: 1', { in: [1] }],
    ['v: "{{ missing | default(\'CORP\\\\svc\') }}"', 'CORP\\svc'],
    ['v: "{{ missing | default(\'a\\\\\\\\b\\\\tc\') }}"', 'a\\b\tc'],
    ['v: !unsafe "{{ other }}"', '{{ other }}'],
    ['v: "100% {real}"', '100% {real}'],
  ])('%s', (vars, value) => {
    expect(valueOf(vars)).toEqual(value);
  });

  test('the environment, which is not read for templates again', () => {
    expect(valueOf("v: \"{{ lookup('env', 'X') }}\"", { X: '{{ other }}' })).toBe('{{ other }}');
  });
});

describe('a template that cannot be resolved, in a variable that we use, is an error at its place', () => {
  test.each([
    ['{{ missing }}', 'there is no variable missing'],
    ['{{ ansible_host }}', 'it refers to itself (ansible_host → ansible_host)'],
    ['{% if x %}y{% endif %}', 'statements ({% %}) and comments ({# #}) are not understood'],
    ["{{ x | regex_replace('a', 'b') }}", 'the filter regex_replace is not understood'],
    ["{{ lookup('file', '/etc/passwd') }}", "the only lookup is lookup('env', 'NAME')"],
    ["{{ hostvars['b'].x }}", 'there is no variable hostvars'],
    ['{{ query(1) }}', 'the function query() is not understood'],
    ['{{ 1 + 1 }}', '+ 1 }} is not understood'],
    ['{{ x', 'an expression is not closed by }}'],
    ['x {{ group_names }}', 'a list or map cannot become part of a text'],
    ['{{ }}', 'an expression is missing'],
    ['{{- x }}', '- x }} is not understood'],
  ])('%s', (template, reason) => {
    expect(problemsOf(withVars(`ansible_host: ${JSON.stringify(template)}`))[0]).toContain(
      `inv/h.yml:5:5: Variable ansible_host of a.corp.example cannot be resolved: ${reason} (inventory.template)`,
    );
  });

  test('names one host and counts the others', () => {
    const files = { 'inv/h.yml': 'web:\n  hosts:\n    a[1:3]:\n  vars:\n    ansible_host: "{{ x }}"\n' };

    expect(problemsOf(files)).toHaveLength(1);
    expect(problemsOf(files)[0]).toContain('of a1 (and 2 more) cannot');
  });
});

test('in a variable that nothing here reads it is a warning, and the value stays as written', () => {
  const files = withVars('motd: "{{ x | to_json }}"');

  expect(warningsOf(files)[0]).toContain('inv/h.yml:5:5: Variable motd of a.corp.example cannot be resolved');
  expect(hostOf(inventoryOf(files), 'a.corp.example').vars.get('motd')).toMatchObject({
    value: '{{ x | to_json }}',
    unresolved: { code: 'inventory.template' },
  });
});

test('an environment variable that is not set refuses the host, not the inventory', () => {
  const files = withVars("ansible_password: \"{{ lookup('env', 'PW') }}\"");

  expect(warningsOf(files)).toEqual([
    'inv/h.yml:5:5: Variable ansible_password of a.corp.example needs the environment variable PW, which is not set (inventory.environment) | Set PW in .env or in the environment.',
  ]);
  expect(hostOf(inventoryOf(files), 'a.corp.example').vars.get('ansible_password')).toMatchObject({
    unresolved: { code: 'inventory.environment', details: { host: 'a.corp.example', name: 'PW' } },
  });
});

test('texts that grow without bound are stopped', () => {
  const doubling = Array.from({ length: 40 }, (_, at) => `v${at}: "{{ v${at + 1} }}{{ v${at + 1} }}"`);

  expect(warningsOf(withVars([...doubling, 'v40: xxxxxxxx'].join('\n'))).join('\n')).toContain(
    'its text grows too long',
  );
});

describe('a value is secret', () => {
  const secretOf = (vars: string, env = {}) =>
    hostOf(inventoryOf(withVars(vars), { env }), 'a.corp.example').vars.get('v')?.secret;

  test.each([
    ["v: \"{{ lookup('env', 'X') }}\"", 'when it comes from the environment'],
    [
      'v: "user-{{ x }}"\nx: "{{ lookup(\'env\', \'X\') }}"',
      'when a part of it does, through other variables',
    ],
    ['v: "{{ ansible_password | upper }}"\nansible_password: p', 'when it is made from a password'],
    ['v: { login: { api_token: t } }', 'when a member of it is called like a secret'],
    ['v: "{{ my_secret.name }}"\nmy_secret: { name: n }', 'when it is a member of one'],
  ])('%s', (vars) => {
    expect(secretOf(vars, { X: 'x' })).toBe(true);
  });

  test.each(['v: plain', "v: \"{{ lookup('env', 'Y') | default('x') }}\""])('but not %s', (vars) => {
    expect(secretOf(vars)).toBe(false);
  });

  test.each([
    'ansible_password',
    'ansible_winrm_pass',
    'db_pwd',
    'vault_secret',
    'ApiKey',
    'ssh_private_key',
    'auth_token',
  ])('%s is a name of a secret', (name) => {
    expect(hostOf(inventoryOf(withVars(`${name}: x`)), 'a.corp.example').vars.get(name)?.secret).toBe(true);
  });
});
