import type { PsProgress, PsValue } from '../../../src/core/ps-value.ts';
import type { ErrorRecord } from '../../../src/wire/psrp/error-record.ts';
import type { InformationRecord } from '../../../src/wire/psrp/information-record.ts';
import type { MessageRecord } from '../../../src/wire/psrp/message-record.ts';
import type { Difference } from '../difference.ts';
import type { Delivered } from '../host/transcript.ts';
import { unlike } from '../values/expected.ts';
import { asMapping } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';
import { deliveredNames, unlikeDelivered } from './delivered.ts';
import { unequal, unknownExpectation } from './finding.ts';
import { unlikeHostCalls } from './host-calls.ts';
import type { PlayedHostCall } from './host-calls.ts';
import {
  errorFacts,
  informationFacts,
  messageFacts,
  progressFacts,
  unlikeRecord,
  unlikeRecords,
} from './records.ts';

/** What our client made of a pipeline. */
export interface PlayedPipeline {
  readonly state: string;
  readonly hadErrors: boolean;
  readonly output: readonly PsValue[];
  readonly errors: readonly ErrorRecord[];
  readonly warnings: readonly MessageRecord[];
  readonly verbose: readonly MessageRecord[];
  readonly debug: readonly MessageRecord[];
  readonly information: readonly InformationRecord[];
  readonly progress: readonly PsProgress[];
  /** Why it failed or was stopped. */
  readonly reason: ErrorRecord | undefined;
  readonly hostCalls: readonly PlayedHostCall[];
  /** What the Receives of the pipeline brought. */
  readonly delivered: readonly Delivered[];
}

type Check = (expected: unknown, played: PlayedPipeline) => readonly Difference[];

const checks: Readonly<Record<string, Check>> = {
  state: (expected, { state }) => unequal('state', expected, state),
  // The recorded client counts a Failed state only, another may count error records too.
  hadErrors: (expected, { hadErrors, errors }) =>
    expected === false && errors.length > 0 ? [] : unequal('hadErrors', expected, hadErrors),
  output: (expected, { output }) => unlikeOutput(expected, output),
  streams: (expected, played) => unlikeStreams(asMapping(expected) ?? {}, played),
  terminatingError: (expected, { reason }) =>
    reason === undefined
      ? unequal('terminatingError', expected, undefined)
      : unlikeRecord(asMapping(expected) ?? {}, errorFacts(reason), 'terminatingError'),
  hostCalls: (expected, { hostCalls }) => unlikeHostCalls(listOf(expected), hostCalls),
};

/** Everything in which a pipeline came out otherwise than expected; streams that are not named must be empty. */
export function unlikePipeline(expected: Mapping, played: PlayedPipeline): readonly Difference[] {
  const named = { ...('state' in expected ? { streams: {} } : {}), ...expected };
  return Object.entries(named).flatMap(([name, value]) => {
    if (deliveredNames.includes(name)) return unlikeDelivered({ [name]: value }, played.delivered);
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check !== undefined) return check(value, played);
    return [unknownExpectation(name, [...Object.keys(checks), ...deliveredNames])];
  });
}

function unlikeOutput(expected: unknown, output: readonly PsValue[]): readonly Difference[] {
  const items = listOf(expected);
  const differences = items.flatMap((item, index) => unlike(item, output[index], `output[${index}]`));
  return [
    ...differences.slice(0, 1),
    ...unequal('output.(count)', items.length, output.length),
    ...differences.slice(1),
  ];
}

function unlikeStreams(expected: Mapping, played: PlayedPipeline): readonly Difference[] {
  const { errors, reason } = played;
  // The recorded client appends the reason of a failure to the errors; ours may, or keeps it apart.
  const withoutReason = reason !== undefined && errors.at(-1) === reason ? errors.slice(0, -1) : errors;
  const streams: Readonly<Record<string, readonly ReturnType<typeof errorFacts>[]>> = {
    error: withoutReason.map(errorFacts),
    warning: played.warnings.map(messageFacts),
    verbose: played.verbose.map(messageFacts),
    debug: played.debug.map(messageFacts),
    information: played.information.map(informationFacts),
    progress: played.progress.map(progressFacts),
  };
  const unknown = Object.keys(expected).filter((name) => !Object.hasOwn(streams, name));
  return [
    ...unknown.map((name) => unknownExpectation(`streams.${name}`, Object.keys(streams))),
    ...Object.entries(streams).flatMap(([name, records]) =>
      unlikeRecords(listOf(expected[name]), records, `streams.${name}`),
    ),
  ];
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
