import type { FuzzTarget } from './target.ts';
import { clixmlTargets } from './targets/clixml.ts';
import { derTargets } from './targets/der.ts';
import { httpTargets } from './targets/http.ts';
import { negotiationTargets } from './targets/negotiation.ts';
import { ntlmTargets } from './targets/ntlm.ts';
import { psrpTargets } from './targets/psrp.ts';
import { sealingTargets } from './targets/sealing.ts';
import { wsmanTargets } from './targets/wsman.ts';

/** Every decoder of bytes from the network. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...ntlmTargets,
  ...sealingTargets,
  ...derTargets,
  ...negotiationTargets,
  ...wsmanTargets,
  ...clixmlTargets,
  ...psrpTargets,
  ...httpTargets,
];

/** A target by name, of ours or of another module that exports `fuzzTargets`. */
export async function loadTarget(name: string, module?: string): Promise<FuzzTarget> {
  const others = module === undefined ? undefined : ((await import(module)) as TargetModule);
  const found = (others?.fuzzTargets ?? fuzzTargets).find((target) => target.name === name);
  if (found === undefined) throw new Error(`no fuzz target ${name}`);
  return found;
}

interface TargetModule {
  readonly fuzzTargets: readonly FuzzTarget[];
}
