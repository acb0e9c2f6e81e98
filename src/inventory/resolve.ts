import type { PlainValue } from '../model/inventory.ts';
import { plainRecord } from '../model/yaml-node.ts';
import type { YamlNode } from '../model/yaml-node.ts';
import type { RawVariable } from './builder.ts';
import { isSecretName } from './secret-name.ts';
import { hasTemplate, parseTemplate } from './template-syntax.ts';
import type { Expression } from './template-syntax.ts';

/** Values of the environment that templates may look up. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a template gives on one host. */
export type Resolved<T extends PlainValue = PlainValue> = Value<T> | Missing | Wrong;

export interface Value<T extends PlainValue> {
  readonly kind: 'value';
  readonly value: T;
  readonly secret: boolean;
}

/** Something it names does not exist; `default()` can stand in. */
export interface Missing {
  readonly kind: 'missing';
  readonly reason: string;
  /** The environment variable that is not set, where that is the cause. */
  readonly environment?: string;
}

/** It cannot be read, or goes in circles. */
export interface Wrong {
  readonly kind: 'wrong';
  readonly reason: string;
}

/** Longest text that templates may grow to. */
const maxTextLength = 100_000;

/** Resolves the templates in one host's variables; each variable once. */
export class HostResolver {
  readonly #variables: ReadonlyMap<string, RawVariable>;
  readonly #facts: ReadonlyMap<string, PlainValue>;
  readonly #environment: Environment;
  readonly #known = new Map<string, Resolved>();
  readonly #open = new Set<string>();

  constructor(host: {
    readonly variables: ReadonlyMap<string, RawVariable>;
    /** What Ansible gives by itself, such as `inventory_hostname`. */
    readonly facts: ReadonlyMap<string, PlainValue>;
    readonly environment: Environment;
  }) {
    this.#variables = host.variables;
    this.#facts = host.facts;
    this.#environment = host.environment;
  }

  variable(name: string): Resolved {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#open.has(name)) {
      return { kind: 'wrong', reason: `it refers to itself (${[...this.#open, name].join(' → ')})` };
    }
    this.#open.add(name);
    const resolved = this.#lookUp(name);
    this.#open.delete(name);
    this.#known.set(name, resolved);
    return resolved;
  }

  #lookUp(name: string): Resolved {
    const fact = this.#facts.get(name);
    if (fact !== undefined) return { kind: 'value', value: fact, secret: false };
    const raw = this.#variables.get(name);
    if (raw === undefined) return { kind: 'missing', reason: `there is no variable ${name}` };
    const resolved = this.#node(raw.node);
    return resolved.kind === 'value'
      ? { ...resolved, secret: resolved.secret || isSecretName(name) }
      : resolved;
  }

  #node(node: YamlNode): Resolved {
    switch (node.kind) {
      case 'scalar':
        return typeof node.value === 'string' && node.tag !== 'unsafe'
          ? this.#text(node.value)
          : { kind: 'value', value: node.value, secret: false };
      case 'list':
        return combine(
          node.items.map((item) => this.#node(item)),
          (values) => values,
        );
      case 'map': {
        const secret = node.entries.some(({ key }) => isSecretName(key));
        const members = node.entries.map(({ value }) => this.#node(value));
        const combined = combine(members, (values) =>
          plainRecord(node.entries.map(({ key }, index) => [key, values[index] ?? null])),
        );
        return combined.kind === 'value' ? { ...combined, secret: combined.secret || secret } : combined;
      }
      default:
        return node satisfies never;
    }
  }

  #text(text: string): Resolved {
    if (!hasTemplate(text)) return { kind: 'value', value: text, secret: false };
    const parts = parseTemplate(text);
    if ('reason' in parts) return { kind: 'wrong', reason: parts.reason };
    const [only] = parts;
    // A template that is all of the text keeps the type of its value.
    if (parts.length === 1 && only !== undefined && typeof only !== 'string') return this.#evaluate(only);
    const values = parts.map((part) =>
      typeof part === 'string' ? plainText(part) : asText(this.#evaluate(part)),
    );
    const joined = combine(values, (texts) => texts.join(''));
    const isLong = joined.kind === 'value' && joined.value.length > maxTextLength;
    return isLong ? { kind: 'wrong', reason: 'its text grows too long' } : joined;
  }

  #evaluate(expression: Expression): Resolved {
    switch (expression.kind) {
      case 'literal':
        return { kind: 'value', value: expression.value, secret: false };
      case 'variable':
        return this.variable(expression.name);
      case 'environment':
        return this.#fromEnvironment(expression.name);
      case 'member':
        return member(this.#evaluate(expression.of), expression.key);
      case 'case': {
        const text = asText(this.#evaluate(expression.of));
        return text.kind === 'value' ? { ...text, value: changeCase(text.value, expression.to) } : text;
      }
      case 'default': {
        const found = this.#evaluate(expression.of);
        const isAbsent =
          found.kind === 'missing' ||
          (expression.whenEmpty && found.kind === 'value' && isEmpty(found.value));
        return isAbsent ? this.#evaluate(expression.otherwise) : found;
      }
      default:
        return expression satisfies never;
    }
  }

  #fromEnvironment(name: string): Resolved {
    const value = Object.hasOwn(this.#environment, name) ? this.#environment[name] : undefined;
    if (value !== undefined) return { kind: 'value', value, secret: true };
    return { kind: 'missing', reason: `the environment variable ${name} is not set`, environment: name };
  }
}

/** The first that is no value, else all values as one; secret when one of them is. */
function combine<T extends PlainValue, Joined extends PlainValue>(
  parts: readonly Resolved<T>[],
  join: (values: readonly T[]) => Joined,
): Resolved<Joined> {
  const values: T[] = [];
  let secret = false;
  for (const part of parts) {
    if (part.kind !== 'value') return part;
    values.push(part.value);
    secret ||= part.secret;
  }
  return { kind: 'value', value: join(values), secret };
}

function member(of: Resolved, key: string | number): Resolved {
  if (of.kind !== 'value') return of;
  const { value } = of;
  const holder = value !== null && typeof value === 'object' ? value : {};
  const found = Object.hasOwn(holder, key)
    ? (holder as Readonly<Record<string | number, PlainValue>>)[key]
    : undefined;
  return found === undefined
    ? { kind: 'missing', reason: `there is no member ${key}` }
    : { kind: 'value', value: found, secret: of.secret };
}

const plainText = (value: string): Value<string> => ({ kind: 'value', value, secret: false });

/** As Jinja prints it. */
function asText(resolved: Resolved): Resolved<string> {
  if (resolved.kind !== 'value') return resolved;
  const { value } = resolved;
  if (value === null) return { ...resolved, value: 'None' };
  if (typeof value === 'boolean') return { ...resolved, value: value ? 'True' : 'False' };
  if (typeof value === 'object')
    return { kind: 'wrong', reason: 'a list or map cannot become part of a text' };
  return { ...resolved, value: String(value) };
}

function changeCase(text: string, to: 'lower' | 'upper'): string {
  return to === 'lower' ? text.toLowerCase() : text.toUpperCase();
}

function isEmpty(value: PlainValue): boolean {
  if (value !== null && typeof value === 'object') return Object.keys(value).length === 0;
  return value === null || value === '' || value === 0 || value === false;
}
