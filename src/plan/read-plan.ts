import { failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { Plan, planSchemaName } from '../model/plan.ts';
import { planDigest } from './digest.ts';

/**
 * Reads a saved plan, and refuses one that was changed after it was made.
 *
 * Members that this version does not know are ignored, but belong to the digest.
 *
 * @returns Failure `plan.unreadable`, `plan.unknown-schema` (another major version), or `plan.digest`.
 */
export function readPlan(text: string): Result<Plan> {
  const json = parseJson(text);
  if (json === undefined) return err(failure('plan.unreadable', { reason: 'it is not a JSON object' }));
  if (json['schema'] !== planSchemaName)
    return err(failure('plan.unknown-schema', { schema: json['schema'] ?? 'none', known: planSchemaName }));
  const plan = Plan.safeParse(json);
  if (!plan.success) {
    const [reason] = plan.error.issues.map(
      ({ message, path }) => `${path.map(String).join('.')}: ${message}`,
    );
    return err(failure('plan.unreadable', { reason }));
  }
  const actual = planDigest(json);
  if (actual !== plan.data.digest) return err(failure('plan.digest', { digest: plan.data.digest, actual }));
  return ok(plan.data);
}

function parseJson(text: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
