import type { PsValue } from '../../core/ps-value.ts';
import { minutes, seconds } from '../../core/time.ts';
import type { ApartmentState, ThreadOptions } from '../../wire/psrp/thread-options.ts';
import type { RunspacePoolOptions } from '../runspace-pool.ts';
import type { HostOption } from './host.ts';
import { toPsValue } from './plain-value.ts';
import type { PlainObject } from './plain-value.ts';
import { optionalDuration } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

export interface PoolOptions {
  /** PowerShell session configuration, such as a JEA endpoint's or `PowerShell.7`; the client's unless given. */
  readonly configuration?: string;
  /** 1 unless given. */
  readonly minRunspaces?: number;
  /** How many pipelines may run at once; the larger of 1 and `minRunspaces` unless given. */
  readonly maxRunspaces?: number;
  /** Who answers when scripts talk to their host; `minimal` unless given. */
  readonly host?: HostOption;
  /** What scripts see as `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PlainObject | PsValue;
  /** After this long without a request the host deletes the shell, should we crash; 15 min unless given, at least 60 s. */
  readonly idleTimeout?: TimeSpan;
  /** For people who list the shells of the host. */
  readonly name?: string;
  /** Leave the account's profile unloaded. */
  readonly noProfile?: boolean;
  readonly threadOptions?: ThreadOptions;
  readonly apartmentState?: ApartmentState;
  /**
   * Whether a pipeline that finds the shell gone (the host restarted, the shell expired) gets a new one, once, where
   * nothing else was under way; true unless given. Variables of the old one are lost.
   */
  readonly renew?: boolean;
  /** How long a connection that breaks under a running pipeline is tried again before its outcome counts as unknown; 1 min unless given. */
  readonly reconnectFor?: TimeSpan;
}

type Settings = Omit<RunspacePoolOptions, 'link' | 'timers' | 'entropy' | 'keys' | 'resourceUri'>;

/** @throws TypeError for what cannot be sent, and lengths of time that are none. */
export function poolSettings(options: PoolOptions): Settings {
  const { minRunspaces = 1, maxRunspaces = Math.max(1, minRunspaces), applicationArguments } = options;
  const { name, noProfile, threadOptions, apartmentState } = options;
  if (!isCount(minRunspaces) || !isCount(maxRunspaces) || maxRunspaces < minRunspaces)
    throw new TypeError('minRunspaces must be at least 1, and maxRunspaces at least as many');
  return {
    minRunspaces,
    maxRunspaces,
    idleTimeout: optionalDuration(options.idleTimeout) ?? minutes(15),
    renews: options.renew ?? true,
    reconnectFor: optionalDuration(options.reconnectFor) ?? seconds(60),
    ...(applicationArguments === undefined ? {} : { applicationArguments: toPsValue(applicationArguments) }),
    ...(name === undefined ? {} : { name }),
    ...(noProfile === undefined ? {} : { noProfile }),
    ...(threadOptions === undefined ? {} : { threadOptions }),
    ...(apartmentState === undefined ? {} : { apartmentState }),
  };
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
