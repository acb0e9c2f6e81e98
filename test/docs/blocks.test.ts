import { describe, expect, test } from 'vitest';
import { commandsOf, pagesWithBlocks } from './blocks.ts';
import { Walk } from './walk.ts';

describe('every command and document of', () => {
  test.each([...pagesWithBlocks()])(
    '%s works as it stands, in order',
    { timeout: 60_000 },
    async (_page, blocks) => {
      const reader = new Walk();

      for (const block of blocks) await reader.follow(block);
    },
  );
});

test('the README has commands and documents to follow', () => {
  const languages = pagesWithBlocks()
    .get('README.md')
    ?.map(({ language }) => language);

  expect(languages).toEqual(expect.arrayContaining(['sh', 'yaml', 'dotenv']));
});

test('a shell block is commands without comments, quoted words whole', () => {
  expect(commandsOf(`a 'b c' "d"  # said\n\n# nothing\ne --f=g && cd h`)).toEqual([
    ['a', 'b c', 'd'],
    ['e', '--f=g'],
    ['cd', 'h'],
  ]);
});

test.each([
  ['an unknown command', { place: 'page.md:1', language: 'sh', text: 'countersign stauts' }],
  ['an unknown option', { place: 'page.md:1', language: 'sh', text: 'countersign init x --forse' }],
  ['a script that is not there', { place: 'page.md:1', language: 'sh', text: 'npm run benhc' }],
  ['a program that nothing tests', { place: 'page.md:1', language: 'sh', text: 'curl example.org' }],
  ['a language that nothing tests', { place: 'page.md:1', language: 'ruby', text: 'puts 1' }],
  ['a document without a reader', { place: 'page.md:1', language: 'yaml', text: 'colours: [red]' }],
])('a page with %s is found out', async (_what, block) => {
  await expect(new Walk().follow(block)).rejects.toThrow('page.md:1');
});
