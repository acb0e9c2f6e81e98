import { verifyRunJournal } from '../../app/verify-journal.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';

export const journalVerify: CommandSpec = {
  usage: 'journal verify <run>',
  summary: 'verify the record of a run: its hash chain, and that nothing is missing',
  examples: [
    ['countersign journal verify 20261124-2200-3f9a', 'against the heads kept apart'],
    ['countersign journal verify 20261124-2200-3f9a --head 412:9f3c…', 'against a head from a report'],
  ],
  options: (command) => {
    command.option('--head <seq:hash>', 'a head that was seen, as a report prints it');
  },
  run(call) {
    const [run = ''] = call.args;
    const given = text(call.options['head']);
    const head = given === undefined ? undefined : readHead(given);
    if (head === 'malformed') {
      call.io.err('--head is SEQ:HASH, as a report prints it\n');
      return exitCodes.usage;
    }
    const verdict = valueOf(verifyRunJournal(runtimeOf(call), run, head));
    const { integrity, completeness } = verdict;
    if (call.globals.json) printJson(call.io, { schema: 'countersign/journal@1', run, ...verdict });
    else {
      const show = (name: string, it: { readonly ok: boolean; readonly reason: string }) =>
        `${name.padEnd(13)} ${it.ok ? call.paint('good', 'ok') : call.paint('bad', 'BROKEN')}  ${it.reason}\n`;
      call.io.out(show('integrity', integrity) + show('completeness', completeness));
      call.io.out(`head          ${verdict.head.seq}:${verdict.head.hash}\n`);
    }
    const code: ExitCode = integrity.ok && completeness.ok ? exitCodes.done : exitCodes.failed;
    return code;
  },
};

function readHead(given: string): { readonly seq: number; readonly hash: string } | 'malformed' {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given);
  return match ? { seq: Number(match[1]), hash: match[2] ?? '' } : 'malformed';
}
