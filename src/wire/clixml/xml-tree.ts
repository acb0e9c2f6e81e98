import { SaxesParser } from 'saxes';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ForbiddenCharacters } from './forbidden-characters.ts';
import type { ClixmlLimits } from './limits.ts';

/** An XML element as CLIXML needs it: no namespaces, and text only where it belongs to the element itself. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

// The parser goes on behind an error and makes a new one for each further character, so it is handed little at a time.
const pieceLength = 4096;

/**
 * Parses XML as it arrives, within bounds, into the elements of the outermost level.
 *
 * In a fragment, which is what this reads, saxes takes a document type for an error, so there are no entities to
 * expand. Several documents may follow each other, as in what PowerShell writes to standard error.
 */
export class XmlTreeParser {
  readonly #parser = new SaxesParser({ fragment: true, position: false, xmlns: false } as const);
  readonly #forbidden = new ForbiddenCharacters();
  readonly #limits: ClixmlLimits;
  readonly #open: XmlElement[] = [];
  readonly #roots: XmlElement[] = [];
  #elements = 0;
  #length = 0;
  #failure: Failure | undefined;

  constructor(limits: ClixmlLimits) {
    this.#limits = limits;
    this.#parser.on('opentag', (tag) => {
      this.#openElement(tag.name, tag.attributes);
    });
    this.#parser.on('closetag', () => this.#open.pop());
    this.#parser.on('text', (text) => {
      this.#addText(text);
    });
    this.#parser.on('cdata', (text) => {
      this.#addText(text);
    });
    this.#parser.on('error', (error) => {
      this.#fail(failure('clixml.malformed', { reason: error.message }));
    });
  }

  write(chunk: string): Result<void> {
    if (this.#failure !== undefined) return err(this.#failure);
    this.#length += chunk.length;
    if (this.#length > this.#limits.maxLength) {
      return err(this.#fail(limitFailure('length', this.#limits.maxLength)));
    }
    const text = this.#forbidden.escape(chunk);
    for (let at = 0; at < text.length; at += pieceLength) {
      this.#parser.write(text.slice(at, at + pieceLength));
      const state = this.#state(undefined);
      if (!state.ok) return state;
    }
    return ok(undefined);
  }

  /** Ends the input and gives the outermost elements. */
  end(): Result<readonly XmlElement[]> {
    if (this.#failure === undefined) this.#parser.write(this.#forbidden.flush()).close();
    if (this.#open.length > 0) this.#fail(failure('clixml.malformed', { reason: 'it is cut short' }));
    return this.#state(this.#roots);
  }

  #openElement(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#failure !== undefined) return;
    if (++this.#elements > this.#limits.maxElements) {
      this.#fail(limitFailure('elements', this.#limits.maxElements));
      return;
    }
    const element: XmlElement = { name, attributes, children: [], text: '' };
    (this.#open.at(-1)?.children ?? this.#roots).push(element);
    this.#open.push(element);
    if (this.#open.length > this.#limits.maxDepth) this.#fail(limitFailure('depth', this.#limits.maxDepth));
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
    else if (/\S/.test(text)) {
      this.#fail(failure('clixml.malformed', { reason: 'there is text outside of the elements' }));
    }
  }

  #state<T>(value: T): Result<T> {
    return this.#failure === undefined ? ok(value) : err(this.#failure);
  }

  #fail(reason: Failure): Failure {
    return (this.#failure ??= reason);
  }
}

function limitFailure(what: string, limit: number): Failure {
  return failure('clixml.limit', { limit: `${what} ${limit}` });
}
