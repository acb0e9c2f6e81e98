import { ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { inventoryDocument } from '../inventory/inventory-document.ts';
import { inventoryGraph } from '../inventory/inventory-graph.ts';
import type { Problem } from '../model/document.ts';
import type { Host } from '../model/inventory.ts';
import { loadInventoryOf, selectHosts } from './load-inputs.ts';
import type { Runtime } from './runtime.ts';
import type { Selection } from './selection.ts';

/** A selection of the inventory in its three forms. */
export interface InventoryDescription {
  readonly hosts: readonly Host[];
  /** `inventory@1`. */
  readonly document: unknown;
  /** The tree of groups, as text. */
  readonly graph: string;
  readonly warnings: readonly Problem[];
}

export function describeInventory(runtime: Runtime, selection: Selection): Result<InventoryDescription> {
  const loaded = loadInventoryOf(runtime, selection);
  if (!loaded.ok) return loaded;
  const { inventory } = loaded.value;
  const selected = selectHosts(inventory, selection);
  if (!selected.ok) return selected;
  const names = new Set(selected.value);
  const hosts = inventory.hosts.filter(({ name }) => names.has(name));
  return ok({
    hosts,
    document: inventoryDocument(inventory, hosts),
    graph: inventoryGraph(inventory),
    warnings: inventory.warnings,
  });
}
