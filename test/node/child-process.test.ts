import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { systemProcesses } from '../../src/node/child-process.ts';

const node = (script: string, env?: Readonly<Record<string, string>>) =>
  systemProcesses.spawn(process.execPath, ['-e', script], env);

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

describe('a program', () => {
  test('takes lines and gives lines, in any characters', async () => {
    const child = unwrap(await node('process.stdin.pipe(process.stdout)'));

    unwrap(await child.writeLine('first 😀'));
    unwrap(await child.writeLine('second'));
    const lines = child.lines[Symbol.asyncIterator]();

    expect(await lines.next()).toEqual({ done: false, value: 'first 😀' });
    expect(await lines.next()).toEqual({ done: false, value: 'second' });
    child.kill();
    expect(await child.exited).toBe(137);
  });

  test('has our environment and what it is given', async () => {
    const child = unwrap(
      await node('console.log(process.env.PATH !== undefined, process.env.EXTRA)', { EXTRA: 'x' }),
    );

    expect(await collect(child.lines)).toEqual(['true x']);
    expect(await child.exited).toBe(0);
  });

  test('keeps the end of what it says on standard error', async () => {
    const child = unwrap(
      await node(`process.stderr.write('x'.repeat(100_000) + 'end'); process.exitCode = 3`),
    );

    expect(await child.exited).toBe(3);
    await collect(child.lines);
    await expect.poll(() => child.stderr.endsWith('xend')).toBe(true);
    expect(child.stderr).toHaveLength(65_536);
  });

  test('that has ended takes nothing more', async () => {
    const child = unwrap(await node(''));
    await child.exited;

    expect(await child.writeLine('late')).toMatchObject({ error: { code: 'process.ended' } });
  });

  test('that is not there cannot be started', async () => {
    expect(await systemProcesses.spawn('/nonexistent/program', [])).toMatchObject({
      error: { code: 'process.not-started', details: { program: '/nonexistent/program' } },
    });
  });
});
