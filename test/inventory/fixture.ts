import { renderProblem } from '../../src/model/document.ts';
import type { Host } from '../../src/model/inventory.ts';
import type { Inventory } from '../../src/inventory/inventory.ts';
import { loadInventory } from '../../src/inventory/load-inventory.ts';
import type { InventoryRequest } from '../../src/inventory/load-inventory.ts';

export type Texts = Readonly<Record<string, string>>;

function request(texts: Texts, more: Partial<InventoryRequest>): InventoryRequest {
  return { sources: ['inv'], files: new Map(Object.entries(texts)), env: {}, extra: {}, ...more };
}

/** The inventory of files, which must be sound. */
export function inventoryOf(texts: Texts, more: Partial<InventoryRequest> = {}): Inventory {
  const loaded = loadInventory(request(texts, more));
  if (!loaded.ok) throw new Error(loaded.error.map(renderProblem).join('\n'));
  return loaded.value;
}

/** What is wrong with files, rendered; empty where nothing is. */
export function problemsOf(texts: Texts, more: Partial<InventoryRequest> = {}): readonly string[] {
  const loaded = loadInventory(request(texts, more));
  return loaded.ok ? [] : loaded.error.map(oneLine);
}

export function warningsOf(texts: Texts, more: Partial<InventoryRequest> = {}): readonly string[] {
  return inventoryOf(texts, more).warnings.map(oneLine);
}

export function hostOf(inventory: Inventory, name: string): Host {
  const host = inventory.hosts.find((it) => it.name === name);
  if (host === undefined) throw new Error(`no host ${name}`);
  return host;
}

/** Values of a host's variables. */
export function varsOf(inventory: Inventory, name: string): Record<string, unknown> {
  return Object.fromEntries([...hostOf(inventory, name).vars].map(([key, { value }]) => [key, value]));
}

function oneLine(it: Parameters<typeof renderProblem>[0]): string {
  return renderProblem(it).replace('\n  ', ' | ');
}
