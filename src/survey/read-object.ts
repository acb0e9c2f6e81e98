import { failure } from '../core/failure.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Duration } from '../core/time.ts';
import type { ReadScript } from '../ports/scripts.ts';
import type { HostSession } from '../ports/session.ts';

/** What a caller knows about the one object that a script emits; any zod schema fits. */
export interface ExpectedObject<T> {
  readonly schema: {
    safeParse(value: JsonValue): { success: true; data: T } | { success: false; error: SchemaError };
  };
  readonly args: JsonObject;
  readonly timeout: Duration;
  readonly signal: AbortSignal;
}

interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Runs a script that emits one object, and checks its shape: failure `script.bad-output` where it differs. */
export async function readObject<T>(
  session: HostSession,
  script: ReadScript,
  expected: ExpectedObject<T>,
): Promise<Result<T>> {
  const { args, timeout, signal, schema } = expected;
  const ran = await session.read(script, args, { timeout }, signal);
  if (!ran.ok) return ran;
  const { output, errors } = ran.value;
  const [first] = output;
  const bad = (reason: string) =>
    err(failure('script.bad-output', { script: script.name, host: session.host, reason }));
  if (errors[0] !== undefined) return bad(`it wrote an error: ${errors[0].message} (${errors[0].id})`);
  if (first === undefined || output.length > 1) return bad(`${output.length} objects instead of one`);
  const parsed = schema.safeParse(first);
  if (parsed.success) return ok(parsed.data);
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  return bad(reasons.slice(0, 3).join('; '));
}
