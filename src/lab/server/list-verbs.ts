import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Entropy } from '../../ports/entropy.ts';
import { configGot } from '../../wire/wsman/config.ts';
import { parseEnumerate, parsePull, parseRelease, released } from '../../wire/wsman/enumerate.ts';
import { commandsEnumerated, shellsEnumerated } from '../../wire/wsman/enumerated.ts';
import type { CommandDescription } from '../../wire/wsman/enumerated.ts';
import type { WsmanMessage } from '../../wire/wsman/envelope.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { shellGot } from '../../wire/wsman/get-shell.ts';
import { resourceUris } from '../../wire/wsman/namespaces.ts';
import type { ShellDescription } from '../../wire/wsman/shell-description.ts';
import { faults } from './faults.ts';
import type { ServiceLimits } from './service-limits.ts';
import type { ShellRegistry } from './shell-registry.ts';
import type { Handled, WsmanCall } from './wsman-call.ts';

export interface ListVerbsOptions {
  readonly shells: ShellRegistry;
  readonly entropy: Entropy;
  readonly limits: ServiceLimits;
  /** Who may read the service's settings. */
  readonly isAdministrator: (user: string) => boolean;
}

/** What is left of a list. */
type Rest =
  | { readonly kind: 'shells'; readonly items: readonly ShellDescription[] }
  | { readonly kind: 'commands'; readonly items: readonly CommandDescription[] };

/** Lists that a client began and never finished, at most. */
const maxContexts = 100;

/** Get, Enumerate, Pull and Release. */
export class ListVerbs {
  readonly #options: ListVerbsOptions;
  readonly #contexts = new Map<string, Rest & { readonly user: string }>();

  constructor(options: ListVerbsOptions) {
    this.#options = options;
  }

  async get(call: WsmanCall): Handled {
    const { isAdministrator, shells } = this.#options;
    switch (call.envelope.resourceUri) {
      case resourceUris.config:
        return isAdministrator(call.user) ? ok({ message: this.#config() }) : err(faults.accessDenied);
      case resourceUris.shells: {
        const shell = shells.find(call);
        return shell.ok ? ok({ message: shellGot(shell.value.describe()) }) : shell;
      }
      default:
        return err(faults.unknownResource);
    }
  }

  async enumerate(call: WsmanCall): Handled {
    const request = parseEnumerate(call.envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const all = this.#listed(call, request.value.shellId);
    return all.ok
      ? ok({ message: this.#part(call.user, 'enumerate', all.value, request.value.maxElements ?? 0) })
      : all;
  }

  async pull({ envelope, user }: WsmanCall): Handled {
    const request = parsePull(envelope);
    if (!request.ok) return err(faults.invalidRequest);
    const rest = this.#contexts.get(request.value.context);
    if (rest?.user !== user) return err(faults.invalidContext);
    this.#contexts.delete(request.value.context);
    return ok({ message: this.#part(user, 'pull', rest, request.value.maxElements) });
  }

  async release({ envelope, user }: WsmanCall): Handled {
    const context = parseRelease(envelope);
    if (!context.ok) return err(faults.invalidRequest);
    if (this.#contexts.get(context.value)?.user !== user) return err(faults.invalidContext);
    this.#contexts.delete(context.value);
    return ok({ message: released() });
  }

  #listed(call: WsmanCall, shellId: string | undefined): Result<Rest, WsmanFault> {
    const { shells } = this.#options;
    switch (call.envelope.resourceUri) {
      case resourceUris.shells:
        return ok({ kind: 'shells', items: shells.ownedBy(call.user).map((shell) => shell.describe()) });
      case resourceUris.commands: {
        if (shellId === undefined) return err(faults.filterExpected);
        const shell = shells.find(call, shellId);
        return shell.ok ? ok({ kind: 'commands', items: shell.value.commands }) : shell;
      }
      default:
        return err(faults.unknownResource);
    }
  }

  #part(user: string, verb: 'enumerate' | 'pull', all: Rest, count: number): WsmanMessage {
    const context =
      all.items.length > count || count === 0 ? this.#options.entropy.uuid().toUpperCase() : undefined;
    if (all.kind === 'shells') {
      this.#keep(context, { kind: all.kind, items: all.items.slice(count), user });
      return shellsEnumerated(verb, { items: all.items.slice(0, count), context });
    }
    this.#keep(context, { kind: all.kind, items: all.items.slice(count), user });
    return commandsEnumerated(verb, { items: all.items.slice(0, count), context });
  }

  #keep(context: string | undefined, rest: Rest & { readonly user: string }): void {
    if (context === undefined) return;
    this.#contexts.set(context, rest);
    const oldest = this.#contexts.keys().next();
    if (this.#contexts.size > maxContexts && oldest.done !== true) this.#contexts.delete(oldest.value);
  }

  #config(): WsmanMessage {
    const { limits } = this.#options;
    return configGot({
      maxEnvelopeBytes: limits.maxEnvelopeBytes,
      maxOperationTimeout: limits.maxOperationTimeout,
      maxConcurrentOperationsPerUser: limits.maxOperationsPerUser,
      maxShellsPerUser: limits.maxShellsPerUser,
      maxProcessesPerShell: limits.maxProcessesPerShell,
    });
  }
}
