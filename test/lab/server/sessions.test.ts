import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { milliseconds, minutes, seconds } from '../../../src/core/time.ts';
import type { Duration } from '../../../src/core/time.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import { parseCommandStarted, pipelineCommand } from '../../../src/wire/wsman/command.ts';
import { connect, parseConnected } from '../../../src/wire/wsman/connect.ts';
import { createShell } from '../../../src/wire/wsman/create-shell.ts';
import { disconnect, reconnect } from '../../../src/wire/wsman/disconnect.ts';
import { get, parseShellGot } from '../../../src/wire/wsman/get-shell.ts';
import { powershellResourceUri, resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../../src/wire/wsman/fault.ts';
import { parseReceived, receive } from '../../../src/wire/wsman/receive.ts';
import type { ShellState } from '../../../src/wire/wsman/shell-description.ts';
import { signal, signalCodes } from '../../../src/wire/wsman/signal.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import { WireClient } from './wire-client.ts';

const resourceUri = powershellResourceUri('Microsoft.PowerShell');
const poolId = '0533352D-95C5-4715-BF50-1F449FF1FC9B';
const pipelineId = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
const shell = { resourceUri, shellId: poolId };
const ofPipeline = receive({ streams: 'stdout', commandId: pipelineId });
const ofPool = receive({ streams: 'stdout', commandId: undefined });

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** An engine whose only script says what the test makes it say. */
class Speaker {
  #streams: Parameters<ScriptEngine['run']>[1] | undefined;
  #end: () => void = () => undefined;

  readonly run: ScriptEngine['run'] = (_call, streams) => {
    this.#streams = streams;
    return new Promise((resolve) => {
      this.#end = () => resolve(ok(undefined));
    });
  };

  say(...values: readonly string[]): void {
    for (const value of values) this.#streams?.output(value);
  }

  end(): void {
    this.#end();
  }
}

interface Holder {
  readonly client: WireClient;
  readonly psrp: PsrpClient;
}

async function start(
  options: Partial<WinrmHostOptions> = {},
): Promise<{ served: ServedHost; speaker: Speaker }> {
  const speaker = new Speaker();
  const served = await serveHost(engineBackends(speaker.run), options);
  toClose.push(() => served.server.close());
  return { served, speaker };
}

function holder(served: ServedHost, sessionId?: string): Holder {
  const client = new WireClient(served, sessionId === undefined ? {} : { sessionId });
  toClose.push(() => client.close());
  const psrp = new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 2, maxFragmentBytes: 32_768 });
  return { client, psrp };
}

/** Opens the pool and starts its pipeline. */
async function openedBy(served: ServedHost, idleTimeout = minutes(15)): Promise<Holder> {
  const it = holder(served);
  const creationXml = unwrap(it.psrp.open());
  const request = {
    shellId: poolId,
    inputStreams: 'stdin pr',
    outputStreams: 'stdout',
    idleTimeout,
    creationXml,
  };
  await it.client.ask(createShell(request), { resourceUri });
  await take(it, undefined);
  const commands = [{ text: 'x', isScript: true, parameters: [] }];
  const [fragments] = unwrap(it.psrp.createPipeline({ id: pipelineId, noInput: true, commands }));
  const started = await it.client.ask(
    pipelineCommand({ commandId: pipelineId, fragments: fragments! }),
    shell,
  );
  expect(unwrap(parseCommandStarted(started))).toBe(pipelineId);
  return it;
}

/** Takes over the pool and the pipeline as another client. */
async function connectedBy(served: ServedHost): Promise<Holder> {
  const it = holder(served);
  const answer = await it.client.ask(connect({ connectXml: unwrap(it.psrp.connect()) }), shell);
  expect(parseFault(answer)).toBeUndefined();
  unwrap(it.psrp.receive(unwrap(parseConnected(answer)).connectResponseXml!));
  unwrap(it.psrp.adoptPipeline(pipelineId));
  return it;
}

/** What one Receive brings, as events. */
async function take(
  { client, psrp }: Holder,
  commandId: string | undefined,
): Promise<readonly PsrpClientEvent[]> {
  const answer = await client.ask(commandId === undefined ? ofPool : ofPipeline, shell);
  const fault = parseFault(answer);
  if (fault?.subcode === 'TimedOut') return [];
  if (fault !== undefined) throw new Error(fault.reason);
  for (const { data } of unwrap(parseReceived(answer)).streams) unwrap(psrp.receive(data, commandId));
  const events: PsrpClientEvent[] = [];
  for (let event = psrp.next(); event !== undefined; event = psrp.next()) events.push(event);
  return events;
}

