import { failureCodes } from '../../src/core/failure-codes.ts';
import type { FailureCode } from '../../src/core/failure-codes.ts';
import type { FailureSpec } from '../../src/core/failure-spec.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';

/**
 * What a failure says, with details as their names in braces; those that are `known` are as they are, or missing
 * where they are null.
 */
export function says(code: FailureCode, known: JsonObject = {}): string {
  return failureCodes[code].message(placeholders(known));
}

/** The hint in general: where details bring a hint of their own, the one that stands in for it. */
export function whatToDo(code: FailureCode, known: JsonObject = {}): string | undefined {
  const { hint }: FailureSpec = failureCodes[code];
  const shown = hint?.(placeholders(known));
  return shown !== undefined && /^\{\w+\}$/.test(shown) ? hint?.({}) : shown;
}

/** Details in which each one is its own name in braces; a near match is missing, since it replaces the hint. */
function placeholders(known: JsonObject): JsonObject {
  return new Proxy<Record<string, JsonValue>>(
    {},
    {
      get(_details, name) {
        const detail = String(name);
        if (detail in known) return known[detail] ?? undefined;
        return detail === 'near' ? undefined : `{${detail}}`;
      },
    },
  );
}
