import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpClientOptions } from '../../../src/wire/psrp/client-options.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import type { PipelineSettings } from '../../../src/wire/psrp/new-pipeline.ts';
import { findPowerShell } from '../../support/powershell.ts';

/** The framing of `pwsh -s`: one XML element a line, with fragments in base64. */
const packet = /^<(\w+)(?: Stream='(\w+)')? PSGuid='([0-9a-f-]+)'(?: ?\/>|>(.*)<\/Data>)$/;

/** A real PowerShell in server mode on its standard streams, driven by our client. */
export class PwshServer {
  readonly client: PsrpClient;
  readonly events: PsrpClientEvent[] = [];
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string, () => void>();
  readonly #waiters = new Set<() => void>();
  #sending = Promise.resolve();
  #problem: Error | undefined;

  constructor(options: Partial<PsrpClientOptions> = {}) {
    this.client = new PsrpClient({
      poolId: randomUUID(),
      minRunspaces: 1,
      maxRunspaces: 1,
      maxFragmentBytes: 32_768,
      ...options,
    });
    this.#process = spawn(findPowerShell() ?? 'pwsh', ['-NoLogo', '-NoProfile', '-s']);
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#break(new Error(`PowerShell says: ${text.toString()}`));
    });
    this.#process.on('error', (error) => {
      this.#break(error);
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#read(line);
    });
  }

  async open(): Promise<void> {
    await this.#data(emptyGuid, unwrap(this.client.open()));
    await this.until(() => this.client.poolState !== 'Opening');
  }

  /** Runs a pipeline to its end and gives its events. */
  async run(commands: readonly PsCommand[], input?: readonly PsValue[]): Promise<readonly PsrpClientEvent[]> {
    const id = randomUUID();
    await this.start(id, this.client.createPipeline({ id, commands, noInput: input === undefined }));
    for (const value of input ?? []) await this.send(this.client.input(id, value), id);
    if (input !== undefined) await this.send(this.client.endInput(id), id);
    return this.ended(id);
  }

  /** Runs a pipeline with settings of its own, without input, to its end. */
  async runWith(
    commands: readonly PsCommand[],
    settings: Partial<PipelineSettings> = {},
  ): Promise<readonly PsrpClientEvent[]> {
    const id = randomUUID();
    await this.start(id, this.client.createPipeline({ id, commands, noInput: true, ...settings }));
    return this.ended(id);
  }

  /** Starts what the client has made fragments for. */
  async start(id: string, fragments: Result<readonly Uint8Array[]>): Promise<void> {
    await this.#request('Command', id);
    await this.send(fragments, id);
  }

  async send(fragments: Result<readonly Uint8Array[]>, id = emptyGuid, stream?: string): Promise<void> {
    for (const fragment of unwrap(fragments)) await this.#data(id, fragment, stream);
  }

  /** Asks the server to stop a pipeline. */
  async stop(id: string): Promise<void> {
    await this.#request('Signal', id);
  }

  /** Waits for the end of a pipeline and gives its events. */
  async ended(id: string): Promise<readonly PsrpClientEvent[]> {
    await this.until(() => this.client.pipelineState(id) === undefined);
    await this.#request('Close', id);
    return this.events.filter((event) => 'pipelineId' in event && event.pipelineId === id);
  }

  /** Waits for an event of the pool or a pipeline, also one that came before. */
  async event<Kind extends PsrpClientEvent['kind']>(
    kind: Kind,
  ): Promise<Extract<PsrpClientEvent, { readonly kind: Kind }>> {
    const find = () =>
      this.events.find(
        (event): event is Extract<PsrpClientEvent, { readonly kind: Kind }> => event.kind === kind,
      );
    await this.until(() => find() !== undefined);
    return find()!;
  }

  async close(): Promise<void> {
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.#request('Close', emptyGuid);
    this.#process.kill();
    await exited;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#problem !== undefined) throw this.#problem;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  async #data(id: string, bytes: Uint8Array, stream = 'Default'): Promise<void> {
    const line = `<Data Stream='${stream}' PSGuid='${id}'>${Buffer.from(bytes).toString('base64')}</Data>`;
    await this.#exchange(line, `DataAck ${id}`);
  }

  async #request(name: 'Command' | 'Close' | 'Signal', id: string): Promise<void> {
    await this.#exchange(`<${name} PSGuid='${id}' />`, `${name}Ack ${id}`);
  }

  /** One packet at a time: the server handles lines on several threads, so order needs the acknowledgement. */
  #exchange(line: string, answer: string): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      let acknowledged = false;
      this.#waiting.set(answer, () => (acknowledged = true));
      this.#process.stdin.write(`${line}\n`);
      await this.until(() => acknowledged);
    });
    return this.#sending;
  }

  #read(line: string): void {
    const [, name = '', , id = '', content = ''] = packet.exec(line) ?? [];
    if (name === 'Data') this.#receive(id, new Uint8Array(Buffer.from(content, 'base64')));
    else if (name.endsWith('Ack')) this.#acknowledge(`${name} ${id}`);
    else this.#break(new Error(`unexpected line: ${line}`));
    this.#changed();
  }

  #receive(id: string, bytes: Uint8Array): void {
    const received = this.client.receive(bytes, id === emptyGuid ? undefined : id);
    if (!received.ok) this.#break(received.error);
    for (let event = this.client.next(); event !== undefined; event = this.client.next()) {
      this.events.push(event);
      if (event.kind !== 'send') continue;
      for (const fragment of event.fragments) {
        const stream = event.stream === 'pr' ? 'PromptResponse' : 'Default';
        void this.#data(event.pipelineId ?? emptyGuid, fragment, stream);
      }
    }
  }

  #acknowledge(answer: string): void {
    this.#waiting.get(answer)?.();
    this.#waiting.delete(answer);
  }

  #changed(): void {
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  #break(problem: Error): void {
    this.#problem ??= problem;
    this.#changed();
  }
}
