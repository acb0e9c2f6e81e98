import type { Result } from '../core/result.ts';
import { ok } from '../core/result.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Status } from '../model/status.ts';
import { loadPlaybookOf } from './load-inputs.ts';
import { observeHosts } from './observe-hosts.ts';
import type { Runtime } from './runtime.ts';
import type { Selection } from './selection.ts';
import { buildStatus, wantedControls } from './status.ts';

/**
 * Asks hosts for their state and judges it against the playbook; changes nothing.
 *
 * @param onHost - Called as each host has answered, or has not.
 * @returns Failures of reading the playbook; hosts that fail are part of the status.
 */
export async function surveyStatus(
  runtime: Runtime,
  selection: Selection,
  asked: { readonly inventory: Inventory; readonly hosts: readonly string[] },
  onHost: (host: string) => void,
  signal: AbortSignal,
): Promise<Result<Status>> {
  const { inventory, hosts } = asked;
  const playbook = loadPlaybookOf(runtime, selection);
  if (!playbook.ok) return playbook;
  const observations = await observeHosts(
    runtime,
    inventory,
    hosts,
    {
      controls: [...runtime.catalog.values()],
      forks: selection.forks,
      onHost: ({ host }) => {
        onHost(host);
      },
    },
    signal,
  );
  const wanted = wantedControls(playbook.value.playbook, inventory);
  return ok(
    buildStatus({ observations, inventory, wanted, catalog: runtime.catalog, at: runtime.clock.now() }),
  );
}
