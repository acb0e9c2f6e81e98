import type { Secret } from '../../core/secret.ts';
import type { Instant } from '../../core/time.ts';
import type { Entropy } from '../../ports/entropy.ts';
import type { HttpHandler, ServedRequest, ServedResponse } from '../../ports/http-listener.ts';
import type { Timers } from '../../ports/timers.ts';
import { NtlmAcceptor } from '../../wire/ntlm/acceptor.ts';
import { ServerAuth } from '../../wire/sealing/server-auth.ts';
import type { ServerAuthStep } from '../../wire/sealing/server-auth.ts';
import { actionName } from '../../wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../wire/wsman/parse-envelope.ts';
import type { HostLog } from './host-event.ts';
import { bindingOf, insideTls } from './https-logon.ts';
import type { HttpsLogon } from './https-logon.ts';
import { changed, insteadOfAnswer, isKind } from './misbehave.ts';
import { unauthorized } from './misbehaviour.ts';
import type { Misbehave, Misbehaviour } from './misbehaviour.ts';
import { stockLimits } from './service-limits.ts';
import type { ServiceLimits, ServiceQuirks } from './service-limits.ts';
import type { ShellBackends } from './shell-backend.ts';
import { ShellKinds } from './shell-kinds.ts';
import { WsmanService } from './wsman-service.ts';

export interface WinrmHostOptions {
  /** Computer name, as the host gives it in NTLM and in faults. */
  readonly name: string;
  /** NetBIOS name of the domain; undefined for a machine outside of one. */
  readonly domain?: string;
  /** The password of an account that may log on; undefined for one that is not known. */
  readonly lookup: (user: string, domain: string) => Secret | undefined;
  /** Behind configuration `Microsoft.PowerShell`. */
  readonly backends: ShellBackends;
  /** Further session configurations by name, such as that of a JEA endpoint. */
  readonly configurations?: Readonly<Record<string, ShellBackends>>;
  /** Cmd shells; a host without them refuses Create. */
  readonly cmd?: ShellBackends;
  readonly timers: Timers;
  readonly entropy: Entropy;
  /** Wall-clock time of the host, which NTLM carries. */
  readonly now: () => Instant;
  readonly log?: HostLog;
  /** Short for the limits of the same names. */
  readonly maxEnvelopeBytes?: number;
  readonly maxShellsPerUser?: number;
  readonly limits?: Partial<ServiceLimits>;
  readonly quirks?: ServiceQuirks;
  /** Who may read the service's settings; everybody unless given. */
  readonly isAdministrator?: (user: string) => boolean;
  /** AllowUnencrypted; false on stock Windows. */
  readonly allowsUnsealed?: boolean;
  /** Given where the listener speaks TLS. */
  readonly https?: HttpsLogon;
  readonly misbehave?: Misbehave;
}

type EnvelopeStep = Extract<ServerAuthStep, { kind: 'envelope' }>;

/**
 * A WinRM listener as a stock Windows host has it: NTLM under Negotiate, sealed bodies, WS-Man shells.
 *
 * It is an `HttpHandler`; whoever serves it owns the port, and can suspend it or drop its connections.
 */
export class WinrmHost implements HttpHandler {
  readonly #options: WinrmHostOptions;
  readonly #log: HostLog;
  readonly #service: WsmanService;
  readonly #auths = new Map<number, ServerAuth>();
  readonly #clientCertificates = new Map<number, Uint8Array>();
  #requests = 0;

