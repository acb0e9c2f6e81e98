import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { hours } from '../../core/time.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { Timers } from '../../ports/timers.ts';
import { parseCreateShell } from '../../wire/wsman/create-shell.ts';
import type { CreateShell } from '../../wire/wsman/create-shell.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { resourceUris } from '../../wire/wsman/namespaces.ts';
import { shellCreated } from '../../wire/wsman/shell-created.ts';
import type { ShellDescription } from '../../wire/wsman/shell-description.ts';
import { faults } from './faults.ts';
import type { ServiceLimits, ServiceQuirks } from './service-limits.ts';
import type { ShellBackend, ShellRequest } from './shell-backend.ts';
import type { ShellKinds } from './shell-kinds.ts';
import type { Handled, WsmanCall } from './wsman-call.ts';
import { WsmanShell } from './wsman-shell.ts';

export interface ShellRegistryOptions {
  readonly host: string;
  readonly kinds: ShellKinds;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly limits: ServiceLimits;
  readonly quirks: ServiceQuirks;
}

const defaultIdleTimeout = hours(2);

/** The shells of all users of one host. */
export class ShellRegistry {
  readonly #options: ShellRegistryOptions;
  readonly #shells = new Map<string, WsmanShell>();

  constructor(options: ShellRegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#shells.size;
  }

  /** The shell that the selectors name; another user's is as unknown as none. */
  find(
    { envelope, user }: WsmanCall,
    id = envelope.selectors.get('ShellId') ?? '',
  ): Result<WsmanShell, WsmanFault> {
    const shell = this.#shells.get(id.toUpperCase());
    return shell?.owner === user ? ok(shell) : err(faults.unknownShell);
  }

  ownedBy(user: string): readonly WsmanShell[] {
    return [...this.#shells.values()].filter((shell) => shell.owner === user);
  }

  async create(call: WsmanCall): Handled {
    const { kinds, entropy, host, limits, quirks } = this.#options;
    const request = parseCreateShell(call.envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const resourceUri = call.envelope.resourceUri ?? '';
    const kind = kinds.find(resourceUri);
    if (kind === undefined) return err(faults.unknownResource);
    if (this.ownedBy(call.user).length >= limits.maxShellsPerUser) return err(faults.shellQuota);
    const guid = (request.value.shellId ?? entropy.uuid()).toUpperCase();
    const own = quirks.ignoresClientIds === true ? entropy.uuid().toUpperCase() : guid;
    const shellId = quirks.prefixesShellIds === true ? `uuid:${own}` : own;
    if (this.#shells.has(shellId.toUpperCase())) return err(faults.alreadyExists);
    const backend = await kind.open(shellRequest(call, request.value, guid));
    if (!backend.ok) return backend;
    const shell = this.#add(call, describe(call, request.value, shellId), backend.value);
    return ok({ message: shellCreated(`http://${host}/wsman`, shell.describe()) });
  }

  async close(shell: WsmanShell): Promise<void> {
    this.#shells.delete(shell.id.toUpperCase());
    await shell.close();
  }

  /** Ends all shells, as a restart of the service does. */
  async closeAll(): Promise<void> {
    for (const shell of [...this.#shells.values()]) await this.close(shell);
  }

  #add(call: WsmanCall, description: ReturnType<typeof describe>, backend: ShellBackend): WsmanShell {
    const shell: WsmanShell = new WsmanShell({
      ...{ backend, timers: this.#options.timers, owner: call.user, description },
      sessionId: call.envelope.sessionId ?? '',
      expire: () => void this.close(shell),
    });
    this.#shells.set(shell.id.toUpperCase(), shell);
    return shell;
  }
}

function shellRequest(call: WsmanCall, create: CreateShell, shellId: string): ShellRequest {
  const { creationXml = new Uint8Array(0), environment, workingDirectory } = create;
  const codePage = Number(call.envelope.options.get('WINRS_CODEPAGE') ?? Number.NaN);
  return {
    ...{ resourceUri: call.envelope.resourceUri ?? '', shellId, creationXml, user: call.user },
    ...(environment === undefined ? {} : { environment }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(Number.isInteger(codePage) ? { codePage } : {}),
  };
}

function describe(
  call: WsmanCall,
  create: CreateShell,
  shellId: string,
): ShellDescription & { idleTimeout: NonNullable<CreateShell['idleTimeout']> } {
  const { inputStreams, outputStreams, environment, workingDirectory, name, lifetime } = create;
  const resourceUri = call.envelope.resourceUri ?? '';
  return {
    ...{ shellId, resourceUri, owner: call.user, clientAddress: '127.0.0.1', inputStreams, outputStreams },
    idleTimeout: create.idleTimeout ?? defaultIdleTimeout,
    ...(name === undefined ? {} : { name }),
    ...(environment === undefined ? {} : { environment }),
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(resourceUri === resourceUris.cmd ? {} : { bufferMode: 'Block' }),
  };
}
