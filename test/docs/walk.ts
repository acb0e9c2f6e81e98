import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { onTestFinished } from 'vitest';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Block } from './blocks.ts';
import { commandsOf } from './blocks.ts';
import { checkVariables } from './variables.ts';

/** Exit codes that a reader of the page may meet on simulated hosts that were never hardened; 0 elsewhere. */
const codes: Readonly<Record<string, number>> = { status: 1, apply: 3 };

const documents = [
  { key: 'all', file: 'inventories/hosts.yml' },
  { key: 'version', file: 'playbooks/smb-hardening.yml' },
  { key: 'sets', file: 'inventories/countersign.yml' },
];

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Somebody who does what a page says, block by block, in a folder of their own and on simulated hosts. */
export class Walk {
  #folder = mkdtempSync(join(tmpdir(), 'countersign-docs-'));

  constructor() {
    const top = this.#folder;
    onTestFinished(() => {
      rmSync(top, { recursive: true, force: true });
    });
  }

  /** Does one block; rejects when it cannot be done or does not end as the page lets expect. */
  async follow({ place, language, text }: Block): Promise<void> {
    if (language === 'sh') for (const words of commandsOf(text)) await this.#command(words, place);
    else if (language === 'yaml' && text.startsWith('ansible_')) checkVariables(text, place);
    else if (language === 'yaml') await this.#document(text, place);
    else if (language === 'dotenv') this.#environment(text, place);
    // Run by test/oracles/examples; and commands for hosts are read by test/windows/pages.test.ts.
    else if (language === 'ts' || language === 'powershell') return;
    else throw new Error(`${place}: nothing tests a block of ${language || 'no language'}`);
  }

  async #command(words: readonly string[], place: string): Promise<void> {
    const line = words.join(' ');
    const [program, first = ''] = words;
    const fromCheckout = /^npm (?:--prefix \S+ )?run -s countersign -- /.exec(line)?.[0];
    if (program === 'cd') this.#folder = join(this.#folder, first);
    else if (program === 'countersign') await this.#countersign(words.slice(1), place);
    else if (fromCheckout) await this.#countersign(line.slice(fromCheckout.length).split(' '), place);
    else if (program === 'npm' && first === 'install') return;
    else if (program === 'npm') this.#script(words[first === 'run' ? 2 : 1] ?? '', place);
    else throw new Error(`${place}: nothing tests \`${line}\``);
  }

  /** Scripts of the repository have tests of their own; here they must only be there. */
  #script(name: string, place: string): void {
    if (manifest.scripts[name] === undefined) throw new Error(`${place}: package.json has no script ${name}`);
  }

  async #countersign(argv: readonly string[], place: string): Promise<void> {
    const [command = ''] = argv;
    // Windows open at night; a reader may wait for them.
    const once = command === 'apply' ? ['--once'] : [];
    let printed = '';
    const print = (text: string) => (printed += text);
    const code = await runCli([...argv, ...once, '--lab'], {
      io: { out: print, err: print, terminal: false, color: false, columns: 100 },
      ...{ cwd: this.#folder, env: {}, onStop: () => () => undefined },
      leave: (exitCode) => {
        throw new Error(`left with ${exitCode}`);
      },
    });
    const expected = codes[command] ?? 0;
    if (code !== expected)
      throw new Error(`${place}: \`countersign ${argv.join(' ')}\` ended with ${code}:\n${printed}`);
  }

  async #document(text: string, place: string): Promise<void> {
    const found = documents.find(({ key }) => text.startsWith(`${key}:`) || text.includes(`\n${key}:`));
    if (!found) throw new Error(`${place}: no reader for this document`);
    writeFileSync(join(this.#folder, found.file), text);
    await this.#countersign(['validate'], place);
  }

  #environment(text: string, place: string): void {
    const names = Object.keys(parse(text));
    const known = Object.keys(parse(readFileSync(join(this.#folder, '.env.example'))));
    const unknown = names.filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new Error(`${place}: .env.example has no ${unknown.join(', ')}`);
    writeFileSync(join(this.#folder, '.env'), text);
  }
}
