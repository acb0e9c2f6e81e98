/**
 * A user name in upper case the way Windows does it: code unit by code unit, in no locale, never longer.
 *
 * A letter counts only when its capital leads back to it (`ß`, `ı`, `ſ` and `µ` stay as they are); the final sigma is
 * Windows' one exception.
 *
 * @see MS-NLMP §3.3.2 (UpperCase) and MS-UCODEREF
 */
export function upperCase(text: string): string {
  return Array.from({ length: text.length }, (_, index) => upperUnit(text.charAt(index))).join('');
}

function upperUnit(unit: string): string {
  if (unit === 'ς') return 'Σ';
  const upper = unit.toUpperCase();
  return upper.length === 1 && upper.toLowerCase() === unit ? upper : unit;
}
