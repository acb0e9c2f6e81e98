import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { packagedScripts } from '../../src/node/scripts.ts';
import { controlCases } from './control-case.ts';

const folder = join(import.meta.dirname, '../../src/controls');
const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const ids = folders.map(({ name }) => name);
const scripts = packagedScripts();

test('the catalog lists every folder of a control, by its own name', () => {
  expect([...controlCatalog.keys()].sort()).toEqual(ids.sort());
  for (const [id, control] of controlCatalog) expect(control.id).toBe(id);
});

describe.each(ids)('%s', (id) => {
  const control = controlCatalog.get(id);
  const cases = controlCases().filter((it) => it.control === id);

  test('has a declaration and two scripts', () => {
    expect(existsSync(join(folder, id, 'control.ts'))).toBe(true);
    expect(scripts.read(`controls/${id}/get`).text).not.toBe('');
    expect(scripts.write(`controls/${id}/set`).text).not.toBe('');
  });

  test('emits each declared field in get.ps1', () => {
    const { text } = scripts.read(`controls/${id}/get`);

    for (const { name } of control?.fields ?? []) expect(text).toMatch(new RegExp(`\\b${name}\\s+= `));
  });

  test('has cases for a host as wanted, one to change, one to leave to a person', () => {
    const kinds = cases.map(({ assessment }) => [
      assessment.compliance,
      assessment.blocker === undefined ? 'free' : 'blocked',
    ]);

    expect(kinds).toContainEqual(['compliant', 'free']);
    expect(kinds).toContainEqual(['drifted', 'free']);
    expect(kinds).toContainEqual(['drifted', 'blocked']);
  });

  test('says in a case what the scripts leave behind wherever they change something', () => {
    for (const { title, assessment, after } of cases) {
      expect({ title, has: after !== undefined }).toEqual({
        title,
        has: Object.keys(assessment.change).length > 0,
      });
    }
  });

  test('states exactly the declared fields in each case', () => {
    const names = control?.fields.map(({ name }) => name).sort();

    for (const { state } of cases) expect(Object.keys(state).sort()).toEqual(names);
  });

  test('refuses parameters that it does not know', () => {
    expect(control?.params.safeParse({ typo: true }).success).toBe(false);
  });
});
