import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { PsValue } from '../core/ps-value.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { concatBytes } from '../wire/bytes/concat.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import { Fifo } from './fifo.ts';
import type { WsmanClient } from './wsman-client.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** A command that runs, and a connection to reach it. */
export interface InputChannel {
  readonly wsman: WsmanClient;
  readonly shell: ShellRef;
  readonly commandId: string;
  readonly signal: AbortSignal;
}

type Entry = { readonly settle: (sent: Result<void>) => void } & (
  | { readonly kind: 'value'; readonly value: PsValue }
  | { readonly kind: 'end' }
  | { readonly kind: 'fragments'; readonly stream: string; readonly fragments: readonly Uint8Array[] }
);

interface Parcel {
  readonly stream: string;
  readonly data: Uint8Array;
}

/**
 * What goes to one pipeline after its Command: further fragments, input objects, answers to host calls; in order, and
 * as many in one Send as fit. Nothing is ever sent twice.
 */
export class PipelineInput {
  readonly #pipelineId: string;
  readonly #entries: Entry[] = [];
  readonly #turn = new Fifo();
  #psrp: PsrpClient | undefined;
  #exchangeKeys: () => Promise<Result<void>> = () => Promise.resolve(neverCreated());
  #channel: InputChannel | undefined;
  #failed: Failure | undefined;

  constructor(pipelineId: string) {
    this.#pipelineId = pipelineId;
  }

  write(value: PsValue): Promise<Result<void>> {
    return this.#add((settle) => ({ kind: 'value', value, settle }));
  }

  end(): Promise<Result<void>> {
    return this.#add((settle) => ({ kind: 'end', settle }));
  }

  /** Fragments that are made already. */
  send(stream: string, fragments: readonly Uint8Array[]): Promise<Result<void>> {
    return this.#add((settle) => ({ kind: 'fragments', stream, fragments, settle }));
  }

  /**
   * The pipeline was created, so that its objects can be written as messages.
   *
   * @param exchangeKeys - Gets the key that SecureStrings among them need.
   */
  created(psrp: PsrpClient, exchangeKeys: () => Promise<Result<void>>): void {
    this.#psrp = psrp;
    this.#exchangeKeys = exchangeKeys;
  }

  /** Sends what is waiting over this connection, and what comes later too. */
  async use(channel: InputChannel): Promise<Result<void>> {
    this.#channel = channel;
    return this.#flush();
  }

  /** Nothing can be sent any more. */
  close(reason: Failure): void {
    this.#failed ??= reason;
    for (const { settle } of this.#entries.splice(0)) settle(err(reason));
  }

  #add(entry: (settle: Entry['settle']) => Entry): Promise<Result<void>> {
    if (this.#failed !== undefined) return Promise.resolve(err(this.#failed));
    const sent = new Promise<Result<void>>((settle) => this.#entries.push(entry(settle)));
    if (this.#channel !== undefined) void this.#flush();
    return sent;
  }

  #flush(): Promise<Result<void>> {
    return this.#turn.run(async () => {
      while (this.#entries.length > 0) {
        const { parcels, settles } = await this.#encodeAll(this.#entries.splice(0));
        const sent = await this.#sendAll(parcels);
        for (const settle of settles) settle(sent);
        if (!sent.ok) this.close(sent.error);
      }
      return this.#failed === undefined ? ok(undefined) : err(this.#failed);
    });
  }

  /** An object that cannot be written fails alone; nothing of it was sent. */
  async #encodeAll(
    entries: readonly Entry[],
  ): Promise<{ readonly parcels: readonly Parcel[]; readonly settles: readonly Entry['settle'][] }> {
    const parcels: Parcel[] = [];
    const settles: Entry['settle'][] = [];
    for (const entry of entries) {
      const encoded = await withKey(() => this.#encode(entry), this.#exchangeKeys);
      if (encoded.ok) {
        parcels.push(...encoded.value);
        settles.push(entry.settle);
      } else entry.settle(encoded);
    }
    return { parcels, settles };
  }

  async #sendAll(parcels: readonly Parcel[]): Promise<Result<void>> {
    const channel = this.#channel;
    if (channel === undefined) return neverCreated();
    for (const { stream, data } of packed(parcels, channel.wsman.maxPayloadBytes)) {
      const request = { stream, commandId: channel.commandId, data };
      const sent = await channel.wsman.send(channel.shell, request, channel.signal);
      if (!sent.ok) return sent;
    }
    return ok(undefined);
  }

  #encode(entry: Entry): Result<readonly Parcel[]> {
    if (entry.kind === 'fragments') return ok(parcelsOf(entry.stream, entry.fragments));
    const psrp = this.#psrp;
    if (psrp === undefined) return neverCreated();
    const fragments =
      entry.kind === 'end' ? psrp.endInput(this.#pipelineId) : psrp.input(this.#pipelineId, entry.value);
    return fragments.ok ? ok(parcelsOf('stdin', fragments.value)) : fragments;
  }
}

/** Writes messages; where a SecureString lacks a key, again once there is one. */
export async function withKey<T>(
  write: () => Result<T>,
  exchangeKeys: () => Promise<Result<void>>,
): Promise<Result<T>> {
  const written = write();
  if (written.ok || written.error.code !== 'psrp.no-session-key') return written;
  const exchanged = await exchangeKeys();
  return exchanged.ok ? write() : exchanged;
}

const neverCreated = (): Result<never> => err(failure('net.aborted', { sent: false }));

function parcelsOf(stream: string, fragments: readonly Uint8Array[]): readonly Parcel[] {
  return fragments.map((data) => ({ stream, data }));
}

/** Neighbours of one stream together, as far as an envelope holds them. */
function packed(parcels: readonly Parcel[], maxBytes: number): readonly Parcel[] {
  const packs: { stream: string; bytes: number; parts: Uint8Array[] }[] = [];
  for (const { stream, data } of parcels) {
    const last = packs.at(-1);
    if (last?.stream === stream && last.bytes + data.length <= maxBytes) {
      last.parts.push(data);
      last.bytes += data.length;
    } else packs.push({ stream, bytes: data.length, parts: [data] });
  }
  return packs.map(({ stream, parts }) => ({ stream, data: concatBytes(...parts) }));
}
