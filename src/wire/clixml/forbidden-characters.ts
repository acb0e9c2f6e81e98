/**
 * Turns characters that XML forbids into CLIXML escapes, which mean the same; the text may arrive in pieces.
 *
 * PowerShell writes some of them, raw or as character references (`&#xFFFF;`): its own reader accepts them, no XML
 * parser else does.
 */
export class ForbiddenCharacters {
  /** The beginning of a character reference whose end is in the next piece. */
  #held = '';

  escape(piece: string): string {
    const text = this.#held + piece;
    const cut = /&[#\w]{0,12}$/.exec(text)?.index ?? text.length;
    this.#held = text.slice(cut);
    return text
      .slice(0, cut)
      .replace(/[\ufffe\uffff]/g, (unit) => escapeUnit(unit.charCodeAt(0)))
      .replace(/&#(?:x([0-9a-f]{1,8})|(\d{1,10}));/gi, (reference, hex?: string, decimal?: string) => {
        const unit = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return isForbiddenUnit(unit) ? escapeUnit(unit) : reference;
      });
  }

  /** What is left at the end of the text. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

function isForbiddenUnit(unit: number): boolean {
  if (unit < 0x20) return unit !== 0x09 && unit !== 0x0a && unit !== 0x0d;
  return (unit >= 0xd800 && unit <= 0xdfff) || unit === 0xfffe || unit === 0xffff;
}

const escapeUnit = (unit: number): string => `_x${unit.toString(16).toUpperCase().padStart(4, '0')}_`;
