import { byCodeUnit } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { inventorySchemaName } from '../model/inventory-document.ts';
import type { Host, HostVariable } from '../model/inventory.ts';
import type { Inventory } from './inventory.ts';

/** `inventory@1` (contract.md §4): hosts with variables and where each comes from; what is secret reads `[secret]`. */
export function inventoryDocument(
  inventory: Inventory,
  hosts: readonly Host[] = inventory.hosts,
): JsonObject {
  return {
    schema: inventorySchemaName,
    hosts: hosts.map(hostDocument),
    groups: Object.fromEntries(
      [...inventory.groups.values()].map(({ name, hosts: members, children, from }) => {
        const group: JsonObject = { hosts: members, children };
        return [name, from === undefined ? group : { ...group, from: { file: from.file, line: from.line } }];
      }),
    ),
    sets: inventory.sets.map(({ name, pattern, hosts: members, minAvailable }) => ({
      name,
      pattern,
      hosts: members,
      minAvailable,
    })),
  };
}

function hostDocument({ name, groups, vars }: Host): JsonObject {
  const sorted = [...vars].sort(([a], [b]) => byCodeUnit(a, b));
  return {
    host: name,
    groups,
    vars: Object.fromEntries(sorted.map(([variable, it]) => [variable, variableDocument(it)])),
  };
}

function variableDocument(variable: HostVariable): JsonObject {
  const { file, line, group } = variable.from;
  return {
    value: shownValue(variable),
    from: { file, line, group },
    unresolved: variable.unresolved?.message,
  };
}

/** A variable's value for people and documents. */
export function shownValue({ value, secret }: HostVariable): JsonValue {
  return secret ? '[secret]' : value;
}
