import { integerOf, psEnum } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** COM apartments; `unknown` leaves the choice to the server (MS-PSRP §2.2.3.7). */
const apartments = ['sta', 'mta', 'unknown'] as const;
export type ApartmentState = (typeof apartments)[number];

/** Which thread runs a pipeline; `default` leaves the choice to the server (MS-PSRP §2.2.3.6). */
const threadOptions = ['default', 'use-new-thread', 'reuse-thread', 'use-current-thread'] as const;
export type ThreadOptions = (typeof threadOptions)[number];

const threadNames: Readonly<Record<ThreadOptions, string>> = {
  default: 'Default',
  'use-new-thread': 'UseNewThread',
  'reuse-thread': 'ReuseThread',
  'use-current-thread': 'UseCurrentThread',
};

export function encodeApartmentState(state: ApartmentState): PsValue {
  const typeName = 'System.Management.Automation.Runspaces.ApartmentState';
  return psEnum(typeName, apartments.indexOf(state), state.toUpperCase());
}

export function decodeApartmentState(value: PsValue | undefined): ApartmentState {
  return apartments[integerOf(value) ?? -1] ?? 'unknown';
}

export function encodeThreadOptions(options: ThreadOptions): PsValue {
  const typeName = 'System.Management.Automation.Runspaces.PSThreadOptions';
  return psEnum(typeName, threadOptions.indexOf(options), threadNames[options]);
}

export function decodeThreadOptions(value: PsValue | undefined): ThreadOptions {
  return threadOptions[integerOf(value) ?? -1] ?? 'default';
}
