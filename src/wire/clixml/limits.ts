/** Bounds on CLIXML from the other side; exceeding one is failure `clixml.limit`. */
export interface ClixmlLimits {
  /** Nesting of elements; an object in an object takes two to three. */
  readonly maxDepth: number;
  readonly maxElements: number;
  /** UTF-16 code units of the whole document. */
  readonly maxLength: number;
}

export const defaultClixmlLimits: ClixmlLimits = {
  maxDepth: 400,
  maxElements: 500_000,
  maxLength: 50 * 1024 * 1024,
};
