import { describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { milliseconds } from '../../../src/core/time.ts';
import type { Result } from '../../../src/core/result.ts';
import { PwshBackend, pwshBackends } from '../../../src/lab/server/pwsh-backend.ts';
import { systemProcesses } from '../../../src/node/child-process.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { ChildProcess } from '../../../src/ports/child-process.ts';
import { encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { encodeApplicationPrivateData } from '../../../src/wire/psrp/application-private-data.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import { encodePipelineState } from '../../../src/wire/psrp/states.ts';
import { splitMessage } from '../../../src/wire/psrp/fragment.ts';
import { encodeMessage } from '../../../src/wire/psrp/message.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { never } from '../../support/winrm-host.ts';

const pipeline = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
const pool = '00000000-0000-0000-0000-000000000000';
const hello = new TextEncoder().encode('hello');
const line = { command: '', arguments: [encodeBase64(hello)] };
const input = (stream: 'stdin' | 'pr') => ({ stream, data: hello, end: false });

/** A program that answers each line of its input as told, and otherwise acknowledges it. */
class ScriptedProcess implements ChildProcess {
  readonly pid = 1;
  readonly stderr = '';
  readonly written: string[] = [];
  readonly exited: Promise<number>;
  readonly #react: (line: string) => readonly string[] | 'exit';
  readonly #output = new TransformStream<string, string>();
  readonly #writer = this.#output.writable.getWriter();
  #exit: (code: number) => void = () => undefined;

  constructor(react: (line: string) => readonly string[] | 'exit' = acknowledge) {
    this.#react = react;
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
  }

  get lines(): AsyncIterable<string> {
    return this.#output.readable;
  }

  async writeLine(line: string): Promise<Result<void>> {
    this.written.push(line.replace(/>.*</, '>…<'));
    const reaction = this.#react(line);
    if (reaction === 'exit') this.kill();
    else for (const answer of reaction) void this.#writer.write(answer);
    return ok(undefined);
  }

  kill(): void {
    void this.#writer.close().catch(() => undefined);
    this.#exit(0);
  }
}

function acknowledge(line: string): string[] {
  const [, kind = '', id = ''] = /^<(\w+).*PSGuid='([^']+)'/.exec(line) ?? [];
  return [`<${kind}Ack PSGuid='${id}' />`];
}

const data = (id: string, bytes: Uint8Array): string =>
  `<Data Stream='Default' PSGuid='${id.toLowerCase()}'>${encodeBase64(bytes)}</Data>`;

const ended = (): Uint8Array[] =>
  unwrap(
    splitMessage(
      1n,
      unwrap(
        encodeMessage({
          ...{ destination: 'client', type: 'pipeline-state', poolId: pool, pipelineId: pipeline },
          body: encodePipelineState('Completed'),
        }),
      ),
      60,
    ),
  );

const pool1 = { poolId: pipeline, minRunspaces: 1, maxRunspaces: 2, maxFragmentBytes: 32_768 };
/** What a PowerShell says of itself first; too short a message goes by. */
const introduction = [
  Uint8Array.of(1, 2, 3),
  ...unwrap(
    splitMessage(
      1n,
      unwrap(
        encodeMessage({
          ...{ destination: 'client', type: 'application-private-data', poolId: pool, pipelineId: pool },
          body: encodeApplicationPrivateData('7.6.0', '2.3'),
        }),
      ),
      32_768,
    ),
  ),
];

const take = (backend: PwshBackend, id?: string) => backend.receive(id, 100_000, never);
const quickly = AbortSignal.abort();

