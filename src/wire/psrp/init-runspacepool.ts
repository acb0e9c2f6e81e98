import { failure } from '../../core/failure.ts';
import { integerOf, propertyOf, psEnum, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeHostInfo, encodeHostInfo } from './host-info.ts';
import type { HostInfo } from './host-info.ts';

/** INIT_RUNSPACEPOOL (MS-PSRP §2.2.2.2). */
export interface InitRunspacePool {
  readonly minRunspaces: number;
  readonly maxRunspaces: number;
  readonly host: HostInfo;
  /** Shown to scripts as `$PSSenderInfo.ApplicationArguments`; a dictionary or null. */
  readonly applicationArguments: PsValue;
}

export function encodeInitRunspacePool(init: InitRunspacePool): PsValue {
  return psRecord({
    MinRunspaces: init.minRunspaces,
    MaxRunspaces: init.maxRunspaces,
    PSThreadOptions: psEnum('System.Management.Automation.Runspaces.PSThreadOptions', 0, 'Default'),
    ApartmentState: unknownApartment(),
    HostInfo: encodeHostInfo(init.host),
    ApplicationArguments: init.applicationArguments,
  });
}

/** Leaves the choice of a COM apartment to the server. */
export function unknownApartment(): PsValue {
  return psEnum('System.Threading.ApartmentState', 2, 'Unknown');
}

export function decodeInitRunspacePool(body: PsValue | undefined): Result<InitRunspacePool> {
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
  return ok({
    minRunspaces,
    maxRunspaces,
    host: decodeHostInfo(propertyOf(body, 'HostInfo')),
    applicationArguments: propertyOf(body, 'ApplicationArguments') ?? null,
  });
}
