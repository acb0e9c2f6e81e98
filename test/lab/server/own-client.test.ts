import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import type { CmdChunk } from '../../../src/remote/api/cmd-process.ts';
import type { WinrmClient } from '../../../src/remote/api/winrm-client.ts';
import { clientOf } from '../../support/api-client.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function site(
  options: Partial<WinrmHostOptions> = {},
): Promise<{ served: ServedHost; client: WinrmClient }> {
  const idle = engineBackends(() => new Promise(() => undefined));
  const served = await serveHost(idle, { cmd: programBackends(), ...options });
  const client = clientOf(served);
  toClose.push(
    () => served.server.close(),
    () => served.host.restart(),
    () => client.close(),
  );
  return { served, client };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('check 14: our own client runs real programs on the server that pywinrm has judged', () => {
  test('to the byte, with exit code, variables and directory', async () => {
    const { served, client } = await site();
    const environment = { GREETING: ' hi  there ', JSON: '{"a": [1, "<&>"]}' };
    await using shell = await client.openCmd({ environment, workingDirectory: '/usr', name: 'nightly' });

    const bytes = await shell.run("printf 'a\\0\\377\\r\\n'; printf 'e\\n' >&2; exit 7");
    const variables = await shell.run('pwd; printenv', ['GREETING', 'JSON']);

    expect([...bytes.stdout]).toEqual([0x61, 0, 255, 13, 10]);
    expect(bytes).toMatchObject({ exitCode: 7, stderrText: 'e\n' });
    expect(variables.stdoutText).toBe(`/usr\n hi  there \n${environment.JSON}\n`);
    expect((await client.shells()).map(({ name }) => name)).toEqual(['nightly']);
    await shell.close();
    expect(served.host.openShells).toBe(0);
  });

  test('with input that comes in pieces, Unicode cut anywhere, and 2 MB of noise', async () => {
    const { client } = await site();
    await using shell = await client.openCmd();
    const text = Buffer.from('こんにちは 😀 äöü');

    const echoed = await shell.run('cat', [], {
      stdin: [text.subarray(0, 4), text.subarray(4, 18), text.subarray(18)],
    });
    const noise = randomBytes(2_000_000);
    const back = await shell.run('cat', [], { stdin: noise });

    expect(echoed.stdoutText).toBe('こんにちは 😀 äöü');
    expect(sha256(back.stdout)).toBe(sha256(noise));
  });

  test('that are interrupted, or never read', async () => {
    const { client } = await site();
    await using shell = await client.openCmd();
    const started = shell.start('trap "echo bye; exit 5" INT; echo ready; while :; do sleep 0.05; done');
    const chunks: CmdChunk[] = [];
    for await (const chunk of started) {
      chunks.push(chunk);
      if (chunks.length === 1) await started.interrupt();
    }

    expect(Buffer.concat(chunks.map(({ data }) => data)).toString()).toBe('ready\nbye\n');
    expect((await started.result).exitCode).toBe(5);
    // Whoever leaves early stops what runs.
    for await (const chunk of shell.start('yes')) {
      expect(chunk.stream).toBe('stdout');
      break;
    }
    const running = async () => (await client.commands(shell.id)).filter(({ state }) => state === 'Running');
    await expect.poll(running, { timeout: 15_000 }).toEqual([]);
  });

  test('that write 9 MB, faster than they are read', async () => {
    const { client } = await site();
    await using shell = await client.openCmd();
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const { data } of shell.start('seq 1 1200000')) {
      hash.update(data);
      bytes += data.length;
      if (bytes % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }

    const expected = createHash('sha256');
    let length = 0;
    for (let from = 1; from <= 1_200_000; from += 1000) {
      const lines = Array.from({ length: 1000 }, (_, index) => `${from + index}\n`).join('');
      expected.update(lines);
      length += lines.length;
    }
    expect(bytes).toBe(length);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
  });

  test('many of them one after another in one shell, which never has many of them at once', async () => {
    const { client } = await site({ limits: { maxCommandsPerShell: 15 } });
    await using shell = await client.openCmd();
    const lines: string[] = [];

    for (let index = 0; index < 40; index += 1)
      lines.push((await shell.run('echo', [String(index)])).stdoutText);

    expect(lines).toEqual(Array.from({ length: 40 }, (_, index) => `${index}\n`));
    // They are freed a little later, so as not to hold anything up.
    expect((await client.commands(shell.id)).length).toBeLessThan(15);
  });

  test('settings are told to an administrator, and to nobody else', async () => {
    const { client } = await site({ isAdministrator: () => false });
    const admin = await site();

    await expect(client.config()).rejects.toMatchObject({ code: 'wsman.access-denied' });
    expect(await admin.client.config()).toMatchObject({ maxEnvelopeBytes: 512_000, maxShellsPerUser: 30 });
  });
});
