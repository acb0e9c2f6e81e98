import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';

/** One element of an envelope: names by namespace, never by prefix. */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** By local name; the attributes we read are unambiguous without their namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, in order. */
  readonly text: string;
}

/** Bounds on what a peer may send; the bytes themselves are bounded by whoever reads them. */
export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
}

export const envelopeLimits: XmlLimits = { maxDepth: 40, maxElements: 50_000 };

/**
 * Reads one XML document in UTF-8.
 *
 * Document types are refused, so there are no entities beyond XML's own five.
 *
 * @returns The reason as a text where it is not well-formed, not UTF-8, or beyond the limits.
 */
export function parseXml(bytes: Uint8Array, limits = envelopeLimits): Result<XmlElement, string> {
  let source: string;
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return err('it is not UTF-8');
  }
  return new TreeBuilder(limits).read(source);
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

// Small, so that a hostile document is dropped soon after its first offence: the parser looks every name up through
// all its open elements, and ten thousand of them would keep it busy for seconds.
const chunkLength = 4096;

class TreeBuilder {
  readonly #limits: XmlLimits;
  readonly #open: OpenElement[] = [];
  #elements = 0;
  #refused = false;
  #outcome: Result<XmlElement, string> = err('it is empty');

  constructor(limits: XmlLimits) {
    this.#limits = limits;
  }

  read(source: string): Result<XmlElement, string> {
    const parser = this.#parser();
    for (let at = 0; at < source.length && !this.#refused; at += chunkLength) {
      parser.write(source.slice(at, at + chunkLength));
    }
    if (!this.#refused) parser.close();
    return this.#outcome;
  }

  #parser(): SaxesParser<{ xmlns: true }> {
    const parser = new SaxesParser({ xmlns: true } as const);
    parser.on('error', (error) => this.#refuse(error.message));
    parser.on('doctype', () => this.#refuse('it declares a document type'));
    parser.on('opentag', (tag) => this.#openElement(tag));
    parser.on('closetag', () => this.#open.pop());
    parser.on('text', (characters) => this.#addText(characters));
    parser.on('cdata', (characters) => this.#addText(characters));
    return parser;
  }

  #openElement(tag: SaxesTagNS): void {
    if (++this.#elements > this.#limits.maxElements) this.#refuse('it has too many elements');
    if (this.#open.length >= this.#limits.maxDepth) this.#refuse('it is nested too deeply');
    if (this.#refused) return;
    const attributes = new Map(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
    const opened: OpenElement = { namespace: tag.uri, name: tag.local, attributes, children: [], text: '' };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#outcome = ok(opened);
    else parent.children.push(opened);
    this.#open.push(opened);
  }

  #addText(characters: string): void {
    const current = this.#open.at(-1);
    if (current !== undefined) current.text += characters;
  }

  #refuse(reason: string): void {
    if (!this.#refused) this.#outcome = err(reason);
    this.#refused = true;
  }
}

/** The first child with this name. */
export function childOf(parent: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return parent.children.find((child) => child.name === name && child.namespace === namespace);
}

export function childrenOf(parent: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The trimmed text of the first child with this name. */
export function childText(parent: XmlElement, namespace: string, name: string): string | undefined {
  return childOf(parent, namespace, name)?.text.trim();
}
