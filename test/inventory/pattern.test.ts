import { describe, expect, test } from 'vitest';
import { evaluatePattern, matchPattern } from '../../src/inventory/pattern.ts';
import { inventoryOf } from './fixture.ts';

const inventory = inventoryOf({
  'inv/hosts.yml': `
all:
  children:
    servers:
      children:
        web:
          hosts:
            web-[1:4]:
        dc:
          hosts:
            dc-1:
            dc-2:
        empty:
    clients:
      hosts:
        ws-1.corp.example:
        ws-2.corp.example:
    canary:
      hosts:
        web-2:
        ws-1.corp.example:
    dc-1:
      hosts:
        web-1:
        web-3:
    v6:
      hosts:
        2001:db8::1:
`,
});

const ws = ['ws-1.corp.example', 'ws-2.corp.example'];
const web = ['web-1', 'web-2', 'web-3', 'web-4'];

describe('a pattern selects', () => {
  test.each([
    ['web', web],
    ['web,dc', [...web, 'dc-1', 'dc-2']],
    ['dc:web', ['dc-1', 'dc-2', ...web]],
    [' web , dc ', [...web, 'dc-1', 'dc-2']],
    // The signs count after the plain terms, wherever they stand.
    ['!canary:web', ['web-1', 'web-3', 'web-4']],
    ['&canary:servers', ['web-2']],
    ['servers:&canary:!web', []],
    ['!servers', [...ws, '2001:db8::1']],
    // In the order of `all`, which goes level by level.
    ['&canary', ['ws-1.corp.example', 'web-2']],
    // A host's name beats a group of the same name; the group is meant behind a sign, as in Ansible.
    ['dc-1', ['dc-1']],
    ['web:!dc-1', ['web-2', 'web-4']],
    ['web-?', web],
    // At its end a number in brackets would be a subscript.
    ['web-[13]*', ['web-1', 'web-3']],
    ['web-[!13]', ['web-2', 'web-4']],
    ['*.corp.example', ws],
    ['w[es]*-1*', ['web-1', 'ws-1.corp.example']],
    ['~web-(1|3)', ['web-1', 'web-3']],
    ['~.*-[12]$', ['web-1', 'web-3', 'web-2', 'dc-1', 'dc-2']],
    ['~(?i)WEB-1', ['web-1']],
    ['~(?P<kind>ws)-2', ['ws-2.corp.example']],
    [String.raw`~web-\d\Z`, web],
    ['web[0]', ['web-1']],
    ['web[-1]', ['web-4']],
    ['web[1:2]', ['web-2', 'web-3']],
    ['web[2:]', ['web-3', 'web-4']],
    ['web[1:99]', ['web-2', 'web-3', 'web-4']],
    ['servers:!web[0:1]', ['web-3', 'web-4', 'dc-1', 'dc-2']],
    ['2001:db8::1', ['2001:db8::1']],
    ['empty', []],
    ['web,empty', web],
  ])('%s', (text, hosts) => {
    const match = matchPattern(inventory, text);

    if (!match.ok) throw match.error;
    expect(match.value).toEqual(hosts);
  });
});

describe('a term that matches nothing is an error', () => {
  test.each([
    ['wbe', 'wbe', 'web'],
    ['web,wbe', 'wbe', 'web'],
    // The typing error that lets Ansible select the domain controllers.
    ['all:!dcc', '!dcc', 'dc'],
    ['all:&canray', '&canray', 'canary'],
    ['all:!nothing-*', '!nothing-*', undefined],
    ['all:!~nothing', '!~nothing', undefined],
    ['nothing-*', 'nothing-*', undefined],
    // Read as a host with a port, as Ansible does.
    ['web:80', 'web:80', undefined],
  ])('%s', (text, term, near) => {
    expect(matchPattern(inventory, text)).toMatchObject({
      ok: false,
      error: { code: 'inventory.unmatched', details: { term, pattern: text, near } },
    });
  });

  test('but a glob beside terms that match is a warning', () => {
    const match = evaluatePattern(inventory, 'web,nothing-*');

    if (!match.ok) throw match.error;
    expect(match.value.hosts).toEqual(web);
    expect(match.value.warnings.map(({ message }) => message)).toEqual([
      'nothing-* in pattern web,nothing-* matches no host and no group',
    ]);
  });
});

describe('a pattern that cannot be read says why', () => {
  test.each([
    ['', 'it is empty'],
    ['web:!', 'a name must follow the sign'],
    ['~', 'the regular expression is empty'],
    ['~web-(1', /unterminated/i],
    ['~(?x)web', 'of the flags only i, m and s can be used'],
    ['~web(?>-)1', 'atomic groups, (?>…), exist only in Python'],
    ['~web-1*+', 'possessive quantifiers exist only in Python'],
    ['web[9]', 'it selects from 4 hosts, and there is none at that place'],
    ['web[7:9]', 'it selects from 4 hosts, and there is none at that place'],
    ['web[3:1]', 'the subscript ends before it begins'],
    ['web[1-3]', 'write the subscript as [first:last]'],
    ['web-[z-a]', /order/i],
    ['@hosts.txt', 'a list of hosts in a file (@FILE) is not supported yet'],
    ['x'.repeat(20_000), 'it is too long'],
  ])('%s', (text, reason) => {
    const match = matchPattern(inventory, text);

    expect(match).toMatchObject({ ok: false, error: { code: 'inventory.pattern' } });
    if (!match.ok) expect(match.error.details['reason']).toMatch(reason);
  });
});
