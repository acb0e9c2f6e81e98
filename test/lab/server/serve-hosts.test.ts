import { expect, test } from 'vitest';
import { err, ok, unwrap } from '../../../src/core/result.ts';
import { failure } from '../../../src/core/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import { milliseconds, seconds } from '../../../src/core/time.ts';
import { serveHosts } from '../../../src/lab/server/serve-hosts.ts';
import { ThinkingPrograms, ThinkingScripts } from '../../../src/lab/server/thinking-engines.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemListener } from '../../../src/node/http/listener.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { HttpListener } from '../../../src/ports/http-listener.ts';
import { loopbackTarget } from '../../support/target.ts';
import { never, sessions } from '../../support/winrm-host.ts';
import { WireClient, text } from './wire-client.ts';

const thinking = (ms: number) => ({ timers: systemTimers, thinkTime: milliseconds(ms), answer: 'done' });
const common = {
  ...{ user: 'ops', password: new Secret('Pä$$wörd') },
  ...{ listener: systemListener, timers: systemTimers, entropy: systemEntropy, clock: systemClock },
};
const script = { kind: 'read', name: 'test/any', text: '1' } as const;

test('many hosts in one process answer scripts and programs after a while, each under its own name', async () => {
  const served = unwrap(
    await serveHosts({
      ...{
        ...common,
        count: 3,
        scripts: new ThinkingScripts(thinking(50)),
        programs: new ThinkingPrograms(thinking(0)),
      },
      host: (index) => (index === 2 ? { misbehave: () => 'unavailable' as const } : {}),
    }),
  );
  const began = systemTimers.monotonic();
  const session = unwrap(await sessions.open(loopbackTarget(served.ports[0]!), never));
  const client = new WireClient({ target: loopbackTarget(served.ports[1]!) });
  const { shellId } = await client.createCmd();

  const answered = await session.read(script, {}, { timeout: seconds(10) }, never);
  const program = await client.collect(shellId, await client.run(shellId, 'anything'));

  expect(answered).toMatchObject({ ok: true, value: { output: ['done'] } });
  expect(systemTimers.monotonic() - began).toBeGreaterThanOrEqual(49);
  expect([text(program.stdout), program.exitCode]).toEqual(['done\r\n', 0]);
  expect(served.hosts.map(({ openShells }) => openShells)).toEqual([1, 1, 0]);
  await expect(new WireClient({ target: loopbackTarget(served.ports[2]!) }).createCmd()).rejects.toThrow(
    /503/,
  );
  await session.close();
  client.close();
  await served.close();
});

test('a program that thinks can be interrupted and killed, and takes any input', async () => {
  const programs = new ThinkingPrograms(thinking(60_000));
  const written: string[] = [];
  const output = { write: async (_: string, data: Uint8Array) => void written.push(text(data)) };
  const call = { line: 'x', command: 'x', arguments: [], environment: {}, user: 'ops' };
  const start = async () =>
    unwrap(await programs.start({ ...call, workingDirectory: undefined, codePage: undefined }, output));
  const [first, second] = [await start(), await start()];
  await first.write(Uint8Array.of(1));
  first.endInput();

  first.interrupt('ctrl-c');
  second.kill();

  expect(await Promise.all([first.exited, second.exited])).toEqual([0, 0]);
});

test('hosts that had started are stopped where one finds no port', async () => {
  let listening = 0;
  const listener: HttpListener = {
    listen: async (...args) => {
      if (listening === 2)
        return err(failure('net.listen', { address: '127.0.0.1', port: 0, reason: 'none' }));
      listening += 1;
      const server = unwrap(await systemListener.listen(...args));
      return ok({
        ...server,
        address: server.address,
        port: server.port,
        close: async () => {
          listening -= 1;
          await server.close();
        },
      });
    },
  };

  const served = await serveHosts({
    ...{ ...common, listener, count: 3 },
    ...{ scripts: new ThinkingScripts(thinking(0)), programs: new ThinkingPrograms(thinking(0)) },
  });

  expect(served).toMatchObject({ ok: false, error: { code: 'net.listen' } });
  expect(listening).toBe(0);
});
