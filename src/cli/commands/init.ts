import { initProject } from '../../app/init.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';

export const init: CommandSpec = {
  usage: 'init [dir]',
  summary: 'write a small inventory, playbook and .env.example with comments',
  examples: [
    ['countersign init', 'into the working directory'],
    ['countersign init rollout', 'into a new folder'],
  ],
  run(call) {
    const { files, cwd } = runtimeOf(call);
    const directory = call.args[0] ?? '.';
    const written = valueOf(initProject(files, cwd, directory));
    if (call.globals.json) printJson(call.io, { schema: 'countersign/init@1', directory, written });
    else {
      call.io.out(
        `${written.map((path) => `wrote ${directory === '.' ? path : `${directory}/${path}`}`).join('\n')}\n`,
      );
      call.io.out(
        'Next: edit inventories/hosts.yml, copy .env.example to .env, then: countersign validate\n',
      );
    }
    return exitCodes.done;
  },
};
