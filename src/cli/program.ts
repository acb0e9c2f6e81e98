import { Command, CommanderError } from 'commander';
import type { Selection } from '../app/selection.ts';
import type { Call, CommandGroup, CommandSpec, GlobalOptions } from './command.ts';
import { exitCodes } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { addGlobalOptions, optionsOf } from './global-options.ts';
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
    const command = addCommand(program, spec, heading);
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

/** Adds a command; of a usage in two words (`journal verify <run>`) the first is a command that only holds others. */
function addCommand(program: Command, spec: CommandSpec, heading: string): Command {
  const [, holder, usage = spec.usage] = /^([a-z]+) ([a-z]+\b.*)$/.exec(spec.usage) ?? [];
  const above = holder === undefined ? program : holderOf(program, holder, heading);
  const command = above.command(usage).description(spec.summary);
  if (above === program) command.helpGroup(heading);
  else above.description(spec.summary).addHelpText('after', examplesText(spec));
  spec.options?.(command);
  addGlobalOptions(command, true);
  return command;
}

function holderOf(program: Command, name: string, heading: string): Command {
  const known = program.commands.find((it) => it.name() === name);
  if (known) return known;
  const holder = program.command(name).helpGroup(heading);
  addGlobalOptions(holder, true);
  return holder;
}

const withHeading = ({ heading, commands }: CommandGroup) =>
  commands.map((spec) => ({ spec, heading: `${heading}:` }));

/** Every command takes options; only its arguments, or the commands it holds, tell it from the others. */
function withArguments(command: Command): string {
  const held = command.commands.map((it) => withArguments(it)).join('|');
  if (held !== '') return `${command.name()} ${held}`;
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

function examplesText(spec: CommandSpec): string {
  const width = Math.max(...spec.examples.map(([line]) => line.length));
  const lines = spec.examples.map(([line, comment]) => `  ${line.padEnd(width)}  # ${comment}`);
  return `\nExamples:\n${lines.join('\n')}\n\nGlobal options: countersign --help\n`;
}

function readInvocation(spec: CommandSpec, given: readonly unknown[]): Invocation {
  const command = given.at(-1) as Command;
  const args = given.slice(0, -2) as (string | undefined)[];
  const own = command.opts<Record<string, unknown>>();
  const merged = optionsOf(command);
  return {
    spec,
    args,
    options: own,
    globals: readGlobals(merged),
    selection: readSelection(spec, args, merged),
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
