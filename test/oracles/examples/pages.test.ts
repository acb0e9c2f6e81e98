import { beforeAll, expect, test } from 'vitest';
import { pagesWithBlocks } from '../../docs/blocks.ts';
import { CertificateWorkshop, hasOpenssl } from '../../support/certificates.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { ExampleReader } from './example-reader.ts';

const examples = [...pagesWithBlocks().values()].flat().filter(({ language }) => language === 'ts');

test('the page of the client has examples', () => {
  expect(examples.length).toBeGreaterThan(10);
});

oracle(
  'examples of the pages, on a real PowerShell',
  () => findPowerShell() !== undefined && hasOpenssl(),
  () => {
    const workshop = new CertificateWorkshop();
    let reader: ExampleReader;
    beforeAll(async () => {
      reader = await ExampleReader.start(workshop);
    });

    test.each(examples)('$place does what it says', (example) => reader.run(example));

    test('one that fails, and one that prints something else, are found out', async () => {
      const page = { place: 'page.md:1', language: 'ts' };

      await expect(reader.run({ ...page, text: "throw new Error('no');" })).rejects.toThrow(
        'page.md:1 ended',
      );
      await expect(reader.run({ ...page, text: 'console.log(1); // prints: 2' })).rejects.toThrow('printed');
    });
  },
);
