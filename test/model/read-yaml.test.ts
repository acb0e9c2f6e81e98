import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Problem } from '../../src/model/document.ts';
import { plainOf } from '../../src/model/yaml-node.ts';
import { maxDocumentLength, readYaml } from '../../src/model/yaml-source.ts';
import type { YamlSource } from '../../src/model/yaml-source.ts';

function read(text: string, version: '1.1' | '1.2' = '1.2'): YamlSource {
  const source = readYaml(text, 'a.yml', { version });
  if (!source.ok) throw new Error(JSON.stringify(source.error));
  return source.value;
}

function problemsOf(text: string, version: '1.1' | '1.2' = '1.2'): readonly Problem[] {
  const source = readYaml(text, 'a.yml', { version });
  return source.ok ? [] : source.error;
}

const codesOf = (text: string, version: '1.1' | '1.2' = '1.2') =>
  problemsOf(text, version).map(({ line, column, code }) => `${line}:${column} ${code}`);

describe('scalars', () => {
  // Each was given to PyYAML 6.0 and to the specification's core schema.
  test.each([
    ['yes', true, 'yes'],
    ['Off', false, 'Off'],
    ['y', 'y', 'y'],
    ['true', true, true],
    ['~', null, null],
    ['', null, null],
    ['22:00', 1320, '22:00'],
    ['1:30.5', 90.5, '1:30.5'],
    ['010', 8, 10],
    ['0o10', '0o10', 8],
    ['0x1F', 31, 31],
    ['0b101', 5, '0b101'],
    ['1_000', 1000, '1_000'],
    ['-12', -12, -12],
    ['1e3', '1e3', 1000],
    ['1.5e+3', 1500, 1500],
    ['08', '08', 8],
    ['.5', 0.5, 0.5],
    ['.inf', '.inf', '.inf'],
    ['10.0.0.1', '10.0.0.1', '10.0.0.1'],
    ['2026-12-18', '2026-12-18', '2026-12-18'],
    ['9007199254740993', '9007199254740993', '9007199254740993'],
  ])(
    '%s is read as PyYAML does in an inventory, and by the core schema in a playbook',
    (text, in11, in12) => {
      expect(read(`a: ${text}`, '1.1').value).toEqual({ a: in11 });
      expect(read(`a: ${text}`, '1.2').value).toEqual({ a: in12 });
    },
  );

  test('quotes and !!str keep a text a text', () => {
    const { value } = read(`- "yes"\n- '010'\n- !!str 22:00\n- |-\n  no\n`, '1.1');

    expect(value).toEqual(['yes', '010', '22:00', 'no']);
  });
});

describe('positions', () => {
  const source = read('top:\n  - name: one\n    size: 2\n  - name: two\nlast: yes\n');

  test.each([
    [[], 1, 1],
    [['top', 0, 'name'], 2, 11],
    [['top', 1], 4, 5],
    [['last'], 5, 7],
    // What is not there points at the deepest thing on the way.
    [['top', 1, 'size'], 4, 5],
    [['top', 7], 2, 3],
  ])('%j stands at %i:%i', (path, line, column) => {
    expect(source.positionOf(path)).toEqual({ file: 'a.yml', line, column });
  });

  test('a key has a place of its own', () => {
    expect(source.keyPositionOf(['top', 0], 'size')).toMatchObject({ line: 3, column: 5 });
  });

  test('columns count after a byte order mark and with carriage returns', () => {
    const marked = read('\uFEFFa: 1\r\nb:\r\n  c: 2\r\n');

    expect(marked.value).toEqual({ a: 1, b: { c: 2 } });
    expect(marked.positionOf(['b', 'c'])).toMatchObject({ line: 3, column: 6 });
  });
});

