import type { Registry, RegistryData } from '../../model/windows-state.ts';

/** Keys that our scripts, the services and the event of a boot know; names are compared without regard to case. */
export const keys = {
  server: String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`,
  client: String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters`,
  workstation: String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanWorkstation`,
  smb1Driver: String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\mrxsmb10`,
} as const;

/** The data of a value; undefined where the key or the value is not there. */
export function readValue(registry: Registry, key: string, value: string): RegistryData | undefined {
  const values = registry[memberName(registry, key)];
  return values?.[memberName(values, value)];
}

/** The registry with one value set, or with it gone when `data` is undefined. */
export function withValue(
  registry: Registry,
  key: string,
  value: string,
  data: RegistryData | undefined,
): Registry {
  const keyName = memberName(registry, key);
  const values = registry[keyName];
  if (values === undefined && data === undefined) return registry;
  const { [memberName(values ?? {}, value)]: _, ...others } = values ?? {};
  const changed = data === undefined ? others : { ...values, [memberName(values ?? {}, value)]: data };
  return { ...registry, [keyName]: changed };
}

/** The registry without a key. */
export function withoutKey(registry: Registry, key: string): Registry {
  const { [memberName(registry, key)]: _, ...others } = registry;
  return others;
}

export function hasKey(registry: Registry, key: string): boolean {
  return registry[memberName(registry, key)] !== undefined;
}

function memberName(members: Readonly<Record<string, unknown>>, wanted: string): string {
  if (Object.hasOwn(members, wanted)) return wanted;
  const lower = wanted.toLowerCase();
  return Object.keys(members).find((name) => name.toLowerCase() === lower) ?? wanted;
}
