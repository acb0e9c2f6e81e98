import { failure } from '../../core/failure.ts';
import { integerOf, propertyOf, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeErrorRecord, encodeErrorRecord } from './error-record.ts';
import type { ErrorRecord } from './error-record.ts';

/** Runspace pool states, at the index that is their value in PowerShell's `RunspacePoolState`; MS-PSRP §2.2.3.4. */
const poolStates = [
  'BeforeOpen',
  'Opening',
  'Opened',
  'Closed',
  'Closing',
  'Broken',
  'Disconnecting',
  'Disconnected',
  'Connecting',
] as const;
/** Pipeline states, at the index that is their value (MS-PSRP §2.2.3.5). */
const pipelineStates = [
  'NotStarted',
  'Running',
  'Stopping',
  'Stopped',
  'Completed',
  'Failed',
  'Disconnected',
] as const;
export type PoolState = (typeof poolStates)[number];
export type PipelineState = (typeof pipelineStates)[number];
/** States after which a pipeline says nothing more. */
export type FinalPipelineState = Extract<PipelineState, 'Stopped' | 'Completed' | 'Failed'>;

/** A state, and for broken pools and failed or stopped pipelines the error that led there. */
export interface StateOf<State> {
  readonly state: State;
  readonly reason: ErrorRecord | undefined;
}

/** Reads the body of RUNSPACEPOOL_STATE. */
export function decodePoolState(body: PsValue | undefined): Result<StateOf<PoolState>> {
  return decodeState(body, 'RunspaceState', poolStates);
}

/** Reads the body of PIPELINE_STATE. */
export function decodePipelineState(body: PsValue | undefined): Result<StateOf<PipelineState>> {
  return decodeState(body, 'PipelineState', pipelineStates);
}

export function encodePoolState(state: PoolState, reason?: ErrorRecord): PsValue {
  return encodeState('RunspaceState', poolStates.indexOf(state), reason);
}

export function encodePipelineState(state: PipelineState, reason?: ErrorRecord): PsValue {
  return encodeState('PipelineState', pipelineStates.indexOf(state), reason);
}

export const isFinal = (state: PipelineState): state is FinalPipelineState =>
  state === 'Stopped' || state === 'Completed' || state === 'Failed';

function decodeState<State>(
  body: PsValue | undefined,
  property: string,
  states: readonly State[],
): Result<StateOf<State>> {
  const value = integerOf(propertyOf(body, property));
  const state = value === undefined ? undefined : states[value];
  if (state === undefined) {
    return err(
      failure('psrp.malformed', { reason: `${property} ${value ?? 'is missing'} in a state message` }),
    );
  }
  const reason = propertyOf(body, 'ExceptionAsErrorRecord');
  return ok({
    state,
    reason: reason === undefined || reason === null ? undefined : decodeErrorRecord(reason),
  });
}

function encodeState(property: string, value: number, reason: ErrorRecord | undefined): PsValue {
  return psRecord({
    [property]: value,
    ...(reason === undefined ? {} : { ExceptionAsErrorRecord: encodeErrorRecord(reason) }),
  });
}
