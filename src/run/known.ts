/** What the plan must have, or its journal would not have been made from it. Throws TypeError, which is our own bug. */
export function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TypeError(`the run has no ${what}`);
  return found;
}