  constructor(options: WinrmHostOptions) {
    this.#options = options;
    this.#log = options.log ?? (() => undefined);
    const { name: host, backends, timers, entropy } = options;
    const { maxEnvelopeBytes, maxShellsPerUser, limits } = options;
    this.#service = new WsmanService({
      ...{ host, timers, entropy, log: this.#log, quirks: options.quirks ?? {} },
      kinds: new ShellKinds({ 'Microsoft.PowerShell': backends, ...options.configurations }, options.cmd),
      isAdministrator: options.isAdministrator ?? (() => true),
      limits: {
        ...stockLimits,
        ...(maxEnvelopeBytes === undefined ? {} : { maxEnvelopeBytes }),
        ...(maxShellsPerUser === undefined ? {} : { maxShellsPerUser }),
        ...limits,
      },
    });
  }

  get openShells(): number {
    return this.#service.openShells;
  }

  /** Ends all shells without a word to their clients, as a restart does. */
  async restart(): Promise<void> {
    await this.#service.closeAll();
  }

  connected(connection: number): void {
    this.#log({ host: this.#options.name, event: 'connect', connection });
    this.#auths.set(connection, this.#newAuth(connection));
  }

  disconnected(connection: number): void {
    this.#auths.delete(connection);
    this.#clientCertificates.delete(connection);
  }

  async request(request: ServedRequest): Promise<ServedResponse | 'drop'> {
    if (request.method !== 'POST' || request.path !== '/wsman') return plain(404);
    const auth = this.#auths.get(request.connection);
    if (auth === undefined) return 'drop';
    const { clientCertificate } = request;
    if (clientCertificate !== undefined) this.#clientCertificates.set(request.connection, clientCertificate);
    const step = auth.receive(request);
    const parsed = step.kind === 'envelope' ? parseEnvelope(step.envelope, 'a request') : undefined;
    const action = parsed?.ok === true ? actionName(parsed.value.action) : 'logon';
    const order = (this.#requests += 1);
    const bad = this.#options.misbehave?.({ connection: request.connection, action, order });
    const early = bad === undefined ? undefined : await insteadOfAnswer(bad, request.signal);
    if (early === unauthorized) this.#auths.set(request.connection, this.#newAuth(request.connection));
    const answer = early ?? (await this.#answer(step, bad, request.signal));
    this.#log({
      host: this.#options.name,
      event: 'request',
      connection: request.connection,
      sealed: step.kind === 'envelope' && step.isSealed,
      action,
      status: answer === 'drop' ? 0 : answer.status,
    });
    return answer === 'drop' || bad === undefined ? answer : changed(answer, bad);
  }

  async #answer(
    step: ServerAuthStep,
    bad: Misbehaviour | undefined,
    signal: AbortSignal,
  ): Promise<ServedResponse | 'drop'> {
    if (step.kind === 'answer') return bad === 'lose-answer' ? 'drop' : step.answer;
    const envelope = parseEnvelope(step.envelope, 'a request');
    if (!envelope.ok) return plain(400);
    if (isKind(bad, 'delay')) await this.#options.timers.sleep(bad.delay, signal);
    const call = { user: accountName(step), envelope: envelope.value, bytes: step.envelope.length, signal };
    const answer = isKind(bad, 'fault')
      ? this.#service.fault(call, bad.fault)
      : await this.#service.handle(call);
    if (bad !== 'lose-answer' && !signal.aborted) return step.reply(answer.status, answer.body);
    answer.undelivered?.();
    return 'drop';
  }

  #newAuth(connection: number): ServerAuth {
    const { name, domain, lookup, entropy, now, allowsUnsealed = false, https } = this.#options;
    return new ServerAuth({
      allowsUnsealed,
      ...(https && insideTls(https, () => this.#clientCertificates.get(connection))),
      acceptor: () =>
        new NtlmAcceptor({
          targetName: domain ?? name,
          computerName: name,
          ...(domain === undefined ? {} : { domainName: domain }),
          lookup,
          random: (count) => entropy.bytes(count),
          now: now(),
          ...bindingOf(https),
        }),
    });
  }
}

function accountName({ user, domain }: EnvelopeStep): string {
  return domain === '' ? user : `${domain}\\${user}`;
}

function plain(status: number): ServedResponse {
  return { status, headers: {}, body: new Uint8Array(0) };
}
