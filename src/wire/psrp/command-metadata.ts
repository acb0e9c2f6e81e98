import {
  baseOf,
  integerOf,
  isPsObject,
  itemsOf,
  propertyOf,
  psList,
  psRecord,
  textOf,
} from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** Kinds of commands, at the index that is their bit in `CommandTypes` (MS-PSRP §2.2.3.19). */
const commandTypes = [
  'Alias',
  'Function',
  'Filter',
  'Cmdlet',
  'ExternalScript',
  'Application',
  'Script',
  'Workflow',
  'Configuration',
] as const;
export type CommandType = (typeof commandTypes)[number];

/** Which commands GET_COMMAND_METADATA asks for (MS-PSRP §2.2.2.14). */
export interface CommandQuery {
  /** Names, with wildcards; all unless given. */
  readonly names?: readonly string[];
  /** All kinds unless given. */
  readonly types?: readonly CommandType[];
  /** Modules or snap-ins. */
  readonly namespaces?: readonly string[];
  /** Arguments for which dynamic parameters are worked out. */
  readonly arguments?: readonly PsValue[];
}

const allTypes = 2 ** commandTypes.length - 1;
const stringArray = ['System.String[]', 'System.Array', 'System.Object'];
const objectArray = ['System.Object[]', 'System.Array', 'System.Object'];

export function encodeCommandQuery(query: CommandQuery): PsValue {
  const { names = ['*'], types, namespaces } = query;
  const flags = types?.reduce((sum, type) => sum | (1 << commandTypes.indexOf(type)), 0);
  return psRecord({
    Name: psList(names, stringArray),
    CommandType: flags ?? allTypes,
    Namespace: namespaces === undefined ? null : psList(namespaces, objectArray),
    ArgumentList: query.arguments === undefined ? null : psList(query.arguments, objectArray),
  });
}

export function decodeCommandQuery(body: PsValue | undefined): CommandQuery {
  const texts = (name: string): readonly string[] | undefined =>
    itemsOf(propertyOf(body, name))?.flatMap((item) => textOf(item) ?? []);
  const names = texts('Name');
  const namespaces = texts('Namespace');
  const flags = integerOf(propertyOf(body, 'CommandType')) ?? allTypes;
  const given = itemsOf(propertyOf(body, 'ArgumentList'));
  return {
    ...(names !== undefined && { names }),
    ...(flags !== allTypes && { types: commandTypes.filter((_, bit) => (flags & (1 << bit)) !== 0) }),
    ...(namespaces !== undefined && { namespaces }),
    ...(given !== undefined && { arguments: given }),
  };
}

/** What a server says of one command (MS-PSRP §2.2.3.22). */
export interface CommandMetadata {
  readonly name: string;
  readonly namespace: string;
  /** `Cmdlet`, `Function`, `Alias`… */
  readonly type: string;
  readonly helpUri: string;
  /** What an alias stands for. */
  readonly resolvedName: string | undefined;
  readonly outputTypes: readonly string[];
  readonly parameters: readonly ParameterMetadata[];
}

/** MS-PSRP §2.2.3.23 */
export interface ParameterMetadata {
  readonly name: string;
  /** .NET name of its type. */
  readonly type: string;
  readonly aliases: readonly string[];
  readonly isSwitch: boolean;
  readonly isDynamic: boolean;
}

/** The count that comes as the first output; undefined when the value is none. */
export function commandCountOf(value: PsValue): number | undefined {
  return propertyOf(value, 'Name') === undefined ? integerOf(propertyOf(value, 'Count')) : undefined;
}

/** Reads the output of GET_COMMAND_METADATA, the count at its beginning left out. */
export function decodeCommandMetadata(output: readonly PsValue[]): readonly CommandMetadata[] {
  return output.filter((value) => commandCountOf(value) === undefined).map(decodeOne);
}

function decodeOne(value: PsValue): CommandMetadata {
  const text = (name: string): string => textOf(propertyOf(value, name)) ?? '';
  const parameters = propertyOf(value, 'Parameters');
  const entries =
    isPsObject(parameters) && parameters.container?.kind === 'dictionary' ? parameters.container.entries : [];
  return {
    name: text('Name'),
    namespace: text('Namespace'),
    type: text('CommandType'),
    helpUri: text('HelpUri'),
    resolvedName: textOf(propertyOf(value, 'ResolvedCommandName')),
    outputTypes: texts(propertyOf(value, 'OutputType')),
    parameters: entries.map(([, parameter]) => decodeParameter(parameter)),
  };
}

function decodeParameter(value: PsValue): ParameterMetadata {
  const text = (name: string): string => textOf(propertyOf(value, name)) ?? '';
  return {
    name: text('Name'),
    type: text('ParameterType'),
    aliases: texts(propertyOf(value, 'Aliases')),
    isSwitch: propertyOf(value, 'SwitchParameter') === true,
    isDynamic: propertyOf(value, 'IsDynamic') === true,
  };
}

const texts = (value: PsValue | undefined): readonly string[] =>
  (itemsOf(value) ?? []).flatMap((item) => textOf(baseOf(item)) ?? []);
