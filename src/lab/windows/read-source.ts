import type { FieldSource } from '../../control/declaration.ts';
import type { StateValue } from '../../model/observation.ts';
import type { RegistryData, WindowsState } from '../../model/windows-state.ts';
import { hasKey, readValue } from './registry.ts';

const services = String.raw`HKLM:\SYSTEM\CurrentControlSet\Services`;

/** The answer of a source as the scripts of `control/` read it. */
export function readSource(state: WindowsState, source: FieldSource): StateValue {
  switch (source.kind) {
    case 'smb-server-configuration':
      return state.smbServer?.[source.property] ?? 'unsupported';
    case 'smb-client-configuration':
      return state.smbClient?.[source.property] ?? 'unsupported';
    case 'registry':
      return plain(readValue(state.registry, source.key, source.value)) ?? 'absent';
    case 'feature':
      return state.features === null ? 'unsupported' : (state.features[source.name] ?? 'absent');
    case 'windows-feature':
      return roleFeature(state, source.name);
    case 'service-dependency':
      return dependency(state, source.service, source.on);
    case 'policy-name':
      return policy(state, source)?.gpo ?? noPolicy(state);
    case 'policy-value':
      return policyNumber(policy(state, source)?.data) ?? noPolicy(state);
  }
  source satisfies never;
}

/** Remote administration tools bring the cmdlet to clients, where it only throws. */
function roleFeature({ productType, windowsFeatures }: WindowsState, name: string): StateValue {
  if (productType === 1 || windowsFeatures === null) return 'unsupported';
  return windowsFeatures[name] ?? 'absent';
}

function dependency({ registry }: WindowsState, service: string, on: string): StateValue {
  const key = `${services}\\${service}`;
  if (!hasKey(registry, key)) return 'absent';
  const list = [readValue(registry, key, 'DependOnService') ?? []].flat();
  return list.some((name) => String(name).toLowerCase() === on.toLowerCase());
}

type PolicyOf = Extract<FieldSource, { kind: 'policy-name' | 'policy-value' }>;

/** Security options are applied after registry.pol, so they win. */
function policy({ policies }: WindowsState, { key, value }: PolicyOf) {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const matching = (policies ?? []).filter((it) => same(it.key, key) && same(it.value, value));
  return matching.find((it) => it.source === 'security-option') ?? matching[0];
}

function policyNumber(data: string | number | undefined): StateValue | undefined {
  return typeof data === 'string' && /^\s*[+-]?\d+\s*$/.test(data) ? Number(data) : data;
}

function noPolicy({ policies }: WindowsState): StateValue {
  return policies === null ? 'unsupported' : 'absent';
}

function plain(data: RegistryData | undefined): StateValue | undefined {
  return Array.isArray(data) ? data.join(' ') : data;
}
