import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import type { CmdBackendOptions } from '../../../src/lab/server/cmd-backend.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { commandLine } from '../../../src/wire/wsman/command-line.ts';
import { cmdShellOptions, createShell } from '../../../src/wire/wsman/create-shell.ts';
import { deleteShell } from '../../../src/wire/wsman/delete.ts';
import { resourceUris } from '../../../src/wire/wsman/namespaces.ts';
import { receive } from '../../../src/wire/wsman/receive.ts';
import { send } from '../../../src/wire/wsman/send.ts';
import { signal, signalCodes } from '../../../src/wire/wsman/signal.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import { WireClient, cmdShell, text, utf8 } from './wire-client.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

async function cmdHost(
  options: Partial<WinrmHostOptions> = {},
  cmd: CmdBackendOptions = {},
): Promise<{ served: ServedHost; client: WireClient }> {
  const idle = engineBackends(() => new Promise(() => undefined));
  const served = await serveHost(idle, { cmd: programBackends(cmd), ...options });
  const client = new WireClient(served);
  toClose.push(
    () => client.close(),
    () => served.host.restart(),
    () => served.server.close(),
  );
  return { served, client };
}

const unknown = { code: 2_150_858_843, subcode: 'InvalidSelectors' };
const output = (commandId: string) => receive({ streams: 'stdout stderr', commandId });

describe('check 14: a program under cmd', () => {
  test('has its streams, their ends and its exit code as they are', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();

    const id = await client.run(shellId, "printf '\\0\\377\\r\\n'; printf 'e\\n' >&2; exit 300");
    const done = await client.collect(shellId, id);

    expect([...done.stdout]).toEqual([0, 255, 13, 10]);
    expect(text(done.stderr)).toBe('e\n');
    expect(done).toMatchObject({ exitCode: 300 & 0xff, ended: ['stdout', 'stderr'] });
  });

  test("gets its shell's variables and directory, and arguments as they were typed", async () => {
    const { client } = await cmdHost();
    const created = await client.createCmd(
      {
        ...{ name: 'nightly', workingDirectory: '/usr', lifetime: seconds(600), idleTimeout: seconds(90) },
        environment: { GREETING: ' hi  there ', KANJI: '日本' },
      },
      cmdShellOptions({ codePage: 65_001, noProfile: true }),
    );

    const id = await client.run(created.shellId, {
      command: 'pwd;',
      arguments: ['printenv', 'GREETING', 'KANJI'],
    });

    expect(text((await client.collect(created.shellId, id)).stdout)).toBe('/usr\n hi  there \n日本\n');
    expect(created.shell).toMatchObject({
      ...{ owner: 'CORP\\ops', clientAddress: '127.0.0.1', name: 'nightly', workingDirectory: '/usr' },
      ...{ idleTimeout: seconds(90), lifetime: seconds(600), resourceUri: resourceUris.cmd },
      ...{ inputStreams: 'stdin', outputStreams: 'stdout stderr', runTime: 0 },
      environment: { GREETING: ' hi  there ' },
    });
    expect(created.shell).not.toHaveProperty('state');
  });

  test('reads its input to the end', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const commandId = await client.run(shellId, 'cat');

    await client.ask(send({ stream: 'stdin', commandId, data: utf8('one, ') }), { shellId });
    await client.ask(send({ stream: 'stdin', commandId, data: utf8('two'), end: true }), { shellId });

    expect(text((await client.collect(shellId, commandId)).stdout)).toBe('one, two');
  });

  test('may write more than fits into a small envelope', async () => {
    const { client } = await cmdHost({ maxEnvelopeBytes: 32_768 });
    const { shellId } = await client.createCmd();
    const folder = mkdtempSync(join(tmpdir(), 'countersign-cmd-'));
    toClose.push(() => rmSync(folder, { recursive: true }));
    const bytes = randomBytes(300_000);
    writeFileSync(join(folder, 'bytes'), bytes);

    const done = await client.collect(shellId, await client.run(shellId, `cat ${folder}/bytes`));

    expect(sha256(done.stdout)).toBe(sha256(bytes));
    expect(done.receives).toBeGreaterThan(12);
  });

  test('may be silent, and is then asked for again', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const commandId = await client.run(shellId, 'sleep 0.4; echo late');

    expect(await client.faultTo(output(commandId), { shellId })).toMatchObject({ subcode: 'TimedOut' });
    expect(text((await client.collect(shellId, commandId)).stdout)).toBe('late\n');
  });

  test.each([
    ['Ctrl-C', signalCodes.ctrlC, 'sleep 30'],
    ['Ctrl-Break, which one that ignores Ctrl-C hears', signalCodes.ctrlBreak, "trap '' INT; sleep 30"],
  ])('ends by %s and stays until it is terminated', async (_, code, line) => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const commandId = await client.run(shellId, `echo ready; ${line}`);
    await client.ask(output(commandId), { shellId, operationTimeout: seconds(10) });

    await client.ask(signal({ commandId, code }), { shellId });

    expect(await client.collect(shellId, commandId)).toMatchObject({ exitCode: -1_073_741_510 });
    expect(await client.faultTo(signal({ commandId, code }), { shellId })).toBeUndefined();
    const terminate = signal({ commandId, code: signalCodes.terminate });
    expect(await client.faultTo(terminate, { shellId })).toBeUndefined();
    expect(await client.faultTo(terminate, { shellId })).toMatchObject(unknown);
  });

  test('is killed by Terminate, and whoever waits for it is told', async () => {
    const { served, client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const commandId = await client.run(shellId, 'sleep 30');
    const second = WireClient.beside(served, client);
    toClose.push(() => second.close());
    const waiting = second.faultTo(output(commandId), { shellId, operationTimeout: seconds(20) });
    await expect
      .poll(() => served.events.filter(({ event }) => event === 'connect'), { timeout: 15_000 })
      .toHaveLength(2);

    await client.ask(signal({ commandId, code: signalCodes.terminate }), { shellId });

    // Unless it was terminated before the Receive came, when it is not known any more.
    expect([995, 2_150_858_843]).toContain((await waiting)?.code);
    expect(await client.faultTo(output(commandId), { shellId })).toMatchObject(unknown);
  });

  test('ends with its shell', async () => {
    const { served, client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const line = 'echo $$; exec sleep 30';
    const commandId = await client.run(shellId, line);
    const { body } = await client.ask(output(commandId), { shellId, operationTimeout: seconds(10) });
    const pid = Number(Buffer.from(body[0]!.children[0]!.text, 'base64').toString());

    await client.ask(deleteShell(), { shellId });

    await expect.poll(() => isRunning(pid), { timeout: 15_000 }).toBe(false);
    expect(served.host.openShells).toBe(0);
    expect(await client.faultTo(output(commandId), { shellId })).toMatchObject(unknown);
  });

  test('may have too long a line for cmd.exe, which says so itself', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();

    const done = await client.collect(shellId, await client.run(shellId, `echo ${'x'.repeat(8187)}`));
    const fits = await client.collect(shellId, await client.run(shellId, `echo ${'x'.repeat(8186)}`));

    expect(done).toMatchObject({ exitCode: 1, stderr: Buffer.from('The command line is too long.\r\n') });
    expect(fits.stdout).toHaveLength(8187);
  });
});

