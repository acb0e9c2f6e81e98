import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { milliseconds, minutes, seconds } from '../../../src/core/time.ts';
import type { Duration } from '../../../src/core/time.ts';
import type { Misbehave } from '../../../src/lab/server/misbehaviour.ts';
import type { ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpResponse } from '../../../src/ports/http-connection.ts';
import type { Timers } from '../../../src/ports/timers.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { WsmanClient } from '../../../src/remote/wsman-client.ts';
import { WsmanExchange } from '../../../src/remote/wsman-exchange.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import { buildRequest } from '../../../src/wire/wsman/envelope.ts';
import type { WsmanMessage } from '../../../src/wire/wsman/envelope.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import { powershellResourceUri } from '../../../src/wire/wsman/namespaces.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { receive } from '../../../src/wire/wsman/receive.ts';
import { signal, signalCodes } from '../../../src/wire/wsman/signal.ts';
import { engineBackends, never, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

const poolId = '0533352D-95C5-4715-BF50-1F449FF1FC9B';
const commandId = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
const resourceUri = powershellResourceUri('Microsoft.PowerShell');
const shell = { resourceUri, shellId: poolId };
const pipeline = { id: commandId, noInput: true, commands: [{ text: 'x', isScript: true, parameters: [] }] };

const hello: ScriptEngine['run'] = async (_call, streams) => {
  streams.output('hello');
  return ok(undefined);
};
const endless: ScriptEngine['run'] = (_call, _streams, signal) =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(ok(undefined)));
  });

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

interface Bench {
  readonly served: ServedHost;
  readonly connection: AuthConnection;
  readonly wsman: WsmanClient;
  readonly psrp: PsrpClient;
}

/** A host and a bare WS-Man client whose Receives wait for 100 ms at most. */
async function bench(
  engine: ScriptEngine['run'] = hello,
  options: Partial<WinrmHostOptions> = {},
): Promise<Bench> {
  const served = await serveHost(engineBackends(engine), options);
  const target = { ...served.target, operationTimeout: milliseconds(100) };
  const connection = new AuthConnection({
    ...{ target, connector: systemConnector, timers: systemTimers, entropy: systemEntropy },
    now: () => systemClock.now(),
  });
  const exchange = new WsmanExchange({ target, connection, sessionId: poolId });
  toClose.push(() => {
    connection.close();
    void served.server.close();
  });
  const psrp = new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 1, maxFragmentBytes: 32_768 });
  return {
    served,
    connection,
    wsman: new WsmanClient(exchange, { entropy: systemEntropy, timers: systemTimers }),
    psrp,
  };
}

async function createShell({ wsman, psrp }: Bench, idleTimeout = minutes(15)): Promise<void> {
  const creationXml = unwrap(psrp.open());
  const request = {
    shellId: poolId,
    inputStreams: 'stdin pr',
    outputStreams: 'stdout',
    idleTimeout,
    creationXml,
  };
  unwrap(await wsman.create(resourceUri, request, [], never));
  const { streams } = unwrap(await wsman.receive(shell, { streams: 'stdout', commandId: undefined }, never));
  for (const { data } of streams) unwrap(psrp.receive(data));
}

async function startPipeline({ wsman, psrp }: Bench): Promise<void> {
  const [fragments = new Uint8Array(0)] = unwrap(psrp.createPipeline(pipeline));
  unwrap(await wsman.command(shell, { commandId, fragments }, never));
}

/** Sends one message as it is, sealed, and gives the fault that comes back. */
async function faultTo(
  { connection }: Pick<Bench, 'connection'>,
  message: WsmanMessage,
  wait = milliseconds(100),
): Promise<unknown> {
  const bytes = request(message, systemEntropy.uuid(), wait);
  const answer = unwrap(await connection.post(bytes, never, limits));
  return parseFault(unwrap(parseEnvelope(answer.body, 'x')));
}

function request(message: WsmanMessage, messageId: string, operationTimeout: Duration): Uint8Array {
  const common = { resourceUri, sessionId: 'S', shellId: poolId, maxEnvelopeBytes: 153_600 };
  return buildRequest({ to: 'http://web-01:5985/wsman', messageId, operationTimeout, ...common }, message);
}

function eventsOf(psrp: PsrpClient): PsrpClientEvent[] {
  const events: PsrpClientEvent[] = [];
  for (let event = psrp.next(); event !== undefined; event = psrp.next()) events.push(event);
  return events;
}

