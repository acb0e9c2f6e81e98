import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { escapeText } from './escape.ts';
import type { ClixmlLimits } from './limits.ts';
import { endOfName, noAttributes, readAttributes } from './xml-attributes.ts';
import type { XmlAttributes } from './xml-attributes.ts';
import { decodeXmlText, heldBack } from './xml-text.ts';

/** What the scanner tells of; elements are closed in the order in which they were opened. */
export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): void;
  /** Text of the innermost open element; may come in pieces. */
  text(text: string): void;
  close(): void;
}

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;
const cdataStart = '<![CDATA[';

/**
 * Reads XML as it arrives in pieces, within bounds, as far as CLIXML needs it: elements, text, CDATA; comments and
 * processing instructions are passed over, declarations refused, so there are no entities to expand.
 *
 * It finds the next `<` or `>` by searching rather than by looking at every character: most of CLIXML is text.
 * Characters that XML forbids are taken as they are, since PowerShell writes some of them.
 */
export class XmlScanner {
  readonly #handler: XmlHandler;
  readonly #limits: ClixmlLimits;
  readonly #open: string[] = [];
  /** What has arrived and could not be understood without what follows. */
  #pending = '';
  #elements = 0;
  #length = 0;
  #failure: Failure | undefined;

  constructor(handler: XmlHandler, limits: ClixmlLimits) {
    this.#handler = handler;
    this.#limits = limits;
  }

  write(chunk: string): Result<void> {
    if (this.#failure !== undefined) return err(this.#failure);
    this.#length += chunk.length;
    if (this.#length > this.#limits.maxLength) this.#exceed('length', this.#limits.maxLength);
    else this.#scan(this.#pending + chunk);
    return this.#result();
  }

  end(): Result<void> {
    if (this.#failure === undefined) {
      if (this.#open.length > 0 || this.#pending.startsWith('<')) this.fail('it is cut short');
      else if (this.#pending !== '') this.#text(this.#pending);
    }
    return this.#result();
  }

  /** Ends the reading with a reason; the first one stays. */
  fail(reason: string): void {
    this.#failure ??= failure('clixml.malformed', { reason: escapeText(reason) });
  }

  #scan(text: string): void {
    let at = 0;
    while (at < text.length && this.#failure === undefined) {
      if (text.charCodeAt(at) === lessThan) {
        const next = this.#markup(text, at);
        if (next === undefined) break;
        at = next;
        continue;
      }
      const next = text.indexOf('<', at);
      const end = next === -1 ? text.length - heldBack(text, at) : next;
      if (end > at) this.#text(text.slice(at, end));
      at = end;
      if (next === -1) break;
    }
    this.#pending = text.slice(at);
  }

  /** Reads what begins with `<`; gives where it ends, or undefined where that has not arrived. */
  #markup(text: string, at: number): number | undefined {
    switch (text.charCodeAt(at + 1)) {
      case slash:
        return this.#closeTag(text, at);
      case exclamation:
        return this.#commentOrCdata(text, at);
      case question:
        return endOf(text, '?>', at + 2);
      default:
        return this.#openTag(text, at);
    }
  }

  #closeTag(text: string, at: number): number | undefined {
    const end = text.indexOf('>', at + 2);
    if (end === -1) return undefined;
    const name = this.#open.pop();
    const written = text.slice(at + 2, end);
    if (name !== written && name !== written.trimEnd()) {
      this.fail(`</${written}> closes ${name === undefined ? 'nothing' : `<${name}>`}`);
    } else this.#handler.close();
    return end + 1;
  }

  #commentOrCdata(text: string, at: number): number | undefined {
    if (text.startsWith('<!--', at)) return endOf(text, '-->', at + 4);
    if (text.startsWith(cdataStart, at)) {
      const end = endOf(text, ']]>', at + cdataStart.length);
      if (end !== undefined) this.#handler.text(text.slice(at + cdataStart.length, end - 3));
      return end;
    }
    const begun = text.slice(at);
    if (cdataStart.startsWith(begun) || '<!--'.startsWith(begun)) return undefined;
    this.fail('a document type or another declaration is not allowed');
    return text.length;
  }

  #openTag(text: string, at: number): number | undefined {
    const nameEnd = endOfName(text, at + 1);
    if (nameEnd === text.length) return undefined;
    const name = text.slice(at + 1, nameEnd);
    if (name === '') this.fail('a tag has no name');
    if (text.charCodeAt(nameEnd) === greaterThan) {
      this.#openElement(name, noAttributes);
      return nameEnd + 1;
    }
    const tag = readAttributes(text, nameEnd);
    if (tag === 'unfinished') return undefined;
    if (tag === 'malformed') {
      this.fail(`the attributes of <${name}> are malformed`);
      return text.length;
    }
    this.#openElement(name, tag.attributes);
    if (tag.isEmpty && this.#failure === undefined) {
      this.#open.pop();
      this.#handler.close();
    }
    return tag.end;
  }

  #openElement(name: string, attributes: XmlAttributes): void {
    this.#open.push(name);
    this.#elements += 1;
    if (this.#elements > this.#limits.maxElements) this.#exceed('elements', this.#limits.maxElements);
    if (this.#open.length > this.#limits.maxDepth) this.#exceed('depth', this.#limits.maxDepth);
    if (this.#failure === undefined) this.#handler.open(name, attributes);
  }

  #text(raw: string): void {
    const text = decodeXmlText(raw);
    if (text === undefined) this.fail('an entity is unknown');
    else this.#handler.text(text);
  }

  #exceed(what: string, limit: number): void {
    this.#failure ??= failure('clixml.limit', { limit: `${what} ${limit}` });
  }

  #result(): Result<void> {
    return this.#failure === undefined ? ok(undefined) : err(this.#failure);
  }
}

function endOf(text: string, terminator: string, from: number): number | undefined {
  const at = text.indexOf(terminator, from);
  return at === -1 ? undefined : at + terminator.length;
}
