import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import type { PsrpHost } from '../../../src/wire/psrp/host.ts';
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

  constructor(options: { readonly host?: PsrpHost; readonly maxFragmentBytes?: number } = {}) {
    this.client = new PsrpClient({
      poolId: randomUUID(),
      minRunspaces: 1,
      maxRunspaces: 1,
      maxFragmentBytes: options.maxFragmentBytes ?? 32_768,
      ...(options.host !== undefined && { host: options.host }),
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
    const fragments = unwrap(this.client.createPipeline({ id, commands, noInput: input === undefined }));
    await this.#request('Command', id);
    for (const fragment of fragments) await this.#data(id, fragment);
    for (const value of input ?? []) {
      for (const fragment of unwrap(this.client.input(id, value))) await this.#data(id, fragment);
    }
    for (const fragment of input === undefined ? [] : unwrap(this.client.endInput(id))) {
      await this.#data(id, fragment);
    }
    await this.until(() => this.client.pipelineState(id) === undefined);
    await this.#request('Close', id);
    return this.events.filter((event) => 'pipelineId' in event && event.pipelineId === id);
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

  async #request(name: 'Command' | 'Close', id: string): Promise<void> {
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
        void this.#data(event.pipelineId ?? emptyGuid, fragment, 'PromptResponse');
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
