import type { PipelineRequest } from '../pipeline-request.ts';
import type { PsrpHost } from '../../wire/psrp/host.ts';
import { askingHost, minimalHost, noHost } from '../../wire/psrp/host.ts';
import type { HostAnswers } from '../host-answers.ts';

/**
 * Who answers when a script talks to its host:
 *
 * - `none`: nobody; prompts fail at once and `exit` codes are not told.
 * - `minimal`: nobody either, but `exit` codes are told, and what scripts write to the host is taken and dropped.
 * - an `InteractiveHost`: you.
 */
export type HostOption = 'none' | 'minimal' | InteractiveHost;

/** A host of your own, such as one that asks a person. */
export interface InteractiveHost {
  /** Which parts it has, which is what the server calls. */
  readonly info: PsrpHost['info'];
  /** Every call, those that want no answer too. What it throws refuses the call, and the script sees an error. */
  readonly answer: HostAnswers;
}

/** The host of PSRP, and who answers what it leaves open. */
export function hostOf(host: HostOption): { readonly host: PsrpHost } & Pick<PipelineRequest, 'answers'> {
  if (host === 'none') return { host: noHost };
  if (host === 'minimal') return { host: minimalHost };
  return { host: askingHost(host.info), answers: (call) => host.answer(call) };
}