describe('maps', () => {
  test('a repeated key is an error in a playbook, and wins with a warning in an inventory', () => {
    const text = 'a: 1\nb: 2\na: 3\n';

    expect(codesOf(text)).toEqual(['3:1 yaml.duplicate-key']);
    const lenient = read(text, '1.1');
    expect(lenient.value).toEqual({ a: 3, b: 2 });
    expect(lenient.warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 Key a was already given on line 1',
    ]);
  });

  test('merge keys count in an inventory: own keys win, then earlier maps', () => {
    const text = 'a: &a { x: 1, y: 1 }\nb: &b { x: 2, z: 2 }\nc:\n  y: 3\n  <<: [*a, *b]\n';

    expect(read(text, '1.1').value).toMatchObject({ c: { x: 1, y: 3, z: 2 } });
    expect(Object.keys((read(text).value as { c: object }).c)).toEqual(['y', '<<']);
  });

  test('__proto__ is a key like any other', () => {
    const { value } = read('__proto__: { polluted: yes }');

    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('a key that is a list is refused at its place', () => {
    expect(codesOf('a: 1\n? [b]\n: 2\n')).toEqual(['2:3 yaml.key']);
  });
});

describe('what is refused', () => {
  test.each([
    ['a: [1, 2', 'yaml.syntax'],
    ['a: b: c', 'yaml.syntax'],
    ['a: 1\n--- \nb: 2', 'yaml.syntax'],
    ['a: *nobody', 'yaml.alias'],
    ['a: &a [1, *a]', 'yaml.alias'],
    ['a: !ruby/object x', 'yaml.tag'],
    ['a: !vault x', 'yaml.tag'],
    ['a: !!set { x }', 'yaml.tag'],
  ])('%j is %s', (text, code) => {
    expect(problemsOf(text).map((it) => it.code)).toContain(code);
  });

  test('every mistake is told, not only the first', () => {
    expect(codesOf('a: *x\nb: !y z\nc: 1\nc: 2\n')).toEqual([
      '1:4 yaml.alias',
      '2:7 yaml.tag',
      '4:1 yaml.duplicate-key',
    ]);
  });

  test('a billion laughs are not expanded', () => {
    const lines = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
    for (let level = 1; level < 30; level++)
      lines.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);

    expect(problemsOf(lines.join('\n')).map(({ code }) => code)).toEqual(['document.too-large']);
  });

  test.each(['[', '- ', '{a: ', '? '])('ten thousand times %j is refused, not followed', (level) => {
    expect(codesOf(level.repeat(10_000))).toEqual(['1:1 document.too-large']);
  });

  test('the deepest nesting that is allowed is read', () => {
    expect(codesOf('['.repeat(64) + ']'.repeat(64))).toEqual([]);
    expect(codesOf('['.repeat(65) + ']'.repeat(65))).toEqual(['1:1 document.too-large']);
  });

  test('a nesting that aliases pile up is refused too', () => {
    const lines = ['a0: &a0 [x]'];
    for (let level = 1; level < 100; level++) lines.push(`a${level}: &a${level} [*a${level - 1}]`);

    expect(codesOf(lines.slice(0, 50).join('\n'))).toEqual([]);
    expect(codesOf(lines.join('\n'))).toEqual(['64:12 document.too-large']);
  });

  test('a document of more than ten million characters is not parsed', () => {
    expect(codesOf('#'.repeat(maxDocumentLength + 1))).toEqual(['1:1 document.too-large']);
  });
});

test('what the yaml package writes is read back as it was', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree')),
      fc.dictionary(fc.string(), tie('tree')),
    ),
  }));

  fc.assert(
    fc.property(tree, (value) => {
      const source = readYaml(stringify(value, { aliasDuplicateObjects: false }), 'a.yml', {
        version: '1.2',
      });

      if (!source.ok) throw new Error(JSON.stringify(source.error));
      expect(JSON.stringify(plainOf(source.value.root))).toBe(JSON.stringify(value));
    }),
  );
});

const signs = Array.from('ab:-[]{}&*!|>#\'"\n \t<?,%@`\\0');

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...signs) }), (text) => {
      readYaml(text, 'a.yml', { version: '1.1' });
      readYaml(text, 'a.yml', { version: '1.2' });
    }),
  );
});
