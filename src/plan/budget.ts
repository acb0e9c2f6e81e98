import type { ResolvedBudget } from '../model/plan.ts';
import type { Amount, Budget } from '../model/playbook.ts';

/**
 * A budget in hosts: a share is of `hosts`, rounded down; nothing said means that none is tolerated.
 *
 * @param budgets - Most particular first: the phase's, then the defaults.
 */
export function resolveBudget(budgets: readonly (Budget | undefined)[], hosts: number): ResolvedBudget {
  const tolerated = (kind: keyof Budget): number => {
    const amount = budgets.find((budget) => budget?.[kind] !== undefined)?.[kind];
    return amount === undefined ? 0 : toCount(amount, hosts);
  };
  return {
    failed: tolerated('failed'),
    unreachable: tolerated('unreachable'),
    unknown: tolerated('unknown'),
  };
}

/** `3 tolerated, the 4th stops`. */
export function describeTolerance(tolerated: number): string {
  return `${tolerated} tolerated, the ${ordinal(tolerated + 1)} stops`;
}

function toCount(amount: Amount, hosts: number): number {
  return typeof amount === 'number' ? amount : Math.floor((hosts * Number.parseInt(amount, 10)) / 100);
}

function ordinal(count: number): string {
  const teens = count % 100 >= 11 && count % 100 <= 13;
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
