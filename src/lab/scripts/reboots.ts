import { formatInstant, milliseconds, parseInstant } from '../../core/time.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RebootAnswer, RebootEvidence } from '../../model/script-results.ts';
import { bootId } from '../windows/boot.ts';
import type { SimulatedWindows } from '../windows/simulated-windows.ts';

const reasons: Readonly<Record<number, string>> = {
  0: 'accepted',
  5: 'access-denied',
  1115: 'shutdown-in-progress',
  1190: 'shutdown-already-scheduled',
  1191: 'users-logged-on',
};

/** Readings of one boot that are this close are the same. */
const tolerance = milliseconds(2000);

/** What `engine/reboot-request.ps1` gives. */
export function requestReboot(windows: SimulatedWindows, args: JsonObject, user: string): RebootAnswer {
  const { state } = windows;
  const boot = { bootTime: state.bootTime, bootId: bootId(state) };
  if (!isSameBoot(args, boot))
    return { accepted: false, exitCode: null, reason: 'already-rebooted', ...boot };
  const comment = `${textOf(args['Comment'])} ${textOf(args['Nonce'])}`.replaceAll('"', "'");
  const exitCode = windows.requestShutdown(comment, user);
  const reason = reasons[exitCode] ?? 'refused';
  return { accepted: reason === 'accepted', exitCode, reason, ...boot };
}

function isSameBoot(args: JsonObject, boot: { bootTime: string; bootId: number | null }): boolean {
  const given = parseInstant(textOf(args['BootTime']));
  const found = parseInstant(boot.bootTime);
  if (given === undefined || found === undefined || Math.abs(found - given) > tolerance) return false;
  const id = args['BootId'] ?? null;
  return id === null || boot.bootId === null || id === boot.bootId;
}

/** What `engine/reboot-evidence.ps1` gives: whether the event log knows a request with this nonce. */
export function rebootEvidence(windows: SimulatedWindows, args: JsonObject): RebootEvidence {
  const { state } = windows;
  const nonce = textOf(args['Nonce']);
  const request = state.events.findLast(
    ({ provider, id, values }) =>
      nonce !== '' && provider === 'User32' && id === 1074 && values.some((it) => it.includes(nonce)),
  );
  const silence = reachesBackTo(windows, args['Since']) ? 'no' : 'unknown';
  return {
    bootTime: state.bootTime,
    bootId: bootId(state),
    hostTime: formatInstant(windows.now()),
    requested: request === undefined ? silence : 'yes',
    requestedAt: request?.at ?? null,
  };
}

/** Silence proves something only where the log reaches back to before the request. */
function reachesBackTo({ state }: SimulatedWindows, since: unknown): boolean {
  const limit = parseInstant(textOf(since));
  const oldest = parseInstant(state.events.find(({ log }) => log === 'System')?.at ?? '');
  return limit !== undefined && oldest !== undefined && oldest <= limit;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
