import type { PendingRebootSource } from '../../model/facts.ts';
import type { Registry } from '../../model/windows-state.ts';
import { hasKey, readValue, withoutKey, withValue } from './registry.ts';

const windows = String.raw`HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion`;
const control = String.raw`HKLM:\SYSTEM\CurrentControlSet\Control`;
const keys = {
  servicing: String.raw`${windows}\Component Based Servicing\RebootPending`,
  servicingState: String.raw`${windows}\Component Based Servicing\Interface`,
  update: String.raw`${windows}\WindowsUpdate\Auto Update\RebootRequired`,
  sessionManager: String.raw`${control}\Session Manager`,
  activeName: String.raw`${control}\ComputerName\ActiveComputerName`,
  nextName: String.raw`${control}\ComputerName\ComputerName`,
  serverManager: String.raw`HKLM:\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache`,
} as const;

/** The sources that show in the registry, in the order of `survey/read-readiness.ps1`. */
export function pendingReboot(registry: Registry): readonly PendingRebootSource[] {
  const renames = readValue(registry, keys.sessionManager, 'PendingFileRenameOperations');
  const active = readValue(registry, keys.activeName, 'ComputerName');
  const next = readValue(registry, keys.nextName, 'ComputerName');
  const signs: readonly (readonly [PendingRebootSource, boolean])[] = [
    ['component-based-servicing', hasKey(registry, keys.servicing)],
    ['windows-update', hasKey(registry, keys.update)],
    ['file-rename', [renames].flat().some((name) => name !== undefined && name !== '')],
    ['computer-rename', active !== next],
    ['server-manager', readValue(registry, keys.serverManager, 'RestartRequired') === 1],
  ];
  return signs.flatMap(([source, shows]) => (shows ? [source] : []));
}

/** Leaves the sign of a source; the client of Configuration Manager answers elsewhere, so it has none. */
export function withPendingReboot(registry: Registry, source: PendingRebootSource): Registry {
  switch (source) {
    case 'component-based-servicing':
      return withValue(
        withValue(registry, keys.servicingState, 'ServicingInProgress', 1),
        ...([keys.servicing, 'LastReboot', 0] as const),
      );
    case 'windows-update':
      return withValue(registry, keys.update, 'Pending', 1);
    case 'file-rename':
      return withValue(registry, keys.sessionManager, 'PendingFileRenameOperations', [
        String.raw`\??\C:\Windows\Temp\setup.tmp`,
        '',
      ]);
    case 'computer-rename':
      return withValue(registry, keys.nextName, 'ComputerName', 'RENAMED');
    case 'server-manager':
      return withValue(registry, keys.serverManager, 'RestartRequired', 1);
    case 'configuration-manager':
      return registry;
  }
  source satisfies never;
}

/** The registry after a boot, in which everything that waited was done. */
export function withoutPendingReboot(registry: Registry): Registry {
  let rest = withoutKey(withoutKey(registry, keys.servicing), keys.update);
  rest = withValue(rest, keys.sessionManager, 'PendingFileRenameOperations', undefined);
  rest = withValue(rest, keys.serverManager, 'RestartRequired', undefined);
  if (hasKey(rest, keys.servicingState))
    rest = withValue(rest, keys.servicingState, 'ServicingInProgress', 0);
  const next = readValue(rest, keys.nextName, 'ComputerName');
  return next === undefined ? rest : withValue(rest, keys.activeName, 'ComputerName', next);
}

/** What component servicing is doing. */
export function servicing(registry: Registry): 'idle' | 'waiting' | 'working' {
  const value = readValue(registry, keys.servicingState, 'ServicingInProgress');
  return value === 1 ? 'waiting' : value === 2 ? 'working' : 'idle';
}