/** The outputs of the pipeline until it ends. */
async function outputsOf(it: Holder): Promise<readonly unknown[]> {
  const outputs: unknown[] = [];
  for (;;) {
    for (const event of await take(it, pipelineId)) {
      if (event.kind === 'output') outputs.push(event.value);
      if (event.kind === 'pipeline-state' && event.state !== 'Running') return outputs;
    }
  }
}

const stateOf = async ({ client }: Holder): Promise<ShellState | undefined> => {
  const answer = await client.ask(get(), { resourceUri: resourceUris.shells, shellId: poolId });
  return parseFault(answer) === undefined ? unwrap(parseShellGot(answer)).state : undefined;
};

const shellDisconnected = { code: 2_150_859_204 } satisfies Partial<WsmanFault>;

describe('check 21: a pool that is disconnected', () => {
  test('goes on, and gives another client all output exactly once', async () => {
    const { served, speaker } = await start();
    const first = await openedBy(served);
    speaker.say('a', 'b');
    expect(await take(first, pipelineId)).toMatchObject([{ value: 'a' }, { value: 'b' }]);

    expect(await first.client.faultTo(disconnect(), shell)).toBeUndefined();
    expect(await stateOf(first)).toBe('Disconnected');
    first.client.close();
    speaker.say('c', 'd');
    speaker.end();
    const second = await connectedBy(served);

    expect(await outputsOf(second)).toEqual(['c', 'd']);
    expect(await stateOf(second)).toBe('Connected');
  });

  test('tells who waits, and answers nothing but Reconnect by its own session', async () => {
    const { served, speaker } = await start();
    const first = await openedBy(served);
    const beside = holder(served, first.client.sessionId);
    const waiting = beside.client.faultTo(ofPipeline, { ...shell, operationTimeout: seconds(20) });
    await expect
      .poll(() => served.actions().filter((action) => action === 'logon').length, { timeout: 15_000 })
      .toBeGreaterThan(3);

    await first.client.ask(disconnect({ idleTimeout: minutes(3), bufferMode: 'Block' }), shell);

    expect(await waiting).toMatchObject(shellDisconnected);
    expect(await first.client.faultTo(ofPipeline, shell)).toMatchObject(shellDisconnected);
    const stop = signal({ commandId: pipelineId, code: signalCodes.terminate });
    expect(await first.client.faultTo(stop, shell)).toMatchObject(shellDisconnected);
    expect(await first.client.faultTo(disconnect(), shell)).toMatchObject(shellDisconnected);
    const stranger = holder(served);
    expect(await stranger.client.faultTo(reconnect(), shell)).toMatchObject({ code: 2_150_859_206 });
    expect(await stranger.client.faultTo(connect({ commandId: pipelineId }), shell)).toMatchObject(
      shellDisconnected,
    );
    speaker.say('kept');
    expect(await first.client.faultTo(reconnect(), shell)).toBeUndefined();
    expect(await take(first, pipelineId)).toMatchObject([{ value: 'kept' }]);
  });

  test('belongs to who connected to it', async () => {
    const { served } = await start();
    const first = await openedBy(served);
    await first.client.ask(disconnect(), shell);
    const second = await connectedBy(served);

    const command = connect({ commandId: pipelineId });
    expect(await second.client.faultTo(command, shell)).toBeUndefined();
    expect(await first.client.faultTo(command, shell)).toMatchObject({ code: 2_150_859_213 });
    expect(await first.client.faultTo(disconnect(), shell)).toMatchObject({ code: 2_150_859_206 });
    const other = connect({ commandId: '00000000-0000-0000-0000-000000000001' });
    expect(await second.client.faultTo(other, shell)).toMatchObject({ subcode: 'InvalidSelectors' });
    const third = holder(served);
    const again = connect({ connectXml: unwrap(third.psrp.connect()) });
    expect(await third.client.faultTo(again, shell)).toMatchObject({ code: 2_150_859_213 });
  });

  test('is freed when nobody comes within the time that Disconnect gave it', async () => {
    const { served } = await start();
    const first = await openedBy(served);

    await first.client.ask(disconnect({ idleTimeout: milliseconds(50) }), shell);

    await expect.poll(() => served.host.openShells, { timeout: 15_000 }).toBe(0);
  });

  test('may lose records when it was told to drop them, but not its end', async () => {
    const { served, speaker } = await start();
    const first = await openedBy(served);
    await first.client.ask(disconnect({ bufferMode: 'Drop' }), shell);
    const long = 'x'.repeat(20_000);
    for (let index = 0; index < 480; index += 1) speaker.say(`${index} ${long}`);
    speaker.end();

    await first.client.ask(reconnect(), shell);
    const outputs = (await outputsOf(first)) as string[];

    const kept = outputs.map((output) => Number(output.split(' ')[0]));
    expect(kept.length).toBeLessThan(480);
    expect(kept.length).toBeGreaterThan(300);
    // The oldest are gone; what is left is in order and whole.
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 480 - kept.length + index));
  });

  test('refuses a Connect that is none', async () => {
    const { served } = await start();
    const first = await openedBy(served);
    await first.client.ask(disconnect(), shell);

    expect(await first.client.faultTo(connect({}), shell)).toMatchObject({
      subcode: 'SchemaValidationError',
    });
    const wrong = connect({ connectXml: Uint8Array.of(1, 2, 3) });
    expect(await first.client.faultTo(wrong, shell)).toMatchObject({ code: 0x80540fa0 });
    expect(await stateOf(first)).toBe('Disconnected');
  });
});

