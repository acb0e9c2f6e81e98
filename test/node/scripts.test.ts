import { expect, test } from 'vitest';
import { packagedScripts } from '../../src/node/scripts.ts';

const scripts = packagedScripts();

test('a script is found by its name, with the fragments it includes in their place', () => {
  const { kind, name, text } = scripts.read('controls/smb1-server/get');

  expect({ kind, name }).toEqual({ kind: 'read', name: 'controls/smb1-server/get' });
  expect(text).toContain('function Read-Registry');
  expect(text).not.toContain('# include:');
});

test('only what reads can be read, and only what writes written', () => {
  expect(() => scripts.read('controls/smb1-server/set')).toThrow(TypeError);
  expect(() => scripts.read('engine/reboot-request')).toThrow(TypeError);
  expect(() => scripts.write('survey/facts')).toThrow(TypeError);
});

test('a fragment is no script of its own', () => {
  expect(() => scripts.read('control/read-state')).toThrow(TypeError);
});

test('a missing script is our own bug, and throws', () => {
  expect(() => scripts.read('controls/smb9-server/get')).toThrow(/ENOENT/);
});
