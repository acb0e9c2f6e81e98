import { WritePermit, writePermitKey } from './write-permit.ts';

/** Issues a permit for an intent that is already durable. Only `engine/perform` and tests may import this file. */
export function issueWritePermit(host: string, intent: string): WritePermit {
  return new WritePermit(writePermitKey, host, intent);
}