describe('check 21: a client that vanishes', () => {
  const soon = (grace: Duration) => ({ limits: { vanishGrace: grace } });

  test('amid a Receive leaves a disconnected pool, whose output another collects', async () => {
    const { served, speaker } = await start(soon(milliseconds(50)));
    const first = await openedBy(served);
    const receiving = first.client
      .ask(ofPipeline, { ...shell, operationTimeout: seconds(20) })
      .catch(() => 'lost');
    await expect.poll(() => served.actions().length, { timeout: 15_000 }).toBeGreaterThan(3);
    first.client.close();
    await receiving;
    const observer = holder(served);
    await expect.poll(() => stateOf(observer), { timeout: 15_000 }).toBe('Disconnected');

    speaker.say('meanwhile');
    speaker.end();
    const second = await connectedBy(served);

    expect(await outputsOf(second)).toEqual(['meanwhile']);
  });

  test('and comes back soon goes on as if nothing had been', async () => {
    const { served, speaker } = await start(soon(seconds(20)));
    const first = await openedBy(served);
    const receiving = first.client
      .ask(ofPipeline, { ...shell, operationTimeout: seconds(20) })
      .catch(() => 'lost');
    await expect.poll(() => served.actions().length, { timeout: 15_000 }).toBeGreaterThan(3);
    first.client.close();
    await receiving;
    // Until the host knows, it would still answer into the void.
    await expect
      .poll(() => served.events.some((it) => it.event === 'request' && it.status === 0), { timeout: 15_000 })
      .toBe(true);

    speaker.say('meanwhile');

    expect(await take(first, pipelineId)).toMatchObject([{ value: 'meanwhile' }]);
    expect(await stateOf(first)).toBe('Connected');
  });

  test('before its answer came finds what was lost in the next one', async () => {
    const lost = { order: 0 };
    const { served, speaker } = await start({
      misbehave: ({ action, order }) => {
        if (action !== 'Receive' || lost.order !== -1) return undefined;
        lost.order = order;
        return 'lose-answer';
      },
    });
    const first = await openedBy(served);
    speaker.say('precious');
    lost.order = -1;
    const failed = await first.client.ask(ofPipeline, shell).catch(() => 'lost');
    expect(failed).toBe('lost');

    expect(await take(first, pipelineId)).toMatchObject([{ value: 'precious' }]);
  });
});

describe('what cannot be disconnected', () => {
  test('is a cmd shell', async () => {
    const { served } = await start({ cmd: programBackends() });
    const { client } = holder(served);
    const cmd = await client.createCmd();
    const notSupported = { code: 2_150_859_205 };

    expect(await client.faultTo(disconnect(), cmd)).toMatchObject(notSupported);
    expect(await client.faultTo(reconnect(), cmd)).toMatchObject(notSupported);
    expect(await client.faultTo(connect({ commandId: 'c' }), cmd)).toMatchObject(notSupported);
  });

  test('is anything before Windows Server 2012', async () => {
    const { served } = await start({ quirks: { cannotDisconnect: true } });
    const { client } = await openedBy(served);

    expect(await client.faultTo(disconnect(), shell)).toMatchObject({ code: 2_150_859_205 });
  });

  test('is a request without its body', async () => {
    const { served } = await start();
    const { client } = await openedBy(served);
    const invalid = { subcode: 'SchemaValidationError' };

    expect(await client.faultTo({ ...disconnect(), body: '' }, shell)).toMatchObject(invalid);
    expect(await client.faultTo({ ...connect({}), body: '' }, shell)).toMatchObject(invalid);
  });
});
