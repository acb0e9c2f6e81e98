import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { parseXmlDuration } from '../../../src/wire/wsman/xml-duration.ts';
import type { Request } from './request.ts';

/** A fact of the recorded request beside ours; undefined where one of them does not say it. */
export interface FactPair {
  readonly name: string;
  readonly recorded: string | undefined;
  readonly ours: string | undefined;
  readonly request: Request;
}

/** A way in which another client may write the same request, and why it means the same. */
export interface Habit {
  readonly name: string;
  readonly reason: string;
  readonly allows: (pair: FactPair) => boolean;
}

const isTrue = (text: string | undefined): boolean => /^(true|1)$/i.test(text ?? '');
const isFalse = (text: string | undefined): boolean => /^(false|0)$/i.test(text ?? '');
const crtlC = signalCodes.stopPipeline;

/** What is not compared in requests, rule by rule; all else must be equal. */
export const habits: readonly Habit[] = [
  {
    name: 'skip-cmd-shell on pipelines',
    reason:
      'the PowerShell plug-in does not read WINRS_SKIP_CMD_SHELL; the recorded client sends it everywhere',
    allows: ({ name, request }) => name === 'option WINRS_SKIP_CMD_SHELL' && request.isPsrp,
  },
  {
    name: 'option left at its default',
    reason: 'an option that says what the server assumes anyway may be left out, and the other way round',
    allows: ({ name, recorded, ours }) =>
      ['option WINRS_SKIP_CMD_SHELL', 'option WINRS_NOPROFILE'].includes(name) &&
      (recorded === undefined || ours === undefined) &&
      isFalse(recorded ?? ours),
  },
  {
    name: 'console mode of stdin',
    reason: 'a console is the default of WINRS_CONSOLEMODE_STDIN; the recorded client never sends it',
    allows: ({ name, recorded, ours }) =>
      name === 'option WINRS_CONSOLEMODE_STDIN' && recorded === undefined && isTrue(ours),
  },
  {
    name: 'UTF-8 unless asked otherwise',
    reason:
      'where the caller names no code page we ask for 65001, so that output can be read; the recorded client takes what the host has',
    allows: ({ name, recorded, ours }) =>
      name === 'option WINRS_CODEPAGE' && recorded === undefined && ours === '65001',
  },
  {
    name: 'keep-alive',
    reason: 'WSMAN_CMDSHELL_OPTION_KEEPALIVE says how long a Receive waits, not what it asks',
    allows: ({ name }) => name === 'option WSMAN_CMDSHELL_OPTION_KEEPALIVE',
  },
  {
    name: 'idle timeout of our own',
    reason: 'where the caller asks for none we send one, so that an abandoned shell frees itself',
    allows: ({ name, recorded }) => name === 'Shell/IdleTimeOut' && recorded === undefined,
  },
  {
    name: 'spelling of durations',
    reason: 'PT60S is PT60.000S',
    allows: ({ name, recorded, ours }) =>
      /\/(?:IdleTimeOut|Lifetime)$/.test(name) && sameDuration(recorded, ours),
  },
  {
    name: 'spelling of truth values',
    reason: 'True is true',
    allows: ({ name, recorded, ours }) =>
      name.startsWith('option ') &&
      ((isTrue(recorded) && isTrue(ours)) || (isFalse(recorded) && isFalse(ours))),
  },
  {
    name: 'order of stream names',
    reason: 'the names of streams are a set',
    allows: ({ name, recorded, ours }) => /Streams?$/.test(name) && words(recorded) === words(ours),
  },
  {
    name: 'how a list is fetched',
    reason: 'page size and optimised enumeration are the client’s choice; what is listed is compared',
    allows: ({ name }) => /^Enumerate\/(OptimizeEnumeration|MaxElements)$/.test(name),
  },
  {
    name: 'spelling of the stop code',
    reason:
      'PowerShell compares with `powershell/signal/crtl_c`; the recorded client wrote ctrl_c, which merely closes the pipeline',
    allows: ({ name, recorded = '', ours, request }) =>
      name === 'Signal/Code' && request.isPsrp && recorded.endsWith('/signal/ctrl_c') && ours === crtlC,
  },
  {
    name: 'empty wrappers',
    reason: 'an element without content says nothing',
    allows: ({ name, recorded, ours }) =>
      !/\/(?:Arguments|Variable)/.test(name) && (recorded ?? '') === '' && (ours ?? '') === '',
  },
];

function sameDuration(left: string | undefined, right: string | undefined): boolean {
  const [a, b] = [parseXmlDuration(left ?? ''), parseXmlDuration(right ?? '')];
  return a !== undefined && a === b;
}

function words(text: string | undefined): string {
  return (text ?? '').split(/\s+/).filter(Boolean).sort().join(' ');
}
