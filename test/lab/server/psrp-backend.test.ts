import { describe, expect, test } from 'vitest';
import { err, ok, unwrap } from '../../../src/core/result.ts';
import type { Result } from '../../../src/core/result.ts';
import { PsrpBackend } from '../../../src/lab/server/psrp-backend.ts';
import type { PsrpBackendOptions } from '../../../src/lab/server/psrp-backend.ts';
import type { ScriptCall, ScriptEngine } from '../../../src/lab/server/script-engine.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { nodeRsaKeys } from '../../../src/node/rsa-keys.ts';
import { encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { WsmanFault } from '../../../src/wire/wsman/fault.ts';
import { signalCodes } from '../../../src/wire/wsman/signal.ts';
import { never } from '../../support/winrm-host.ts';

const poolId = '0533352D-95C5-4715-BF50-1F449FF1FC9B';
const id = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
const quickly = AbortSignal.abort();
const script = [{ text: 'x', isScript: true, parameters: [] }];

interface Pair {
  readonly backend: PsrpBackend;
  readonly client: PsrpClient;
}

const taken = <T>(result: Result<T, WsmanFault>): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

const newClient = (): PsrpClient =>
  new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 2, maxFragmentBytes: 32_768 });

async function open(run: ScriptEngine['run'], options: Partial<PsrpBackendOptions> = {}): Promise<Pair> {
  const client = newClient();
  const request = { resourceUri: '', shellId: poolId, creationXml: unwrap(client.open()), user: 'ops' };
  const version = { psVersion: '5.1.17763.1971', protocolVersion: '2.3', maxFragmentBytes: 32_768 } as const;
  const backend = taken(PsrpBackend.open(request, { run }, { ...version, ...options }));
  const pair = { backend, client };
  await events(pair);
  return pair;
}

/** What waits for the client, as events. */
async function events({ backend, client }: Pair, commandId?: string): Promise<readonly PsrpClientEvent[]> {
  const output = taken(
    await backend.receive(commandId, 1_000_000, commandId === undefined ? quickly : never),
  );
  for (const { data } of output.streams) unwrap(client.receive(data, commandId));
  const all: PsrpClientEvent[] = [];
  for (let event = client.next(); event !== undefined; event = client.next()) all.push(event);
  return all;
}

const sendAll = async (
  { backend }: Pair,
  fragments: readonly Uint8Array[],
  commandId?: string,
): Promise<void> => {
  for (const data of fragments) taken(await backend.send(commandId, { stream: 'stdin', data, end: false }));
};

const start = async ({ backend, client }: Pair, noInput = true): Promise<void> => {
  const [first, ...rest] = unwrap(client.createPipeline({ id, noInput, commands: script }));
  taken(await backend.command(id, { command: '', arguments: [encodeBase64(first!)] }));
  await sendAll({ backend, client }, rest, id);
};

const silent: ScriptEngine['run'] = async () => ok(undefined);
const endless: ScriptEngine['run'] = () => new Promise(() => undefined);

