import { problem } from './document.ts';
import type { Problem } from './document.ts';
import { memberOf } from './yaml-node.ts';
import type { YamlNode } from './yaml-node.ts';

/** Shares must rise and stay within all hosts, and nothing can follow `rest`. */
export function checkWaves(waves: readonly YamlNode[]): readonly Problem[] {
  const problems: Problem[] = [];
  let reached = 0;
  let isRestTaken = false;
  for (const wave of waves) {
    const selector = memberOf(wave, 'hosts') ?? wave;
    if (selector.kind !== 'scalar') continue;
    const text = String(selector.value);
    if (isRestTaken) {
      problems.push(problem(selector.at, 'playbook.wave-after-rest', { wave: text }));
      continue;
    }
    isRestTaken = text === 'rest';
    const share = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
    if (share === undefined) continue;
    const reason = whyNot(share, reached);
    if (reason === undefined) reached = Number(share);
    else problems.push(problem(selector.at, 'playbook.wave-share', { wave: text, reason }));
  }
  return problems;
}

function whyNot(share: string, reached: number): string | undefined {
  if (!/^\d+$/.test(share) || Number(share) === 0) return 'a share is a whole number from 1% to 100%';
  if (Number(share) > 100) return 'a share is at most 100%';
  return Number(share) <= reached ? `an earlier wave reaches ${reached}% already` : undefined;
}
