const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
/** Longest reference there can be: `&#x0010FFFF;`, or the same in decimal with leading zeros. */
const maxReferenceLength = 12;

/**
 * The text that stands in XML: entities and character references resolved, line ends as `\n`.
 *
 * References to characters that XML forbids are resolved as well, since PowerShell writes them; undefined where a
 * reference means nothing.
 */
export function decodeXmlText(raw: string): string | undefined {
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  const first = text.indexOf('&');
  if (first === -1) return text;
  let decoded = text.slice(0, first);
  for (let at = first; ;) {
    const end = text.indexOf(';', at);
    const character = end === -1 ? undefined : characterOf(text.slice(at + 1, end));
    if (character === undefined) return undefined;
    const next = text.indexOf('&', end);
    if (next === -1) return decoded + character + text.slice(end + 1);
    decoded += character + text.slice(end + 1, next);
    at = next;
  }
}

function characterOf(name: string): string | undefined {
  const known = entities.get(name);
  if (known !== undefined) return known;
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,8})|(\d{1,10}))$/.exec(name) ?? [];
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** How many characters at the end of a text mean nothing without what follows: half a reference, half a line end. */
export function heldBack(text: string, from: number): number {
  const ampersand = text.lastIndexOf('&');
  const isOpen = ampersand >= from && !text.includes(';', ampersand);
  if (isOpen && text.length - ampersand < maxReferenceLength) return text.length - ampersand;
  return text.endsWith('\r') && text.length > from ? 1 : 0;
}
