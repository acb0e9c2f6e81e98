import { unwrap } from '../../src/core/result.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/node/clock.ts';
import { systemEntropy } from '../../src/node/entropy.ts';
import type { HttpHandler, ServedRequest, ServedResponse } from '../../src/ports/http-listener.ts';
import { NtlmAcceptor } from '../../src/wire/ntlm/acceptor.ts';
import { ServerAuth } from '../../src/wire/sealing/server-auth.ts';
import { buildReply } from '../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../src/wire/wsman/envelope.ts';
import { faultMessage } from '../../src/wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../src/wire/wsman/fault.ts';
import { actionName } from '../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../src/wire/wsman/parse-envelope.ts';

/** What a scripted host does with a request. */
export type Reply =
  | { readonly message: WsmanMessage; readonly relatesTo?: string; readonly changed?: 'sealing' | 'framing' }
  | { readonly fault: WsmanFault; readonly relatesTo?: string }
  | { readonly status: number }
  /** Resets the connection. */
  | 'drop'
  /** Never answers. */
  | 'silence';

export interface Asked {
  readonly connection: number;
  readonly action: string;
  readonly envelope: Envelope;
  /** As it came over the wire. */
  readonly body: Uint8Array;
}

/** Answers the legs of a logon in the host's place; numbered from 1 on each connection. */
export type OnLogon = (
  leg: number,
  connection: number,
) => 'drop' | 'silence' | { status: number } | undefined;

/** A host that logs on by NTLM, or takes Basic, and answers WS-Man as it is told, request by request. */
export class ScriptedWsman implements HttpHandler {
  readonly asked: Asked[] = [];
  connections = 0;
  logonLegs = 0;
  readonly #reply: (asked: Asked, order: number) => Reply;
  readonly #onLogon: OnLogon;
  readonly #auths = new Map<number, ServerAuth>();
  readonly #legs = new Map<number, number>();

  constructor(reply: (asked: Asked, order: number) => Reply, onLogon: OnLogon = () => undefined) {
    this.#reply = reply;
    this.#onLogon = onLogon;
  }

  /** Names of the requests so far, in order. */
  get actions(): readonly string[] {
    return this.asked.map(({ action }) => action);
  }

  connected(connection: number): void {
    this.connections += 1;
    this.#auths.set(connection, new ServerAuth({ acceptor }));
  }

  disconnected(connection: number): void {
    this.#auths.delete(connection);
  }

  async request(request: ServedRequest): Promise<ServedResponse | 'drop'> {
    if (request.headers['authorization']?.[0]?.startsWith('Basic ') === true)
      return this.#answer(request, request.body, (status, body) => ({ status, headers: {}, body }));
    const auth = this.#auths.get(request.connection);
    if (auth === undefined) return 'drop';
    const step = auth.receive(request);
    if (step.kind === 'answer') {
      this.logonLegs += 1;
      const leg = (this.#legs.get(request.connection) ?? 0) + 1;
      this.#legs.set(request.connection, leg);
      const instead = this.#onLogon(leg, request.connection);
      if (instead === undefined) return step.answer;
      if (typeof instead === 'object') return empty(instead.status);
      return instead === 'drop' ? 'drop' : untilGone(request.signal);
    }
    return this.#answer(request, step.envelope, (status, body) => step.reply(status, body));
  }

  async #answer(
    { connection, body, signal }: ServedRequest,
    bytes: Uint8Array,
    respond: (status: number, body: Uint8Array) => ServedResponse,
  ): Promise<ServedResponse | 'drop'> {
    const envelope = unwrap(parseEnvelope(bytes, 'a request'));
    const asked = { connection, action: actionName(envelope.action), envelope, body };
    this.asked.push(asked);
    const reply = this.#reply(asked, this.asked.length);
    if (reply === 'drop') return 'drop';
    if (reply === 'silence') return untilGone(signal);
    if ('status' in reply) return empty(reply.status);
    const { relatesTo = envelope.messageId } = reply;
    const message = 'fault' in reply ? faultMessage(reply.fault, 'WEB-01') : reply.message;
    const answer = respond('fault' in reply ? 500 : 200, buildReply({ messageId: 'R', relatesTo }, message));
    return 'changed' in reply ? { ...answer, body: changedBody(answer.body, reply.changed) } : answer;
  }
}

/** One bit of the ciphertext, or the framing around it. */
function changedBody(body: Uint8Array, where: 'sealing' | 'framing' | undefined): Uint8Array {
  if (where === undefined) return body;
  const changed = body.slice(0, where === 'framing' ? 40 : body.length);
  const at = changed.length - 30;
  if (where === 'sealing') changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

const empty = (status: number): ServedResponse => ({ status, headers: {}, body: new Uint8Array(0) });

function untilGone(signal: AbortSignal): Promise<'drop'> {
  return new Promise((resolve) => {
    const drop = (): void => resolve('drop');
    if (signal.aborted) drop();
    else signal.addEventListener('abort', drop);
  });
}

function acceptor(): NtlmAcceptor {
  return new NtlmAcceptor({
    targetName: 'CORP',
    computerName: 'WEB-01',
    lookup: (user) => (user.toLowerCase() === 'ops' ? new Secret('Pä$$wörd') : undefined),
    random: (count) => systemEntropy.bytes(count),
    now: systemClock.now(),
  });
}
