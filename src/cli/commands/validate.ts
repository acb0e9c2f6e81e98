import { findProblems } from '../../app/load-inputs.ts';
import { quantity } from '../../core/quantity.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson, printProblems } from '../print.ts';

export const validate: CommandSpec = {
  usage: 'validate',
  summary: 'check inventory and playbook; every error as file:line:col',
  examples: [
    ['countersign validate', 'the default inventory and playbook'],
    ['countersign validate -i prod -p playbooks/smb.yml', 'these'],
  ],
  run(call) {
    const { problems, warnings, files } = valueOf(findProblems(runtimeOf(call), call.selection));
    if (call.globals.json) {
      printJson(call.io, {
        schema: 'countersign/validate@1',
        valid: problems.length === 0,
        problems,
        warnings,
      });
    } else {
      printProblems(call.io, warnings);
      printProblems(call.io, problems);
      const verdict =
        problems.length === 0
          ? call.paint('good', `Valid: ${quantity(files, 'file')}, no errors`)
          : call.paint('bad', `Invalid: ${quantity(problems.length, 'error')}`);
      const doubts = warnings.length === 0 ? '' : `, ${quantity(warnings.length, 'warning')}`;
      call.io.out(`${verdict}${doubts}\n`);
    }
    return problems.length === 0 ? exitCodes.done : exitCodes.invalidInput;
  },
};
