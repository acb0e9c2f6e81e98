import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

const globalOptions = (): readonly Option[] => [
  new Option('-i, --inventory <path>', 'inventory file or folder; repeatable, later wins').argParser(collect),
  new Option('-p, --playbook <file>', 'playbook'),
  new Option('-l, --limit <pattern>', 'only these of the selected hosts'),
  new Option('-e, --extra <key=value>', 'variable that beats the inventory; repeatable').argParser(
    collectPair,
  ),
  new Option('--json', 'one JSON document on stdout'),
  new Option('--events <format>', 'run events on stdout').choices(['ndjson']),
  new Option('--no-color', 'no colour'),
  new Option('--forks <n>', 'hosts asked at a time').argParser(positive),
  new Option('--state-dir <dir>', 'where runs are recorded (default: .countersign)'),
  new Option('--lab', 'use a simulated fleet instead of the network'),
  new Option('--detailed-exitcode', 'plan: exit 2 when changes are due'),
  new Option('-v, --verbose', 'say more'),
];

/** Adds the options that every command takes: to the program and to each command, so that they may stand on either side of its name. */
export function addGlobalOptions(command: Command, hidden: boolean): void {
  for (const option of globalOptions()) command.addOption(hidden ? option.hideHelp() : option);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function collectPair(
  value: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const cut = value.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('write it as KEY=VALUE');
  return { ...before, [value.slice(0, cut)]: value.slice(cut + 1) };
}

function positive(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number from 1');
  return count;
}

/** All options of a command line, those before the command's name among them. */
export function optionsOf(command: Command): Readonly<Record<string, unknown>> {
  const before = command.parent === null ? {} : optionsOf(command.parent);
  return mergeOptions(before, command.opts());
}

/** Options before and after the command's name are one command line: what may be repeated adds up. */
function mergeOptions(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const sources = (it: typeof before) => (it['inventory'] as readonly string[] | undefined) ?? [];
  const extras = (it: typeof before) => it['extra'] as Readonly<Record<string, string>> | undefined;
  return {
    ...before,
    ...after,
    inventory: [...sources(before), ...sources(after)],
    extra: { ...extras(before), ...extras(after) },
  };
}
