/** One decoder under test, with all that the fuzzer needs to know about it. */
export interface FuzzTarget {
  /** As it is named on the command line: `clixml`, `ntlm-challenge`. */
  readonly name: string;
  /** Valid encodings to start from. */
  readonly seeds: () => readonly Uint8Array[];
  /** Pieces that mean something to the decoder, to be put in anywhere. */
  readonly dictionary?: readonly string[];
  /** How an input is built, so that mutations keep what would only be refused: nested lengths, elements. */
  readonly shape?: 'bytes' | 'xml' | 'der';
  /**
   * Decodes one input. Returns for an answer and for a typed failure alike; whatever it throws is a finding.
   *
   * Inputs are at most 64 KiB, so each must be done within a fraction of a second and without much memory.
   */
  readonly run: (input: Uint8Array) => void;
}

/** Largest input. */
export const maxInputBytes = 65_536;