describe('a pool of the lab', () => {
  test.each([
    [{ kind: 'get-available-runspaces' } as const, 1],
    [{ kind: 'set-max-runspaces', count: 3 } as const, true],
    [{ kind: 'set-max-runspaces', count: 0 } as const, false],
    [{ kind: 'set-min-runspaces', count: 2 } as const, true],
    [{ kind: 'set-min-runspaces', count: 5 } as const, false],
    [{ kind: 'reset-runspace-state' } as const, true],
  ])('answers %j while one of its two runspaces is busy', async (request, answer) => {
    const pair = await open(endless);
    await start(pair);

    await sendAll(pair, unwrap(pair.client.request(request)).fragments);

    expect(await events(pair)).toMatchObject([{ kind: 'runspace-availability', answer }]);
  });

  test('gives a session key to who sends a public key, where it has chance', async () => {
    const keys = await nodeRsaKeys.generate();
    const pair = await open(silent, { entropy: systemEntropy });
    await sendAll(pair, unwrap(pair.client.exchangeKeys(keys)));
    const without = await open(silent);
    await sendAll(without, unwrap(without.client.exchangeKeys(keys)));

    expect(await events(pair)).toMatchObject([{ kind: 'session-key' }]);
    expect(await events(without)).toEqual([]);
  });

  test('knows no commands to tell about', async () => {
    const pair = await open(silent);
    const [fragments] = unwrap(pair.client.getCommandMetadata({ id, names: ['*'] }));

    taken(await pair.backend.command(id, { command: '', arguments: [encodeBase64(fragments!)] }));

    const seen = await events(pair, id);
    expect(seen.at(-1)).toMatchObject({ kind: 'pipeline-state', state: 'Completed' });
    expect(seen).toHaveLength(2);
  });

  test('runs a script when all of its input has come, and gives its streams in order', async () => {
    const calls: ScriptCall[] = [];
    const error = {
      message: 'm',
      id: 'i',
      category: 'NotSpecified',
      exceptionType: 'E',
      position: 'line 3, column 4',
    };
    const pair = await open(async (call, streams) => {
      calls.push(call);
      streams.warning('w');
      streams.verbose('v');
      streams.error(error);
      await streams.drained();
      return err({ ...error, position: 'nowhere' });
    });
    await start(pair, false);
    await sendAll(pair, unwrap(pair.client.input(id, 'one')), id);
    expect(calls).toEqual([]);
    await sendAll(pair, unwrap(pair.client.endInput(id)), id);

    const seen = [...(await events(pair, id))];
    while (seen.at(-1)?.kind !== 'pipeline-state') seen.push(...(await events(pair, id)));

    expect(calls).toMatchObject([{ script: 'x', input: ['one'], user: 'ops' }]);
    expect(seen.map(({ kind }) => kind)).toEqual(['warning', 'verbose', 'error', 'pipeline-state']);
    expect(seen.at(-1)).toMatchObject({ state: 'Failed', reason: { fullyQualifiedErrorId: 'i' } });
  });

  test('stops a pipeline once, and forgets one that is closed', async () => {
    const pair = await open(endless);
    await start(pair);
    taken(await pair.backend.signal(id, signalCodes.stopPipeline));
    taken(await pair.backend.signal(id, signalCodes.stopPipeline));
    expect(await events(pair, id)).toMatchObject([{ kind: 'pipeline-state', state: 'Stopped' }]);

    taken(await pair.backend.signal(id, 'powershell/signal/ctrl_c'));

    const unknown = { ok: false, error: { subcode: 'InvalidSelectors' } };
    expect(await pair.backend.signal(id, 'x')).toMatchObject(unknown);
    expect(await pair.backend.receive(id, 1, quickly)).toMatchObject(unknown);
    const input = { stream: 'stdin', data: new Uint8Array(0), end: false } as const;
    expect(await pair.backend.send(id, input)).toMatchObject(unknown);
    pair.backend.restore(id, { streams: [], done: false });
  });

  test('refuses what it cannot read', async () => {
    const pair = await open(silent);
    const plugin = { ok: false, error: { code: 0x80540fa0 } };
    const noFragment = { stream: 'stdin', data: new Uint8Array(40), end: false } as const;

    expect(await pair.backend.connect(Uint8Array.of(1))).toMatchObject(plugin);
    expect(await pair.backend.command(id, { command: '', arguments: ['?'] })).toMatchObject({
      error: { subcode: 'SchemaValidationError' },
    });
    expect(await pair.backend.send(undefined, noFragment)).toMatchObject(plugin);
  });

  test('tells who waits when it is closed', async () => {
    const pair = await open(endless);
    await start(pair);
    const waiting = [pair.backend.receive(id, 1, never), pair.backend.receive(undefined, 1, never)];

    await pair.backend.close();

    for (const output of await Promise.all([waiting[0]!, waiting[1]!]))
      expect(output).toMatchObject({ ok: false, error: { code: 995 } });
  });
});
