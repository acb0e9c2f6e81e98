import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';

/** The last observation of each host, for `plan --offline`; opaque to the store. */
export interface ObservationStore {
  save(host: string, observation: JsonObject): Result<void>;
  all(): Result<ReadonlyMap<string, JsonObject>>;
  close(): void;
}
