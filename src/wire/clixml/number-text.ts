/** A double as .NET reads it back: shortest digits, `E` exponents, `INF`, `-INF` and `NaN`. */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  return Object.is(value, -0) ? '-0' : String(value).replace('e', 'E');
}

/** Reads what `formatDouble` and .NET write; undefined for anything else. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'NaN') return Number.NaN;
  if (/^[+-]?(INF|Infinity)$/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Reads a decimal integer that JavaScript holds exactly, within bounds; undefined for anything else. */
export function parseSmallInteger(text: string, min: number, max: number): number | undefined {
  if (!/^\s*[+-]?\d{1,20}\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value + 0 : undefined;
}

/** Reads a decimal integer within bounds; undefined for anything else. */
export function parseInteger(text: string, min: bigint, max: bigint): bigint | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,20}$/.test(trimmed)) return undefined;
  const value = BigInt(trimmed.replace(/^\+/, ''));
  return value >= min && value <= max ? value : undefined;
}
