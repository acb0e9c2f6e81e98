import type { Outcome, Report, ReportedHost } from '../model/report.ts';

/** Unfinished hosts with one and the same story. */
export interface Attention {
  readonly outcome: Outcome;
  readonly hosts: readonly string[];
  /** Where there are several hosts, `HOST` stands for each. */
  readonly reason: string;
  readonly next: string;
  readonly commands: readonly string[];
}

const byUrgency: readonly Outcome[] = ['unknown', 'failed', 'unreachable', 'held', 'not-started'];

/**
 * What a person must look at, the most urgent first.
 *
 * Hosts that differ in nothing but their names are told together: when a gate is shut, hundreds wait for one answer.
 */
export function needsAttention({ hosts }: Report): Attention[] {
  const groups = new Map<string, ReportedHost[]>();
  for (const host of hosts) {
    if (host.reason === undefined) continue;
    const story = JSON.stringify([host.outcome, ...storyOf(host, 'HOST')]);
    groups.set(story, [...(groups.get(story) ?? []), host]);
  }
  const told = [...groups.values()].flatMap(attentionOf);
  return told.sort((a, b) => byUrgency.indexOf(a.outcome) - byUrgency.indexOf(b.outcome));
}

function attentionOf(group: readonly ReportedHost[]): Attention[] {
  const [first] = group;
  if (first === undefined) return [];
  const [reason = '', next = '', ...commands] = storyOf(first, group.length === 1 ? first.host : 'HOST');
  return [{ outcome: first.outcome, hosts: group.map(({ host }) => host), reason, next, commands }];
}

function storyOf({ host, reason = '', next = '', commands = [] }: ReportedHost, name: string): string[] {
  return [reason, next, ...commands].map((text) => text.replaceAll(host, () => name));
}
