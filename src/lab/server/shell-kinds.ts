import { powershellResourceUri, resourceUris } from '../../wire/wsman/namespaces.ts';
import type { ShellBackends } from './shell-backend.ts';

/** The kinds of shells that a host has, by resource URI; as on Windows, case does not count. */
export class ShellKinds {
  readonly #kinds = new Map<string, ShellBackends>();

  /**
   * @param configurations - PowerShell session configurations by name.
   * @param cmd - Undefined on a host that runs no programs under cmd.
   */
  constructor(configurations: Readonly<Record<string, ShellBackends>>, cmd: ShellBackends | undefined) {
    for (const [name, backends] of Object.entries(configurations))
      this.#kinds.set(powershellResourceUri(name).toLowerCase(), backends);
    if (cmd !== undefined) this.#kinds.set(resourceUris.cmd, cmd);
  }

  find(resourceUri: string): ShellBackends | undefined {
    return this.#kinds.get(resourceUri.toLowerCase());
  }
}