const limits = { timeout: seconds(10), maxResponseBytes: 1_000_000 };
const ofPipeline = { streams: 'stdout', commandId };
const gone = { code: 2_150_858_843, subcode: 'InvalidSelectors', side: 'sender' };

describe('HTTP', () => {
  async function post(path: string, headers: Record<string, string>): Promise<HttpResponse> {
    const { served } = await bench();
    const { address, port, connectTimeout } = served.target;
    const http = systemConnector.connect({ scheme: 'http', address, port, connectTimeout });
    unwrap(await http.open(never));
    const answer = await http.exchange(
      { method: 'POST', path, headers, body: new Uint8Array(0), ...limits },
      never,
    );
    http.close();
    return unwrap(answer);
  }

  test('only /wsman is there', async () => {
    expect(await post('/', {})).toMatchObject({ status: 404 });
  });

  test('whoever has not logged on is asked to negotiate', async () => {
    const answer = await post('/wsman', { 'Content-Type': 'application/soap+xml;charset=UTF-8' });

    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': ['Negotiate'] } });
  });

  test('a body that is no envelope is a bad request', async () => {
    const { connection } = await bench();

    const answer = await connection.post(new TextEncoder().encode('<html/>'), never, limits);

    expect(answer).toMatchObject({ error: { code: 'http.status', details: { status: 400 } } });
  });
});

describe('a shell', () => {
  test('that nobody opened is unknown', async () => {
    const it = await bench();

    expect(await faultTo(it, receive(ofPipeline))).toMatchObject(gone);
  });

  test('belongs to the user who opened it', async () => {
    const it = await bench();
    await createShell(it);
    const { target } = it.served;
    const other = new AuthConnection({
      ...{
        target: { ...target, user: 'ELSEWHERE\\ops' },
        connector: systemConnector,
        timers: systemTimers,
        entropy: systemEntropy,
      },
      now: () => systemClock.now(),
    });
    toClose.push(() => other.close());

    expect(await faultTo({ connection: other }, receive(ofPipeline))).toMatchObject(gone);
  });

  test('frees itself when it is idle for too long, which it is not while a Receive waits', async () => {
    const idle = minutes(15);
    const armed = new Set<() => void>();
    let armedWhileWaiting: number | undefined;
    const timers: Timers = {
      ...systemTimers,
      after: (delay, act) => {
        if (delay !== idle) {
          armedWhileWaiting = armed.size;
          return systemTimers.after(delay, act);
        }
        armed.add(act);
        return () => void armed.delete(act);
      },
    };
    const it = await bench(endless, { timers });
    await createShell(it, idle);
    await startPipeline(it);

    unwrap(await it.wsman.receive(shell, ofPipeline, never));
    expect(armedWhileWaiting).toBe(0);
    expect(armed.size).toBe(1);
    for (const expire of armed) expire();

    expect(it.served.host.openShells).toBe(0);
    expect(await it.wsman.receive(shell, ofPipeline, never)).toMatchObject({
      error: { code: 'wsman.shell-gone' },
    });
  });

  test('cannot be opened twice under one id, nor with a pool that cannot be read', async () => {
    const it = await bench();
    await createShell(it);
    const common = { inputStreams: 'stdin pr', outputStreams: 'stdout', idleTimeout: undefined };
    const creationXml = new Uint8Array(100);

    const again = await it.wsman.create(resourceUri, { ...common, shellId: poolId, creationXml }, [], never);
    const unreadable = await it.wsman.create(
      resourceUri,
      { ...common, shellId: undefined, creationXml },
      [],
      never,
    );

    expect(again).toMatchObject({ error: { code: 'wsman.rejected' } });
    expect(unreadable).toMatchObject({
      error: { code: 'wsman.rejected', details: { wsmanCode: 0x80540fa0 } },
    });
    expect(it.served.host.openShells).toBe(1);
  });
});

describe('a request', () => {
  test('that is larger than the host allows is refused', async () => {
    const it = await bench(hello, { maxEnvelopeBytes: 32_768 });
    const message = { action: 'x', body: `<rsp:x>${'x'.repeat(40_000)}</rsp:x>` };

    expect(await faultTo(it, message)).toMatchObject({ subcode: 'EncodingLimit' });
  });

  test('for something that the service does not do is refused', async () => {
    expect(await faultTo(await bench(), { action: 'urn:no-such-action', body: '' })).toMatchObject({
      subcode: 'ActionNotSupported',
    });
  });

  test('of the wrong shape is refused', async () => {
    const it = await bench();
    await createShell(it);
    const shell = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
    const wrong = [`${shell}/Command`, `${shell}/Send`, `${shell}/Receive`, `${shell}/Signal`];

    for (const action of [...wrong, 'http://schemas.xmlsoap.org/ws/2004/09/transfer/Create']) {
      expect(await faultTo(it, { action, body: '' })).toMatchObject({ subcode: 'SchemaValidationError' });
    }
  });
});

