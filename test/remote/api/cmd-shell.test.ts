import { afterEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import { ok } from '../../../src/core/result.ts';
import { milliseconds } from '../../../src/core/time.ts';
import { first } from '../../../src/lab/server/misbehaviour.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import type { RemoteCmdShell } from '../../../src/remote/api/cmd-shell.ts';
import type { CmdShellSettings } from '../../../src/remote/api/cmd-shell.ts';
import { clientOf } from '../../support/api-client.ts';
import { programBackends } from '../../support/cmd-host.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';

const toClose: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function open(
  settings: CmdShellSettings = {},
  options: Partial<WinrmHostOptions> = {},
): Promise<{ readonly served: ServedHost; readonly shell: RemoteCmdShell }> {
  const served = await serveHost(
    engineBackends(async () => ok(undefined)),
    { cmd: programBackends(), ...options },
  );
  const client = clientOf(served);
  toClose.push(
    () => served.server.close(),
    () => client.close(),
  );
  return { served, shell: await client.openCmd(settings) };
}

const rejection = (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => {
      throw new Error('it was expected to fail');
    },
    (reason: unknown) => {
      if (reason instanceof Failure) return reason;
      throw reason;
    },
  );

describe('check 14: a program', () => {
  test('gives both streams and its exit code, byte for byte', async () => {
    const { shell } = await open();

    const result = await shell.run(String.raw`printf '\000\377out'; printf 'e\303\251' >&2; exit 3`);

    expect(result.exitCode).toBe(3);
    expect([...result.stdout]).toEqual([0, 255, 111, 117, 116]);
    expect(result.stderrText).toBe('eé');
  });

  test('gets environment, directory and input', async () => {
    const { shell } = await open({ environment: { GREETING: 'hi there' }, workingDirectory: '/' });

    const { stdoutText } = await shell.run('echo "$GREETING"; pwd; cat', [], { stdin: 'typéd' });

    expect(stdoutText).toBe('hi there\n/\ntypéd');
  });

  test('gets input in pieces, as bytes, and sees its end', async () => {
    const { served, shell } = await open();

    const { stdout } = await shell.run('cat', [], { stdin: ['a', Uint8Array.of(0, 255), 'b'] });

    expect([...stdout]).toEqual([97, 0, 255, 98]);
    expect(served.actions().filter((action) => action === 'Send')).toHaveLength(3);
  });

  test('gets what an asynchronous source gives, and what is written by hand', async () => {
    const { shell } = await open();
    async function* source(): AsyncGenerator<string, void, undefined> {
      yield 'one ';
      await Promise.resolve();
      yield 'two';
    }
    const program = shell.start('cat');

    const piped = await shell.run('cat', [], { stdin: source() });
    await program.write('by ');
    await program.endInput('hand');

    expect(piped.stdoutText).toBe('one two');
    expect((await program.result).stdoutText).toBe('by hand');
  });

  test('gives large output whole', async () => {
    const { shell } = await open();

    const { stdout } = await shell.run('head -c 3000000 /dev/zero');

    expect(stdout).toHaveLength(3_000_000);
  });

  test('is read piece by piece, and stopped when the reader leaves', async () => {
    const { shell } = await open();
    const program = shell.start('while true; do echo tick; sleep 0.02; done');

    let text = '';
    for await (const { stream, data } of program) {
      expect(stream).toBe('stdout');
      text += new TextDecoder().decode(data);
      if (text.length > 10) break;
    }

    expect(text).toMatch(/^(tick\n)+$/);
    expect((await program.result).exitCode).not.toBe(0);
  });
});

describe('stopping a program', () => {
  test('a signal of the caller sends Control-C', async () => {
    const { shell } = await open();
    const stop = new AbortController();
    const program = shell.start('echo begun; exec sleep 30', [], { signal: stop.signal });
    await program[Symbol.asyncIterator]().next();
    const running = rejection(program.result);

    stop.abort();

    expect(await running).toMatchObject({ code: 'net.aborted', details: { stopped: true } });
    expect((await shell.run('echo next')).stdoutText).toBe('next\n');
  });

  test('it can be interrupted without being given up', async () => {
    const { shell } = await open();
    const program = shell.start('echo begun; exec sleep 30');
    await program[Symbol.asyncIterator]().next();

    await program.interrupt();

    expect((await program.result).exitCode).toBe(-1_073_741_510);
  });

  test('a bound on time stops it, and says so', async () => {
    const { shell } = await open();

    const late = await rejection(shell.run('sleep 30', [], { timeouts: { total: milliseconds(300) } }));
    const silent = await rejection(
      shell.run('sleep 30', [], { timeouts: { inactivity: milliseconds(300) } }),
    );

    expect(late).toMatchObject({ code: 'pipeline.timeout', details: { limit: 'total', what: 'sleep 30' } });
    expect(silent).toMatchObject({ code: 'pipeline.timeout', details: { limit: 'inactivity' } });
  });

  test('a cap on its output is said', async () => {
    const { shell } = await open();

    const refused = await rejection(shell.run('head -c 100000 /dev/zero', [], { maxOutputBytes: 50_000 }));

    expect(refused).toMatchObject({ code: 'pipeline.output-limit' });
  });

  test('one that was given up before it began is never sent', async () => {
    const { served, shell } = await open();

    const refused = await rejection(shell.run('echo x', [], { signal: AbortSignal.abort() }));

    expect(refused).toMatchObject({ code: 'net.aborted', details: { sent: false } });
    expect(served.actions()).not.toContain('Command');
  });
});

describe('when the connection breaks', () => {
  test('a Receive is asked for again, and no byte is lost or doubled', async () => {
    const { shell } = await open({}, { misbehave: first(2, 'Receive', 'lose-answer') });

    const { stdoutText } = await shell.run('for i in 1 2 3 4 5; do echo $i; sleep 0.05; done');

    expect(stdoutText).toBe('1\n2\n3\n4\n5\n');
  });

  test('a Command whose answer is lost is not repeated, and its outcome unknown', async () => {
    const { served, shell } = await open({}, { misbehave: first(1, 'Command', 'lose-answer') });

    const unknown = await rejection(shell.run('echo x'));

    expect(unknown).toMatchObject({ code: 'pipeline.outcome-unknown', details: { what: 'echo x' } });
    expect(served.actions().filter((action) => action === 'Command')).toHaveLength(1);
  });

  test('a shell that is gone is no unknown outcome', async () => {
    const { served, shell } = await open();
    await served.host.restart();

    expect(await rejection(shell.run('echo x'))).toMatchObject({ code: 'wsman.shell-gone' });
  });
});

test('check 25: closing a shell ends what runs in it and leaves nothing behind', async () => {
  const { served, shell } = await open();
  const running = rejection(shell.run('sleep 30'));
  await expect.poll(() => served.actions().at(-1)).toBe('Command');

  await shell.close();
  await shell.close();

  expect((await running).code).toMatch(/^(?:pipeline\.outcome-unknown|net\.aborted)$/);
  expect(served.host.openShells).toBe(0);
  expect(await rejection(shell.run('echo x'))).toMatchObject({ code: 'net.aborted' });
});
