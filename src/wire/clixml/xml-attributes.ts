import { decodeXmlText } from './xml-text.ts';

/** The attributes that mean something in CLIXML. */
export interface XmlAttributes {
  /** `N`: name of a property, or Key and Value. */
  readonly name: string | undefined;
  readonly refId: string | undefined;
  /** `S`: stream of an item in a document. */
  readonly stream: string | undefined;
}

export const noAttributes: XmlAttributes = { name: undefined, refId: undefined, stream: undefined };

/** What follows the name in a tag. */
export interface TagRest {
  readonly attributes: XmlAttributes;
  /** Whether the element ends with the tag. */
  readonly isEmpty: boolean;
  /** Index behind the tag. */
  readonly end: number;
}

const greaterThan = 0x3e;
const slash = 0x2f;
const equalsSign = 0x3d;

/** Where a name ends: at white space, `/`, `>` or `=`, or where the text does. */
export function endOfName(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === slash || code === greaterThan || code === equalsSign) break;
  }
  return at;
}

/** Reads a tag from behind its name up to its end. */
export function readAttributes(text: string, from: number): TagRest | 'unfinished' | 'malformed' {
  let attributes = noAttributes;
  for (let at = skipSpace(text, from); ;) {
    if (at >= text.length) return 'unfinished';
    const code = text.charCodeAt(at);
    if (code === greaterThan) return { attributes, isEmpty: false, end: at + 1 };
    if (code === slash) {
      if (at + 1 === text.length) return 'unfinished';
      return text.charCodeAt(at + 1) === greaterThan
        ? { attributes, isEmpty: true, end: at + 2 }
        : 'malformed';
    }
    const nameEnd = endOfName(text, at);
    const equals = skipSpace(text, nameEnd);
    const opening = skipSpace(text, equals + 1);
    if (opening >= text.length) return 'unfinished';
    const quote = text.charAt(opening);
    if (text.charCodeAt(equals) !== equalsSign || (quote !== '"' && quote !== "'")) return 'malformed';
    const closing = text.indexOf(quote, opening + 1);
    if (closing === -1) return 'unfinished';
    const value = decodeXmlText(text.slice(opening + 1, closing));
    if (value === undefined || nameEnd === at) return 'malformed';
    attributes = withAttribute(attributes, text.slice(at, nameEnd), value);
    at = skipSpace(text, closing + 1);
  }
}

function withAttribute(attributes: XmlAttributes, name: string, value: string): XmlAttributes {
  const { name: n, refId, stream } = attributes;
  if (name === 'N') return { name: value, refId, stream };
  if (name === 'RefId') return { name: n, refId: value, stream };
  return name === 'S' ? { name: n, refId, stream: value } : attributes;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return at;
}
