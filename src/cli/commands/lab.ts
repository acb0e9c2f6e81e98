import { serveLab } from '../../compose/serve-lab.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';

export const lab: CommandSpec = {
  usage: 'lab',
  summary: 'serve a simulated fleet on loopback until interrupted, with an inventory for it',
  examples: [
    ['countersign lab --hosts 24 --seed 7', 'a made-up fleet; the same seed gives the same fleet'],
    ['countersign lab --scenario fleet.yml --log lab.ndjson', 'described hosts, and what each of them saw'],
    ['countersign status -i lab-inventory.yml', 'in another terminal'],
  ],
  options: (command) => {
    command
      .option('--hosts <n>', 'how many hosts (default: 24)')
      .option('--seed <s>', 'makes the fleet (default: countersign)')
      .option('--scenario <file>', 'a YAML file that describes the hosts, in place of --hosts')
      .option('--log <file>', 'NDJSON of what each host saw')
      .option('--write-inventory <file>', 'where to write the inventory (default: lab-inventory.yml)');
  },
  async run(call) {
    const count = Number(text(call.options['hosts']) ?? '24');
    if (!Number.isInteger(count) || count < 1 || count > 5000) {
      call.io.err('--hosts is a whole number from 1 to 5000\n');
      return exitCodes.usage;
    }
    const inventory = text(call.options['writeInventory']) ?? 'lab-inventory.yml';
    const scenario = text(call.options['scenario']);
    const log = text(call.options['log']);
    const { cwd, env } = call;
    const served = await serveLab(
      {
        cwd,
        env,
        stateDir: call.globals.stateDir,
        hosts: count,
        seed: text(call.options['seed']) ?? 'countersign',
        ...(scenario === undefined ? {} : { scenario }),
        ...(log === undefined ? {} : { log }),
        inventory,
        onReady: (hosts) => {
          if (call.globals.json) printJson(call.io, { schema: 'countersign/lab@1', inventory, hosts });
          else {
            call.io.out(`${hosts.length} simulated hosts on loopback; inventory: ${inventory}\n`);
            call.io.out(`Try: countersign -i ${inventory} status\nCtrl-C ends the lab.\n`);
          }
        },
      },
      call.interrupt,
    );
    valueOf(served);
    return exitCodes.done;
  },
};
