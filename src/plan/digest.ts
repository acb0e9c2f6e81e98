import { canonicalJson } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { sha256 } from '../core/sha256.ts';
import { steadyFacts } from './fact-digest.ts';

/** Risks that depend on the moment of planning or on how a host failed to answer. */
const passingRisks: readonly JsonValue[] = [
  'clock-change',
  'offline',
  'spills',
  'unreachable',
  'denied',
  'unread',
];

/**
 * SHA-256 over what a plan will do: two plans made from the same inputs and unchanged hosts have the same digest.
 *
 * Left out: when it was made, estimates (slots, timetable), facts that change by themselves, passing risks, approvals
 * given. Members that this version does not know count, so that a newer plan can be checked too.
 *
 * @param plan - The plan document as JSON.
 */
export function planDigest(plan: JsonObject): string {
  const { digest, createdAt, timetable, ...lasting } = plan;
  return sha256(
    canonicalJson({
      ...lasting,
      approvals: without(plan['approvals'], 'given'),
      risks: lastingRisks(plan['risks']),
      hosts: asList(plan['hosts']).map((host) => (isObject(host) ? lastingHost(host) : host)),
    }),
  );
}

function lastingHost(host: JsonObject): JsonObject {
  const { observedAt, facts, ...lasting } = host;
  return {
    ...lasting,
    ...(isObject(facts) ? { facts: steadyFacts(facts) } : {}),
    reboots: asList(host['reboots']).map((reboot) => without(reboot, 'slot')),
    risks: lastingRisks(host['risks']),
  };
}

function lastingRisks(risks: JsonValue | undefined): JsonValue {
  return asList(risks).filter((risk) => !(isObject(risk) && passingRisks.includes(risk['code'] ?? null)));
}

function without(value: JsonValue | undefined, key: string): JsonValue {
  if (!isObject(value)) return value ?? null;
  return { ...value, [key]: undefined };
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
