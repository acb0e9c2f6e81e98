import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packagedScripts } from '../../src/node/scripts.ts';
import { findPowerShell } from '../support/powershell.ts';
import { oracle } from '../support/oracles.ts';
import { StandInWindows } from './stand-in-windows.ts';
import { classes, commands, types } from './vocabulary.ts';

const source = join(import.meta.dirname, '../../src');
const files = globSync('**/*.ps1', { cwd: source }).map((file) => file.replaceAll('\\', '/').slice(0, -4));
const scripts = packagedScripts();
const entries = files.filter((name) => /\/(get|set|facts|readiness|rights|reboot-[a-z]+)$/.test(name));
const reader = readFileSync(join(import.meta.dirname, 'read-syntax.ps1'), 'utf8');

const Syntax = z.object({
  errors: z.array(z.string()),
  newer: z.array(z.string()),
  commands: z.array(z.string()),
  types: z.array(z.string()),
  strings: z.array(z.string()),
});

/** What a script may not do on a host; empty for one that we may ship. */
function objections(syntax: z.infer<typeof Syntax>): readonly string[] {
  const unknownTypes = syntax.types.filter((name) => !has(types, name));
  const unknownClasses = syntax.strings.filter(
    (text) => /^[A-Za-z0-9]+_[A-Za-z]+$/.test(text) && !has(classes, text),
  );
  return [
    ...syntax.errors,
    ...syntax.newer,
    ...syntax.commands.filter((name) => !has(commands, name)),
    ...unknownTypes.map((name) => `[${name}]`),
    ...unknownClasses,
  ];
}

function has(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || [...names].some((known) => known.toLowerCase() === name.toLowerCase());
}

oracle(
  'the syntax of the scripts, by the real parser',
  () => findPowerShell() !== undefined,
  () => {
    let windows: StandInWindows;
    beforeAll(async () => {
      windows = await StandInWindows.start();
    });
    afterAll(async () => {
      await windows.stop();
    });
    const objectionsTo = async (text: string): Promise<readonly string[]> => {
      const read = await windows.run(
        { kind: 'read', name: 'test/read-syntax', text: reader },
        { Text: text },
      );
      return objections(Syntax.parse(read));
    };

    test.each(entries)('%s keeps to Windows PowerShell 3.0 and to the vocabulary', async (name) => {
      const { text } = /\/(set|reboot-request)$/.test(name) ? scripts.write(name) : scripts.read(name);

      expect(await objectionsTo(text)).toEqual([]);
    });

    test('each file is sent by itself or as part of another', () => {
      const included = entries.map((name) => readFileSync(join(source, `${name}.ps1`), 'utf8')).join('\n');

      for (const name of files.filter((file) => !entries.includes(file)))
        expect(included).toContain(`# include: ${name}\n`);
    });

    describe('objects to', () => {
      test.each([
        ['a ternary', '$x = $true ? 1 : 2', 'TernaryExpressionAst'],
        ['pipeline chains', 'Get-Service a && Get-Service b', 'PipelineChainAst'],
        ['null coalescing', '$x = $y ?? 1', 'QuestionQuestion'],
        ['null-coalescing assignment', '$x ??= 1', 'QuestionQuestionEquals'],
        ['null-conditional members', '$x = ${y}?.Name', 'NullConditional'],
        ['classes', 'class A { }', 'TypeDefinitionAst'],
        ['enums', 'enum A { B }', 'TypeDefinitionAst'],
        ['using', 'using namespace System', 'UsingStatementAst'],
        ['constructors by new', '[DateTime]::new(2026, 1, 1)', '.new()'],
        ['where methods', '@(1).Where({ $_ })', '.Where()'],
        ['background jobs', 'Get-Service a &', 'Background'],
        ['clean blocks', 'function A { clean { } }', 'CleanBlock'],
        ['parallel loops', '1 | ForEach-Object -Parallel { }', '-Parallel'],
        ['binary numbers', '$x = 0b11', 'number 0b11'],
        ['new string escapes', '$x = "a`u{41}"', 'string escape'],
        ['text that does not parse', 'if (', 'IfStatementMissingCondition'],
        ['commands outside the vocabulary', 'Invoke-Expression 1', 'Invoke-Expression'],
        ['aliases', '1 | % { $_ }', '%'],
        ['commands that are put together', '& "Get-$x"', 'dynamic: & "Get-$x"'],
        [
          'types that reach past the cmdlets',
          '[Microsoft.Win32.Registry]::LocalMachine',
          '[Microsoft.Win32.Registry]',
        ],
        ['classes outside the vocabulary', 'Get-CimInstance -ClassName Win32_Product', 'Win32_Product'],
      ])('%s', async (_, text, objection) => {
        expect(await objectionsTo(text)).toContain(objection);
      });
    });
  },
);
