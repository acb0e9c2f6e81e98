import { expect, test } from 'vitest';
import { splitAccount } from '../../../src/wire/ntlm/account.ts';
import { upperCase } from '../../../src/wire/ntlm/upper-case.ts';

test.each([
  ['CORP\\ops', 'ops', 'CORP'],
  ['corp.example\\ops', 'ops', 'corp.example'],
  ['ops@corp.example', 'ops@corp.example', ''],
  ['ops', 'ops', ''],
  ['.\\Administrator', 'Administrator', ''],
  ['WEB-01\\local\\odd', 'local\\odd', 'WEB-01'],
])('the account %s is user %s of domain "%s"', (account, user, domain) => {
  expect(splitAccount(account)).toEqual({ user, domain });
});

test.each([
  ['user', 'USER'],
  ['i', 'I'],
  ['groß', 'GROß'],
  ['ıſµ', 'ıſµ'],
  ['Γιώργος', 'ΓΙΏΡΓΟΣ'],
  ['ǆ', 'Ǆ'],
  ['ǅ', 'ǅ'],
  ['ÿ', 'Ÿ'],
  ['𐐨🔑', '𐐨🔑'],
  ['ŉ', 'ŉ'],
])('%s in upper case is %s', (text, upper) => {
  expect(upperCase(text)).toBe(upper);
});
