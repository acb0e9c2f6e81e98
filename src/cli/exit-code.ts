import type { Failure, FailureCode } from '../core/failure.ts';

/** Exit codes of the contract (contract.md §1). */
export const exitCodes = {
  done: 0,
  failed: 1,
  changesDue: 2,
  notFinished: 3,
  unreachable: 4,
  stopped: 5,
  doesNotFit: 6,
  stale: 7,
  locked: 8,
  approvalMissing: 9,
  usage: 64,
  invalidInput: 65,
  internal: 70,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const precedence: readonly ExitCode[] = [70, 64, 65, 8, 7, 9, 6, 5, 1, 4, 130, 3, 2, 0];

/** The one that wins when several apply. */
export function firstExitCode(codes: Iterable<ExitCode>): ExitCode {
  const present = new Set(codes);
  return precedence.find((code) => present.has(code)) ?? exitCodes.done;
}

/** A number from the journal as one of ours. */
export function asExitCode(code: number): ExitCode {
  return precedence.find((known) => known === code) ?? exitCodes.internal;
}

const single: Readonly<Record<string, ExitCode>> = {
  'lock.held': exitCodes.locked,
  'plan.stale': exitCodes.stale,
  'plan.other-network': exitCodes.usage,
  'file.write': exitCodes.failed,
  'plan.infeasible': exitCodes.doesNotFit,
  'plan.infeasible-host': exitCodes.doesNotFit,
  'plan.infeasible-window': exitCodes.doesNotFit,
  'plan.infeasible-horizon': exitCodes.doesNotFit,
  'plan.infeasible-set': exitCodes.doesNotFit,
  'net.aborted': exitCodes.interrupted,
  'run.not-found': exitCodes.usage,
  'run.ended': exitCodes.usage,
  'run.unfinished': exitCodes.locked,
  'init.exists': exitCodes.usage,
  'host.not-in-plan': exitCodes.usage,
  'inventory.not-named': exitCodes.usage,
  'playbook.not-named': exitCodes.usage,
};

const byArea: Readonly<Record<string, ExitCode>> = {
  yaml: exitCodes.invalidInput,
  document: exitCodes.invalidInput,
  inventory: exitCodes.invalidInput,
  playbook: exitCodes.invalidInput,
  plan: exitCodes.invalidInput,
  calendar: exitCodes.invalidInput,
  file: exitCodes.invalidInput,
  approval: exitCodes.approvalMissing,
  net: exitCodes.unreachable,
};

/** The exit code of a command that ended with this failure. */
export function exitCodeOfFailure({ code }: Failure): ExitCode {
  return single[code] ?? byArea[code.slice(0, code.indexOf('.'))] ?? exitCodes.failed;
}

/** Whether a host was not asked at all, because the inventory does not say how: a mistake in a file, not of the network. */
export function isInputMistake(host: { readonly failure?: { readonly code: string } }): boolean {
  const { code = '' } = host.failure ?? {};
  return code.startsWith('inventory.') || unusableSettings.has(code);
}

/** What connecting finds wrong with settings before anything is sent. */
const unusableSettings: ReadonlySet<string> = new Set<FailureCode>([
  'auth.basic-over-http',
  'auth.certificate-over-http',
  'auth.no-client-certificate',
  'net.proxy-needs-https',
  'tls.bad-authority',
  'tls.bad-client-certificate',
  'tls.bad-client-key',
  'tls.bad-pin',
]);
