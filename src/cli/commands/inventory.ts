import { describeInventory } from '../../app/describe-inventory.ts';
import type { Host } from '../../model/inventory.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import type { Paint } from '../io.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson, printProblems } from '../print.ts';
import { table } from '../table.ts';

export const inventory: CommandSpec = {
  usage: 'inventory [pattern]',
  summary: 'resolved hosts and variables, each with its origin',
  examples: [
    ['countersign inventory', 'all hosts'],
    ['countersign inventory --graph', 'the tree of groups'],
    ["countersign inventory 'canary:&clients' --json", 'a selection as JSON'],
  ],
  options: (command) => {
    command.option('--graph', 'the tree of groups and hosts');
  },
  run(call) {
    const described = valueOf(describeInventory(runtimeOf(call), call.selection));
    if (call.globals.json) printJson(call.io, described.document);
    else {
      printProblems(call.io, described.warnings);
      const text = call.options['graph'] === true ? described.graph : hostsView(described.hosts, call.paint);
      call.io.out(text.endsWith('\n') ? text : `${text}\n`);
    }
    return exitCodes.done;
  },
};

const hostsView = (hosts: readonly Host[], paint: Paint): string =>
  hosts.map((host) => hostView(host, paint)).join('\n\n');

function hostView(host: Host, paint: Paint): string {
  const rows = [...host.vars].map(([name, { value, from, secret }]) => {
    const shown = secret ? '[secret]' : typeof value === 'string' ? value : JSON.stringify(value);
    const place = from.line === undefined ? from.file : `${from.file}:${from.line}`;
    return [`  ${name}`, shown, paint('dim', from.group === undefined ? place : `${place} (${from.group})`)];
  });
  return `${paint('bold', host.name)}  ${paint('dim', host.groups.join(' '))}\n${table(rows)}`;
}
