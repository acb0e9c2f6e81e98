import type { JsonObject } from './json.ts';

/** Whose fault it is: the operator's input, this program, the host, or what lies between. */
export type Blame = 'user' | 'local' | 'remote' | 'network';
/** Whether trying the same again can help. */
export type Retry = 'never' | 'later' | 'after-reauth';

/** One entry of the registry of failure codes; a code is declared once, in `core/failures/<area>.ts`. */
export interface FailureSpec {
  readonly blame: Blame;
  readonly retry: Retry;
  /** Says what was tried, on what, and what came back. Must cope with missing details. */
  readonly message: (details: JsonObject) => string;
  /** Says what to do next. */
  readonly hint?: (details: JsonObject) => string;
}
