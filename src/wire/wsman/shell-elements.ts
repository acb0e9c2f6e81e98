import type { Duration } from '../../core/time.ts';
import { namespaces } from './namespaces.ts';
import { formatXmlDuration, parseXmlDuration } from './xml-duration.ts';
import { childOf, childText, childrenOf } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element, text } from './xml-markup.ts';

/** An element with a plain text; nothing where there is none. */
export function textElement(name: string, plain: string | undefined): string {
  return plain === undefined ? '' : element(name, {}, text(plain));
}

export function durationElement(name: string, length: Duration | undefined): string {
  return length === undefined ? '' : element(name, {}, formatXmlDuration(length));
}

/** rsp:Environment (MS-WSMV §2.2.4.11); nothing where there are no variables. */
export function environmentElement(variables: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(variables ?? {});
  if (entries.length === 0) return '';
  return element(
    'rsp:Environment',
    {},
    ...entries.map(([name, value]) => element('rsp:Variable', { Name: name }, text(value))),
  );
}

export function childDuration(parent: XmlElement, name: string): Duration | undefined {
  return parseXmlDuration(childText(parent, namespaces.rsp, name) ?? '');
}

/** The variables with their values as they are, blanks included; undefined where there is no environment. */
export function childEnvironment(parent: XmlElement): Readonly<Record<string, string>> | undefined {
  const environment = childOf(parent, namespaces.rsp, 'Environment');
  if (environment === undefined) return undefined;
  const variables = childrenOf(environment, namespaces.rsp, 'Variable');
  return Object.fromEntries(variables.map((it) => [it.attributes.get('Name') ?? '', it.text]));
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Leaves out what is undefined. */
export function present<T extends Readonly<Record<string, unknown>>>(members: T): Present<T> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Present<T>;
}