describe('a cmd shell', () => {
  test('refuses what does not belong there', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd();
    const commandId = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
    const invalid = { subcode: 'SchemaValidationError' };
    const line = { command: 'sleep 30', arguments: [], commandId };

    expect(await client.run(shellId, line)).toBe(commandId);
    expect(await client.faultTo(commandLine(line), { shellId })).toMatchObject(invalid);
    expect(await client.faultTo(signal({ commandId, code: 'stop' }), { shellId })).toMatchObject(invalid);
    const nobody = { stream: 'stdin', commandId: 'nobody', data: utf8('x') };
    expect(await client.faultTo(send(nobody), { shellId })).toMatchObject(unknown);
    expect(await client.faultTo(send({ ...nobody, stream: 'x' }), { shellId })).toMatchObject(invalid);
    expect(await client.faultTo(output('nobody'), { shellId })).toMatchObject(unknown);
    const stop = signal({ commandId: 'nobody', code: signalCodes.ctrlC });
    expect(await client.faultTo(stop, { shellId })).toMatchObject(unknown);
  });

  test('has no programs in a directory that is not there', async () => {
    const { client } = await cmdHost();
    const { shellId } = await client.createCmd({ workingDirectory: 'C:\\Nowhere' });

    const fault = await client.faultTo(commandLine({ command: 'echo', arguments: [] }), { shellId });

    expect(fault).toMatchObject({ code: 0x8007010b });
  });

  test('is gone after its idle timeout, or its lifetime although it is used', async () => {
    const { served, client } = await cmdHost();
    await client.createCmd({ idleTimeout: milliseconds(50) });
    const { shellId } = await client.createCmd({ lifetime: milliseconds(300) });
    expect(served.host.openShells).toBe(2);

    await client.run(shellId, 'sleep 30');

    await expect.poll(() => served.host.openShells, { timeout: 15_000 }).toBe(0);
  });

  test('is not there on a host that runs no programs', async () => {
    const { client } = await cmdHost({ cmd: { open: () => Promise.reject(new Error('never')) } });
    const none = await serveHost(engineBackends(() => new Promise(() => undefined)));
    const lonely = new WireClient(none);
    toClose.push(
      () => lonely.close(),
      () => none.server.close(),
    );

    expect(await lonely.faultTo(createShell(cmdShell))).toMatchObject({ subcode: 'DestinationUnreachable' });
    const jea = { resourceUri: 'http://schemas.microsoft.com/powershell/Nobody.Has.This' };
    expect(await client.faultTo(createShell(cmdShell), jea)).toMatchObject({ code: 2_150_858_811 });
  });
});

