import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { pagesWithBlocks } from '../docs/blocks.ts';
import { oracle } from '../support/oracles.ts';
import { findPowerShell } from '../support/powershell.ts';
import { StandInWindows } from './stand-in-windows.ts';

const Syntax = z.object({ errors: z.array(z.string()), newer: z.array(z.string()) });
const reader = readFileSync(join(import.meta.dirname, 'read-syntax.ps1'), 'utf8');

oracle(
  'PowerShell to read the commands of pages',
  () => findPowerShell() !== undefined,
  () => {
    let windows: StandInWindows;
    beforeAll(async () => {
      windows = await StandInWindows.start();
    });
    afterAll(() => windows.stop());

    /** What the real parser has against commands; also what Windows PowerShell does not know yet. */
    const objectionsTo = async (text: string): Promise<readonly string[]> => {
      const read = await windows.run(
        { kind: 'read', name: 'test/read-syntax', text: reader },
        { Text: text },
      );
      const { errors, newer } = Syntax.parse(read);
      return [...errors, ...newer];
    };

    const blocks = [...pagesWithBlocks().values()].flat().filter(({ language }) => language === 'powershell');

    test.each(blocks)('the commands at $place are Windows PowerShell', async ({ text }) => {
      expect(await objectionsTo(text)).toEqual([]);
    });

    test.each(['New-Item -Path {', 'Get-Item x && Get-Item y'])('%j is not', async (text) => {
      expect(await objectionsTo(text)).not.toEqual([]);
    });
  },
);
