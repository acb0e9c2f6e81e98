import type { Observation } from '../model/observation.ts';
import type { Risk } from '../model/plan.ts';
import type { JudgedStep, Judgement } from './judge-host.ts';

/** What an operator should know about one host before the plan is applied. */
export function hostRisks(o: {
  host: string;
  observation: Observation | undefined;
  judgements: readonly Judgement[];
}): Risk[] {
  const { host, observation } = o;
  const steps = o.judgements.flatMap((it) => it.steps);
  const texts: [code: string, messages: Iterable<string>][] = [
    ...reachRisks(observation),
    ['managed', new Set(steps.flatMap(describeManager))],
    ['foreign-pending', new Set(o.judgements.flatMap((it) => it.toleratedPending).map(describePending))],
    ['feature-removal', new Set(steps.filter((step) => step.changesFeature).map(describeRemoval))],
  ];
  return texts.flatMap(([code, messages]) => [...messages].map((message) => ({ code, message, host })));
}

function reachRisks(observation: Observation | undefined): [string, string[]][] {
  if (observation === undefined)
    return [['unobserved', ['was not observed: what is due is only known when it is probed']]];
  const why = observation.failure?.message ?? 'no reason given';
  if (observation.reach === 'unreachable') return [['unreachable', [`is unreachable now: ${why}`]]];
  if (observation.reach === 'denied') return [['denied', [`denies the logon: ${why}`]]];
  if (observation.facts === undefined) return [['unread', [`could not be surveyed: ${why}`]]];
  return [];
}

function describeManager({ control, managedBy }: JudgedStep): string[] {
  return managedBy === undefined ? [] : [`${control} is managed by ${managedBy}`];
}

function describePending(source: string): string {
  return `a reboot was already pending (${source}, which alone proves little); ours would finish it too`;
}

function describeRemoval(step: JudgedStep): string {
  return `${step.control} changes a Windows feature: taking it back needs another reboot, and perhaps installation media`;
}
