/**
 * Escapes a text for CLIXML: control characters, surrogates, non-characters and every literal `_x` become `_xHHHH_`,
 * one escape a UTF-16 code unit, so that NUL and lone surrogates survive.
 *
 * @see MS-PSRP §2.2.5.3.2 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function escapeText(text: string): string {
  if (!needsEscape.test(text)) return text;
  return text.replace(everyUnitToEscape, (unit) => `_x${hex(unit)}_`);
}

// Without the `u` flag a surrogate pair is two units, which is how they are escaped. U+FFFE and U+FFFF are no XML.
const needsEscape = /[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_[xX]/;
const everyUnitToEscape = /[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=[xX])/g;

const hex = (unit: string): string => unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** Reads the escapes of `escapeText` in one pass; whatever is no full escape stays as it is. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Escapes what XML itself reserves; for text and for attributes in double quotes. */
export function escapeMarkup(text: string): string {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
