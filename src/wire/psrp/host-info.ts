import { propertyOf, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/**
 * Which parts of a host the client has: `none` means the server never calls it, and prompts fail at once there;
 * `minimal` has a console without a screen; `pool` (pipelines only) means the pool's host.
 */
export type HostInfo = 'none' | 'minimal' | 'pool';

/** Writes HostInfo (MS-PSRP §2.2.3.14); a screen is never declared. */
export function encodeHostInfo(host: HostInfo): PsValue {
  const absent = host !== 'minimal';
  return psRecord({
    _isHostNull: absent,
    _isHostUINull: absent,
    _isHostRawUINull: true,
    _useRunspaceHost: absent,
  });
}

export function decodeHostInfo(value: PsValue | undefined): HostInfo {
  if (propertyOf(value, '_isHostNull') === false) return 'minimal';
  return propertyOf(value, '_useRunspaceHost') === true ? 'pool' : 'none';
}