describe('the bridge to a PowerShell', () => {
  test('sends a packet only when the one before is acknowledged, and Command before its data', async () => {
    const process = new ScriptedProcess();
    const backend = new PwshBackend(process, systemTimers, hello);

    await Promise.all([
      backend.send(undefined, input('stdin')),
      backend.command(pipeline, line),
      backend.send(undefined, input('pr')),
    ]);

    expect(process.written).toEqual([
      `<Data Stream='Default' PSGuid='${pool}'>…</Data>`,
      `<Command PSGuid='${pipeline.toLowerCase()}' />`,
      `<Data Stream='PromptResponse' PSGuid='${pool}'>…</Data>`,
      `<Data Stream='Default' PSGuid='${pipeline.toLowerCase()}'>…</Data>`,
    ]);
  });

  test('keeps the output of each pipeline and of the pool apart, and sees an end in several fragments', async () => {
    const [first, ...rest] = ended();
    const process = new ScriptedProcess((line) => [
      ...acknowledge(line),
      ...(line.startsWith('<Data')
        ? [data(pool, hello), ...[first!, ...rest].map((fragment) => data(pipeline, fragment))]
        : []),
    ]);
    const backend = new PwshBackend(process, systemTimers, hello);

    await backend.command(pipeline, line);

    expect(rest.length).toBeGreaterThan(1);
    await expect
      .poll(() => backend.receive(undefined, 1000, quickly), { timeout: 15_000 })
      .toEqual({ ok: true, value: { streams: [{ stream: 'stdout', data: hello }], done: false } });
    const output = await take(backend, pipeline);
    expect(output).toMatchObject({ ok: true, value: { done: true } });
  });

  test('turns the graceful code into Signal and any other into Close, which ends the pipeline', async () => {
    const process = new ScriptedProcess();
    const backend = new PwshBackend(process, systemTimers, hello);
    await backend.command(pipeline, line);

    await backend.signal(pipeline, signalCodes.stopPipeline);
    await backend.signal(pipeline, 'powershell/signal/ctrl_c');

    const id = pipeline.toLowerCase();
    expect(process.written.slice(2)).toEqual([`<Signal PSGuid='${id}' />`, `<Close PSGuid='${id}' />`]);
    expect(await take(backend, pipeline)).toMatchObject({ error: { subcode: 'InvalidSelectors' } });
    expect(await backend.signal(pipeline, 'x')).toMatchObject({ error: { subcode: 'InvalidSelectors' } });
    expect(await backend.send(pipeline, input('stdin'))).toMatchObject({
      error: { subcode: 'InvalidSelectors' },
    });
  });

  test('closes pipelines before the pool, then ends the process', async () => {
    const process = new ScriptedProcess();
    const backend = new PwshBackend(process, systemTimers, hello);
    await backend.command(pipeline, line);

    await backend.close();

    expect(process.written.slice(2)).toEqual([
      `<Close PSGuid='${pipeline.toLowerCase()}' />`,
      `<Close PSGuid='${pool}' />`,
    ]);
    expect(await process.exited).toBe(0);
  });

  test('does not wait for ever for a PowerShell that will not close', async () => {
    const process = new ScriptedProcess(() => []);
    const hurried = { ...systemTimers, sleep: () => systemTimers.sleep(milliseconds(20), never) };
    const backend = new PwshBackend(process, hurried, hello);

    await backend.close();

    expect(await process.exited).toBe(0);
  });

  test.each([
    ['ends', () => 'exit' as const],
    ['says what is no packet', () => ['oops']],
    ['says XML that is no packet', () => ['<Hello/>']],
  ])('tells those who wait when the process %s', async (_, react) => {
    const backend = new PwshBackend(new ScriptedProcess(react), systemTimers, hello);
    const waiting = take(backend);

    const sent = await backend.send(undefined, input('stdin'));

    const gone = { error: { code: 2_147_943_418 } };
    expect(sent).toMatchObject(gone);
    expect(await waiting).toMatchObject(gone);
    expect(await backend.command(pipeline, line)).toMatchObject(gone);
  });

  test('answers a client that connects for the plug-in that it has not, and introduces PowerShell', async () => {
    const first = new PsrpClient(pool1);
    const process = new ScriptedProcess((line) => [
      ...acknowledge(line),
      ...(line.startsWith('<Data') ? introduction.map((fragment) => data(pool, fragment)) : []),
    ]);
    const backend = new PwshBackend(process, systemTimers, unwrap(first.open()));
    await backend.send(undefined, input('stdin'));
    await expect
      .poll(() => backend.receive(undefined, 1, quickly), { timeout: 15_000 })
      .toMatchObject({ value: { streams: [{}] } });
    const second = new PsrpClient(pool1);

    const answer = await backend.connect(unwrap(second.connect()));

    expect(answer.ok).toBe(true);
    if (answer.ok) unwrap(second.receive(answer.value));
    const told = await backend.receive(undefined, 100_000, quickly);
    for (const { data: fragment } of told.ok ? told.value.streams : []) unwrap(second.receive(fragment));
    const kinds: string[] = [];
    for (let event = second.next(); event !== undefined; event = second.next()) kinds.push(event.kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['session-capability', 'runspacepool-init-data', 'application-private-data']),
    );
    expect(await backend.connect(hello)).toMatchObject({ ok: false, error: { code: 0x80540fa0 } });
  });

  test('keeps what never arrived, and loses nothing of use when it is told to drop', async () => {
    const backend = new PwshBackend(new ScriptedProcess(), systemTimers, hello);
    await backend.command(pipeline, line);
    const output = { streams: [{ stream: 'stdout', data: hello }], done: false };

    backend.restore(pipeline, output);
    backend.restore(undefined, output);
    backend.restore('nobody', output);
    backend.setBufferMode('Drop');

    expect(await take(backend, pipeline)).toEqual({ ok: true, value: output });
    expect(await take(backend)).toEqual({ ok: true, value: output });
  });

  test('refuses a pipeline that is no base64, or there already', async () => {
    const backend = new PwshBackend(new ScriptedProcess(), systemTimers, hello);
    const invalid = { ok: false, error: { subcode: 'SchemaValidationError' } };
    await backend.command(pipeline, line);

    expect(await backend.command(pipeline, line)).toMatchObject(invalid);
    expect(await backend.command('other', { command: '', arguments: ['?'] })).toMatchObject(invalid);
  });

  test('is a fault of the plug-in where the program cannot be started', async () => {
    const backends = pwshBackends({
      ...{ program: '/nonexistent/pwsh', processes: systemProcesses, timers: systemTimers },
    });
    const request = { resourceUri: 'x', shellId: pool, creationXml: hello, user: 'ops' };

    const opened = await backends.open(request);

    expect(opened).toMatchObject({ ok: false, error: { code: 0x80540fa0 } });
  });
});
