import { expect, test } from 'vitest';
import { failureCodes } from '../../src/core/failure-codes.ts';
import { generatedPages } from '../../tools/pages/pages.ts';
import { checkVariables } from './variables.ts';

const page = generatedPages().get('logon.md') ?? '';
const codes = Object.keys(failureCodes).filter((code) => /^(?:auth|tls|net|http)\./.test(code));

test.each(codes)('%s has its place among the reasons why a logon fails, with what it says', (code) => {
  const [, entry = ''] = page.split(`\n### ${code}\n`);

  expect(entry.split('\n#')[0]).toMatch(/^\n\S.+\n\n\*\*.+\*\*\n/);
});

test.each([
  'Connecting to {address}:{port} was refused',
  'Connecting to {address}:{port} timed out after {after}',
  'The certificate of {address}:{port} is for {names}, not for {wanted}',
])('the page can be searched for what is printed: %s', (text) => {
  expect(page).toContain(`**${text}**\n→ `);
});

test('variables without effect, or that make no target, are found out', () => {
  const good = 'ansible_connection: psrp\nansible_user: u\nansible_password: p\n';

  expect(() => {
    checkVariables(`${good}ansible_psrp_ca_certs: x\n`, 'page.md:1');
  }).toThrow(/page\.md:1: .*ansible_psrp_ca_certs/);
  expect(() => {
    checkVariables(`${good}countersign_tls_pin: AB\n`, 'page.md:1');
  }).toThrow(/page\.md:1: .*countersign_tls_pin/);
});
