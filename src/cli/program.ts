import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Selection } from '../app/selection.ts';
import type { Call, CommandGroup, CommandSpec, GlobalOptions } from './command.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** What a command line asks for, before the outside is composed. */
export type Invocation = Pick<Call, 'args' | 'options' | 'globals' | 'selection'> & {
  readonly spec: CommandSpec;
};

/** How a command line was read: a call to carry out, or an exit (help, version, a mistake). */
export type Parsed =
  | { readonly kind: 'call'; readonly invocation: Invocation }
  | { readonly kind: 'exit'; readonly code: ExitCode };

/**
 * Reads a command line.
 *
 * @param argv - Arguments without the program's own name.
 * @param io - Help goes to its stdout, mistakes to its stderr.
 */
export async function parseArguments(
  argv: readonly string[],
  groups: readonly CommandGroup[],
  { io, version }: { readonly io: Io; readonly version: string },
): Promise<Parsed> {
  let invocation: Invocation | undefined;
  const program = buildProgram(version, io);
  for (const { spec, heading } of groups.flatMap(withHeading)) {
    const command = program.command(spec.usage).description(spec.summary).helpGroup(heading);
    spec.options?.(command);
    addGlobalOptions(command, true);
    command.addHelpText('after', examplesText(spec));
    command.action((...given: unknown[]) => {
      invocation = readInvocation(spec, given);
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: 'exit', code: error.exitCode === 0 ? exitCodes.done : exitCodes.usage };
  }
  return invocation ? { kind: 'call', invocation } : { kind: 'exit', code: exitCodes.usage };
}

const withHeading = ({ heading, commands }: CommandGroup) =>
  commands.map((spec) => ({ spec, heading: `${heading}:` }));

/** Every command takes options; only its arguments tell it from the others. */
function withArguments(command: Command): string {
  const args = command.registeredArguments.map((it) => (it.required ? `<${it.name()}>` : `[${it.name()}]`));
  return [command.name(), ...args].join(' ');
}

const afterword = `
Exit codes: 0 done · 1 a host failed or drifted · 2 changes are due · 3 not finished: held or waiting
  4 unreachable · 5 stopped by a budget or gate · 6 does not fit its window · 7 plan stale · 8 locked
  64 command line · 65 invalid input · 70 our own bug · 130 interrupted
Begin with: countersign demo, or countersign init. Each command has --help with examples.
`;

function buildProgram(version: string, io: Io): Command {
  const program = new Command('countersign')
    .description('Takes a Windows fleet to "SMBv1 is gone and every server requires signing", over WinRM.')
    .version(version)
    .exitOverride()
    .configureHelp({ subcommandTerm: withArguments })
    .commandsGroup('Begin:')
    .showHelpAfterError('(countersign --help lists the commands)')
    .configureOutput({
      writeOut: (text) => {
        io.out(text);
      },
      writeErr: (text) => {
        io.err(text);
      },
      getOutHasColors: () => io.color,
      getErrHasColors: () => io.color,
    });
  addGlobalOptions(program, false);
  program.addHelpText('after', afterword);
  return program;
}

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

// The options are known to the program and to each command, so that they may stand on either side of its name.
function addGlobalOptions(command: Command, hidden: boolean): void {
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

function examplesText(spec: CommandSpec): string {
  const width = Math.max(...spec.examples.map(([line]) => line.length));
  const lines = spec.examples.map(([line, comment]) => `  ${line.padEnd(width)}  # ${comment}`);
  return `\nExamples:\n${lines.join('\n')}\n\nGlobal options: countersign --help\n`;
}

function readInvocation(spec: CommandSpec, given: readonly unknown[]): Invocation {
  const command = given.at(-1) as Command;
  const args = given.slice(0, -2) as (string | undefined)[];
  const own = command.opts<Record<string, unknown>>();
  const merged = mergeOptions(command.parent?.opts() ?? {}, own);
  return {
    spec,
    args,
    options: own,
    globals: readGlobals(merged),
    selection: readSelection(spec, args, merged),
  };
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

function readGlobals(options: Readonly<Record<string, unknown>>): GlobalOptions {
  return {
    json: options['json'] === true,
    events: options['events'] === 'ndjson',
    lab: options['lab'] === true,
    stateDir: text(options['stateDir']) ?? '.countersign',
    verbose: options['verbose'] === true,
    detailedExitcode: options['detailedExitcode'] === true,
  };
}

function readSelection(
  spec: CommandSpec,
  args: readonly (string | undefined)[],
  options: Readonly<Record<string, unknown>>,
): Selection {
  const pattern = spec.usage.includes('[pattern]') ? args[0] : undefined;
  const playbook = text(options['playbook']);
  const limit = text(options['limit']);
  return {
    inventory: options['inventory'] as readonly string[],
    ...(playbook === undefined ? {} : { playbook }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(limit === undefined ? {} : { limit }),
    extra: options['extra'] as Readonly<Record<string, string>>,
    forks: (options['forks'] as number | undefined) ?? 20,
  };
}

/** An option's text; undefined for anything else. */
export function text(option: unknown): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