describe('quotas of a user', () => {
  test('on shells come as a WMI error that relates to nothing', async () => {
    const { client } = await cmdHost({ maxShellsPerUser: 1 });
    await client.createCmd();

    const envelope = await client.ask(createShell(cmdShell));

    expect(envelope.relatesTo).toBeUndefined();
    expect(await client.faultTo(createShell(cmdShell))).toMatchObject({
      ...{ code: 2_150_859_173, subcode: 'QuotaLimit' },
      reason: expect.stringContaining('concurrent shells'),
    });
  });

  test('on operations count every command until it is terminated, over all shells', async () => {
    const { client } = await cmdHost({ limits: { maxOperationsPerUser: 2 } });
    const [first, second] = [await client.createCmd(), await client.createCmd()];
    const done = await client.run(first.shellId, 'true');
    await client.collect(first.shellId, done);
    await client.run(second.shellId, 'true');
    const another = commandLine({ command: 'true', arguments: [] });

    expect(await client.faultTo(another, second)).toMatchObject({ code: 2_150_859_174 });

    await client.ask(signal({ commandId: done, code: signalCodes.terminate }), first);
    expect(await client.faultTo(another, second)).toBeUndefined();
    await client.ask(deleteShell(), second);
    expect(await client.faultTo(another, first)).toBeUndefined();
  });

  test('on programs side by side count only those that run', async () => {
    const { client } = await cmdHost({ limits: { maxProcessesPerShell: 1 } });
    const shell = await client.createCmd();
    const commandId = await client.run(shell.shellId, 'cat');
    const another = commandLine({ command: 'true', arguments: [] });

    expect(await client.faultTo(another, shell)).toMatchObject({ code: 2_150_859_241 });

    await client.ask(send({ stream: 'stdin', commandId, data: utf8(''), end: true }), shell);
    await client.collect(shell.shellId, commandId);
    expect(await client.faultTo(another, shell)).toBeUndefined();
  });

  test('on commands of a shell count those that ended too', async () => {
    const { client } = await cmdHost({ limits: { maxCommandsPerShell: 1 } });
    const shell = await client.createCmd();
    await client.collect(shell.shellId, await client.run(shell.shellId, 'true'));

    const fault = await client.faultTo(commandLine({ command: 'true', arguments: [] }), shell);

    expect(fault).toMatchObject({ code: 2_150_859_241 });
  });
});

describe('old services', () => {
  test('choose ids themselves', async () => {
    const { client } = await cmdHost({ quirks: { ignoresClientIds: true } });
    const wanted = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
    const { shellId } = await client.createCmd({ shellId: wanted });

    const commandId = await client.run(shellId, { command: 'cat', arguments: [], commandId: wanted });

    expect([shellId, commandId]).not.toContain(wanted);
    await client.ask(send({ stream: 'stdin', commandId, data: utf8('x'), end: true }), { shellId });
    expect(text((await client.collect(shellId, commandId)).stdout)).toBe('x');
    expect(
      await client.faultTo(signal({ commandId, code: signalCodes.terminate }), { shellId }),
    ).toBeUndefined();
  });

  test('put a prefix before the ids of their shells', async () => {
    const { client } = await cmdHost({ quirks: { prefixesShellIds: true } });
    const { shellId } = await client.createCmd();

    expect(shellId).toMatch(/^uuid:[0-9A-F-]{36}$/);
    expect(text((await client.collect(shellId, await client.run(shellId, 'echo ok'))).stdout)).toBe('ok\n');
  });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
