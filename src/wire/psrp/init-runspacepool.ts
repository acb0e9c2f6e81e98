import { failure } from '../../core/failure.ts';
import { integerOf, propertyOf, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeHostInfo, encodeHostInfo } from './host-info.ts';
import type { HostInfo } from './host-info.ts';
import {
  decodeApartmentState,
  decodeThreadOptions,
  encodeApartmentState,
  encodeThreadOptions,
} from './thread-options.ts';
import type { ApartmentState, ThreadOptions } from './thread-options.ts';

/** INIT_RUNSPACEPOOL (MS-PSRP §2.2.2.2). */
export interface InitRunspacePool {
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  readonly threadOptions: ThreadOptions;
  readonly apartmentState: ApartmentState;
  readonly host: HostInfo;
  /** Shown to scripts as `$PSSenderInfo.ApplicationArguments`; a dictionary or null. */
  readonly applicationArguments: PsValue;
}

export function encodeInitRunspacePool(init: InitRunspacePool): PsValue {
  return psRecord({
    MinRunspaces: init.minRunspaces,
    MaxRunspaces: init.maxRunspaces,
    PSThreadOptions: encodeThreadOptions(init.threadOptions),
    ApartmentState: encodeApartmentState(init.apartmentState),
    HostInfo: encodeHostInfo(init.host),
    ApplicationArguments: init.applicationArguments,
  });
}

export function decodeInitRunspacePool(body: PsValue | undefined): Result<InitRunspacePool> {
  const bounds = decodeRunspaceBounds(body);
  if (!bounds.ok) return bounds;
  return ok({
    ...bounds.value,
    threadOptions: decodeThreadOptions(propertyOf(body, 'PSThreadOptions')),
    apartmentState: decodeApartmentState(propertyOf(body, 'ApartmentState')),
    host: decodeHostInfo(propertyOf(body, 'HostInfo')),
    applicationArguments: propertyOf(body, 'ApplicationArguments') ?? null,
  });
}

/** How many runspaces a pool has at least and at most. */
export type RunspaceBounds = Pick<InitRunspacePool, 'minRunspaces' | 'maxRunspaces'>;

/** Writes RUNSPACEPOOL_INIT_DATA (MS-PSRP §2.2.2.30), what a server tells a client that connects to its pool. */
export function encodeRunspaceBounds({ minRunspaces, maxRunspaces }: RunspaceBounds): PsValue {
  return psRecord({ MinRunspaces: minRunspaces, MaxRunspaces: maxRunspaces });
}

export function decodeRunspaceBounds(body: PsValue | undefined): Result<RunspaceBounds> {
  const minRunspaces = integerOf(propertyOf(body, 'MinRunspaces'));
  const maxRunspaces = integerOf(propertyOf(body, 'MaxRunspaces'));
  if (
    minRunspaces === undefined ||
    maxRunspaces === undefined ||
    minRunspaces < 1 ||
    maxRunspaces < minRunspaces
  ) {
    return err(failure('psrp.malformed', { reason: 'the pool has impossible bounds on its runspaces' }));
  }
  return ok({ minRunspaces, maxRunspaces });
}
