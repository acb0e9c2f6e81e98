/**
 * Escapes a text for CLIXML: control characters, surrogates, non-characters and every literal `_x` become `_xHHHH_`,
 * one escape a UTF-16 code unit, so that NUL and lone surrogates survive.
 *
 * @see MS-PSRP §2.2.5.3.2 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function escapeText(text: string): string {
  const first = text.search(toEscape);
  if (first === -1) return text;
  let escaped = '';
  let copied = 0;
  for (let at = first; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (!mustEscape(unit, text, at)) continue;
    escaped += text.slice(copied, at) + escapeUnit(unit);
    copied = at + 1;
  }
  return escaped + text.slice(copied);
}

// Without the `u` flag a surrogate pair is two units, which is how they are escaped. U+FFFE and U+FFFF are no XML.
const toEscape = /[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_[xX]/;

function mustEscape(unit: number, text: string, at: number): boolean {
  if (unit === 0x5f) return (text.charCodeAt(at + 1) | 0x20) === 0x78;
  if (unit < 0x7f) return unit < 0x20;
  return unit <= 0x9f || (unit >= 0xd800 && unit <= 0xdfff) || unit >= 0xfffe;
}

const escapeUnit = (unit: number): string => `_x${unit.toString(16).toUpperCase().padStart(4, '0')}_`;

/** Reads the escapes of `escapeText` in one pass; whatever is no full escape stays as it is. */
export function unescapeText(text: string): string {
  let found = text.indexOf('_x');
  if (found === -1) return text;
  let unescaped = '';
  let copied = 0;
  while (found !== -1) {
    const unit = escapedUnit(text, found);
    if (unit === undefined) {
      found = text.indexOf('_x', found + 2);
      continue;
    }
    unescaped += text.slice(copied, found) + String.fromCharCode(unit);
    copied = found + 7;
    found = text.indexOf('_x', copied);
  }
  return unescaped + text.slice(copied);
}

/** The code unit of the `_xHHHH_` at an index; undefined where there is no full escape. */
function escapedUnit(text: string, at: number): number | undefined {
  if (text.charCodeAt(at + 6) !== 0x5f) return undefined;
  let unit = 0;
  for (let index = at + 2; index < at + 6; index += 1) {
    const digit = hexDigit(text.charCodeAt(index));
    if (digit === undefined) return undefined;
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(code: number): number | undefined {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}

/** Escapes what XML itself reserves; for text and for attributes in double quotes. */
export function escapeMarkup(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
