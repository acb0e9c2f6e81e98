import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { systemPrograms } from '../../src/node/programs.ts';
import type { Program } from '../../src/ports/program.ts';

async function all(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sh = async (line: string, options = {}): Promise<Program> =>
  unwrap(await systemPrograms.start('sh', ['-c', line], options));

describe('a program of this machine', () => {
  test('has its streams as bytes and its exit code', async () => {
    const program = await sh("printf '\\0\\377'; printf e >&2; exit 7");

    const [stdout, stderr] = await Promise.all([all(program.stdout), all(program.stderr)]);

    expect([...stdout]).toEqual([0, 255]);
    expect(stderr.toString()).toBe('e');
    expect(await program.exited).toBe(7);
    expect(program.pid).toBeGreaterThan(1);
  });

  test('gets input, variables and a directory', async () => {
    const program = await sh('pwd; echo "$GREETING"; cat', {
      ...{ environment: { GREETING: 'hi' }, workingDirectory: '/usr' },
    });

    expect(await program.write(Buffer.from('in'))).toMatchObject({ ok: true });
    program.endInput();

    expect((await all(program.stdout)).toString()).toBe('/usr\nhi\nin');
  });

  test.each(['interrupt', 'break', 'kill'] as const)(
    'is ended by %s, with all that it started',
    async (name) => {
      const program = await sh('(sleep 30; echo never) & echo started; wait');
      const reader = program.stdout[Symbol.asyncIterator]();
      await reader.next();

      program.signal(name);
      const exitCode = await program.exited;
      if (name !== 'kill') program.signal('kill');

      // Programs in the background ignore what the keyboard says, so only the shell itself heard the first two.
      expect(exitCode === undefined || exitCode > 0).toBe(true);
      expect(await reader.next()).toMatchObject({ done: true });
    },
  );

  test('that has ended takes neither input nor signals, and nobody is hurt', async () => {
    const program = await sh('exit 0');
    await Promise.all([all(program.stdout), all(program.stderr), program.exited]);

    const written = await program.write(Buffer.alloc(100_000));
    program.signal('kill');

    expect(written).toMatchObject({ ok: false, error: { code: 'process.ended' } });
  });

  test.each([
    ['is not there', () => systemPrograms.start('/nonexistent/program', [])],
    ['is to run in no directory', () => systemPrograms.start('sh', [], { workingDirectory: '/nonexistent' })],
    ['has an impossible argument', () => systemPrograms.start('sh', ['a\0b'])],
  ])('that %s does not start', async (_, start) => {
    expect(await start()).toMatchObject({ ok: false, error: { code: 'process.not-started' } });
  });
});
