import { afterEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { parseConfigGot } from '../../../src/wire/wsman/config.ts';
import { enumerate, pull, release } from '../../../src/wire/wsman/enumerate.ts';
import { parseCommandsEnumerated, parseShellsEnumerated } from '../../../src/wire/wsman/enumerated.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { get, parseShellGot } from '../../../src/wire/wsman/get-shell.ts';
import { resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import { WireClient } from './wire-client.ts';

const shells = { resourceUri: resourceUris.shells };
const commands = { resourceUri: resourceUris.commands };
const config = { resourceUri: resourceUris.config };

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

async function host(
  options: Partial<WinrmHostOptions> = {},
): Promise<{ ops: WireClient; other: WireClient }> {
  const served = await serveHost(
    engineBackends(() => new Promise(() => undefined)),
    {
      cmd: programBackends(),
      lookup: () => new Secret('Pä$$wörd'),
      ...options,
    },
  );
  const [ops, other] = [new WireClient(served), new WireClient(served, { user: 'CORP\\other' })];
  toClose.push(
    () => ops.close(),
    () => other.close(),
    () => served.host.restart(),
    () => served.server.close(),
  );
  return { ops, other };
}

const idsIn = (answer: Envelope): readonly string[] =>
  unwrap(parseShellsEnumerated(answer)).items.map(({ shellId }) => shellId);

describe('a list of shells', () => {
  test('has those of the user, whole where it fits', async () => {
    const { ops, other } = await host();
    const own = [(await ops.createCmd({ name: 'one' })).shellId, (await ops.createCmd()).shellId];
    await other.createCmd();

    const answer = await ops.ask(enumerate({ maxElements: 10 }), shells);

    const { items, context } = unwrap(parseShellsEnumerated(answer));
    expect(idsIn(answer)).toEqual(own);
    expect(items[0]).toMatchObject({ name: 'one', owner: 'CORP\\ops', resourceUri: resourceUris.cmd });
    expect(context).toBeUndefined();
  });

  test('is pulled in parts, each context once', async () => {
    const { ops } = await host();
    const own: string[] = [];
    for (let count = 0; count < 5; count += 1) own.push((await ops.createCmd()).shellId);

    const first = unwrap(parseShellsEnumerated(await ops.ask(enumerate({ maxElements: 2 }), shells)));
    const next = await ops.ask(pull({ context: first.context!, maxElements: 2 }), shells);
    const rest = unwrap(parseShellsEnumerated(next)).context!;
    const last = await ops.ask(pull({ context: rest, maxElements: 2 }), shells);

    expect([...first.items.map(({ shellId }) => shellId), ...idsIn(next), ...idsIn(last)]).toEqual(own);
    expect(unwrap(parseShellsEnumerated(last)).context).toBeUndefined();
    const again = await ops.faultTo(pull({ context: rest, maxElements: 2 }), shells);
    expect(again).toMatchObject({ subcode: 'InvalidEnumerationContext' });
  });

  test('may begin with nothing, as plain WS-Enumeration does', async () => {
    const { ops } = await host();
    const { shellId } = await ops.createCmd();

    const { items, context } = unwrap(parseShellsEnumerated(await ops.ask(enumerate({}), shells)));

    expect(items).toEqual([]);
    expect(idsIn(await ops.ask(pull({ context: context!, maxElements: 9 }), shells))).toEqual([shellId]);
  });

  test('is given up by Release, and belongs to who began it', async () => {
    const { ops, other } = await host();
    const begin = async (): Promise<string> =>
      unwrap(parseShellsEnumerated(await ops.ask(enumerate({}), shells))).context!;
    const [first, second] = [await begin(), await begin()];
    const invalid = { subcode: 'InvalidEnumerationContext' };

    expect(await other.faultTo(release(first), shells)).toMatchObject(invalid);
    expect(await other.faultTo(pull({ context: first, maxElements: 1 }), shells)).toMatchObject(invalid);
    expect(await ops.faultTo(release(first), shells)).toBeUndefined();
    expect(await ops.faultTo(release(first), shells)).toMatchObject(invalid);
    expect(await ops.faultTo(pull({ context: second, maxElements: 1 }), shells)).toBeUndefined();
  });

  test('is forgotten when a client begins very many', async () => {
    const { ops } = await host();
    const { context } = unwrap(parseShellsEnumerated(await ops.ask(enumerate({}), shells)));
    for (let count = 0; count < 100; count += 1) await ops.ask(enumerate({}), shells);

    const fault = await ops.faultTo(pull({ context: context!, maxElements: 1 }), shells);

    expect(fault).toMatchObject({ subcode: 'InvalidEnumerationContext' });
  });
});

describe('a list of commands', () => {
  test('has those of one shell, ended ones included until they are terminated', async () => {
    const { ops } = await host();
    const { shellId } = await ops.createCmd();
    const ended = await ops.run(shellId, 'true');
    await ops.collect(shellId, ended);
    const running = await ops.run(shellId, 'cat');

    const first = unwrap(
      parseCommandsEnumerated(await ops.ask(enumerate({ maxElements: 1, shellId }), commands)),
    );
    const rest = await ops.ask(pull({ context: first.context!, maxElements: 9 }), commands);

    expect(first.items).toEqual([{ commandId: ended, commandLine: 'true', state: 'Done' }]);
    expect(unwrap(parseCommandsEnumerated(rest)).items).toEqual([
      { commandId: running, commandLine: 'cat', state: 'Running' },
    ]);
  });

  test('needs a shell, of the user', async () => {
    const { ops, other } = await host();
    const { shellId } = await ops.createCmd();

    expect(await ops.faultTo(enumerate({ maxElements: 1 }), commands)).toMatchObject({ code: 2_150_859_200 });
    const foreign = await other.faultTo(enumerate({ maxElements: 1, shellId }), commands);
    expect(foreign).toMatchObject({ code: 2_150_858_843 });
  });
});

describe('Get', () => {
  test('tells about a shell, also how long it has been there and unused', async () => {
    const { ops, other } = await host();
    const { shellId } = await ops.createCmd();

    const got = unwrap(parseShellGot(await ops.ask(get(), { ...shells, shellId })));

    expect(got).toMatchObject({ shellId, runTime: expect.any(Number), inactivity: expect.any(Number) });
    expect(await other.faultTo(get(), { ...shells, shellId })).toMatchObject({ code: 2_150_858_843 });
  });

  test('check 22: tells the settings to administrators only', async () => {
    const { ops, other } = await host({
      isAdministrator: (user) => user === 'CORP\\ops',
      limits: { maxShellsPerUser: 7 },
    });

    expect(unwrap(parseConfigGot(await ops.ask(get(), config)))).toMatchObject({
      ...{ maxEnvelopeBytes: 512_000, maxShellsPerUser: 7, maxConcurrentOperationsPerUser: 1500 },
    });
    expect(await other.faultTo(get(), config)).toMatchObject({ code: 5, subcode: 'AccessDenied' });
  });
});

describe('what is not there', () => {
  test.each([
    ['to get', get()],
    ['to enumerate', enumerate({ maxElements: 1 })],
  ])('a resource %s', async (_, message) => {
    const { ops } = await host();

    const fault = await ops.faultTo(message, {
      resourceUri: 'http://schemas.microsoft.com/wbem/wsman/1/wmi',
    });

    expect(fault).toMatchObject({ code: 2_150_858_811, subcode: 'DestinationUnreachable' });
  });

  test.each([
    ['Enumerate', { ...enumerate({}), body: '' }],
    ['Pull', { ...pull({ context: 'c', maxElements: 1 }), body: '' }],
    ['Release', { ...release('c'), body: '' }],
  ])('the body of %s', async (_, message) => {
    const { ops } = await host();

    expect(await ops.faultTo(message, shells)).toMatchObject({ subcode: 'SchemaValidationError' });
  });
});
