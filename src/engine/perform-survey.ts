import type { Control } from '../control/declaration.ts';
import { formatInstant } from '../core/time.ts';
import type { Intent, ProbeHost, VerifyHost } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import type { Observation } from '../model/observation.ts';
import { judgeProbe, judgeVerification } from '../run/judge.ts';
import type { Surveyed } from '../run/judge.ts';
import { failedObservation, surveyHost } from '../survey/survey-host.ts';
import type { HostPorts } from './host-ports.ts';
import { outcomeOf } from './outcome-of.ts';

/** Surveys a host before its changes, and compares it with the plan. */
export async function performProbe(
  ports: HostPorts,
  intent: ProbeHost,
  signal: AbortSignal,
): Promise<IntentOutcome> {
  return judged(ports, intent, await observe(ports, intent, signal), judgeProbe);
}

/** Surveys a host after its changes, and judges whether they hold. */
export async function performVerify(
  ports: HostPorts,
  intent: VerifyHost,
  signal: AbortSignal,
): Promise<IntentOutcome> {
  const observation = await observe(ports, intent, signal);
  return judged(ports, intent, observation, (surveyed) => judgeVerification(surveyed, intent.boot));
}

async function observe(ports: HostPorts, intent: Intent, signal: AbortSignal): Promise<Observation> {
  const target = ports.credentials.target(intent.host);
  if (!target.ok) return failedObservation(intent.host, ports.clock.now(), target.error);
  return surveyHost(ports.sessions, target.value, {
    controls: controlsOf(ports, intent.phase),
    scripts: ports.scripts,
    now: () => ports.clock.now(),
    signal,
  });
}

function controlsOf({ plan, catalog }: HostPorts, phase: string): readonly Control[] {
  const wanted = plan.phases.find(({ name }) => name === phase)?.controls ?? {};
  return Object.keys(wanted).flatMap((id) => catalog.get(id) ?? []);
}

function judged(
  { plan, catalog }: HostPorts,
  intent: Intent,
  observation: Observation,
  judge: (surveyed: Surveyed) => IntentOutcome,
): IntentOutcome {
  const { reach, failure, facts } = observation;
  if (facts !== undefined) return judge({ plan, catalog, intent, observation, facts });
  const result = reach === 'unreachable' ? 'unreachable' : 'failed';
  const reason = failure?.message ?? `it gave no facts at ${observation.at}`;
  const outcome = outcomeOf(intent, result, reason);
  return failure === undefined ? outcome : { ...outcome, failure };
}

/** Now, as text of our documents. */
export function nowText({ clock }: HostPorts): string {
  return formatInstant(clock.now());
}