describe('a Receive', () => {
  test('without output faults after its OperationTimeout', async () => {
    const it = await bench(endless);
    await createShell(it);
    await startPipeline(it);

    expect(await faultTo(it, receive(ofPipeline))).toMatchObject({
      code: 2_150_858_793,
      subcode: 'TimedOut',
    });
  });

  test('that is asked for again under the same MessageID gets the same answer', async () => {
    const it = await bench();
    await createShell(it);
    await startPipeline(it);
    const ask = async (messageId: string): Promise<string> => {
      const bytes = request(receive(ofPipeline), messageId, milliseconds(100));
      const { body } = unwrap(await it.connection.post(bytes, never, limits));
      return /<rsp:Stream.*<\/rsp:ReceiveResponse>/.exec(new TextDecoder().decode(body))?.[0] ?? '';
    };

    const first = await ask('ONE');
    const again = await ask('ONE');
    const next = await ask('TWO');

    expect(first).toContain('CommandState/Done');
    expect(again).toBe(first);
    expect(next).toBe('');
  });

  test('of a command that is not there is refused', async () => {
    const it = await bench();
    await createShell(it);

    expect(await faultTo(it, receive(ofPipeline))).toMatchObject(gone);
  });

  test('that waits is aborted when its pipeline is terminated, and the pipeline is gone', async () => {
    const seen: string[] = [];
    const misbehave: Misbehave = ({ action }) => void seen.push(action);
    const it = await bench(endless, { misbehave });
    await createShell(it);
    await startPipeline(it);
    const second = new AuthConnection({
      ...{ target: it.served.target, connector: systemConnector },
      ...{ timers: systemTimers, entropy: systemEntropy },
      now: () => systemClock.now(),
    });
    toClose.push(() => second.close());

    const waiting = faultTo({ connection: second }, receive(ofPipeline), seconds(20));
    await expect.poll(() => seen.at(-1), { timeout: 15_000 }).toBe('Receive');
    const code = signalCodes.terminate;
    expect(await it.wsman.signal(shell, { commandId, code }, never)).toMatchObject({ ok: true });

    expect(await waiting).toMatchObject({ code: 995 });
    expect(await faultTo(it, receive(ofPipeline))).toMatchObject(gone);
    expect(await faultTo(it, signal({ commandId, code }))).toMatchObject(gone);
  });
});

describe('a pipeline', () => {
  test('is logged, with who started it', async () => {
    const it = await bench();
    await createShell(it);

    await startPipeline(it);

    expect(it.served.events).toContainEqual({
      ...{ host: 'WEB-01', event: 'pipeline', shell: poolId, command: commandId, user: 'CORP\\ops' },
    });
  });

  test('stops when it is asked to, and says so', async () => {
    const it = await bench(endless);
    await createShell(it);
    await startPipeline(it);

    unwrap(await it.wsman.signal(shell, { commandId, code: signalCodes.stopPipeline }, never));
    const { streams, state } = unwrap(await it.wsman.receive(shell, ofPipeline, never));
    for (const { data } of streams) unwrap(it.psrp.receive(data, commandId));

    expect(state).toBe('done');
    expect(eventsOf(it.psrp).at(-1)).toMatchObject({
      ...{ kind: 'pipeline-state', state: 'Stopped', reason: { fullyQualifiedErrorId: 'PipelineStopped' } },
    });
  });

  test('cannot be started twice, nor take input when it is not there', async () => {
    const it = await bench(endless);
    await createShell(it);
    await startPipeline(it);
    const data = new Uint8Array(0);

    const again = await it.wsman.command(shell, { commandId, fragments: data }, never);
    const stray = await it.wsman.send(shell, { stream: 'stdin', commandId: poolId, data }, never);
    const strange = await it.wsman.send(shell, { stream: 'stdout', commandId, data }, never);

    expect(again).toMatchObject({ error: { code: 'wsman.rejected' } });
    expect(stray).toMatchObject({ error: { code: 'wsman.shell-gone' } });
    expect(strange).toMatchObject({ error: { code: 'wsman.rejected' } });
  });
});
