import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src/core/result.ts';
import { minutes } from '../../src/core/time.ts';
import type { HostLink } from '../../src/remote/host-link.ts';
import { commandStarted } from '../../src/wire/wsman/command.ts';
import { shellDeleted } from '../../src/wire/wsman/delete.ts';
import { received } from '../../src/wire/wsman/receive.ts';
import { shellCreated } from '../../src/wire/wsman/shell-created.ts';
import { signalCodes, signalled } from '../../src/wire/wsman/signal.ts';
import { never } from '../support/winrm-host.ts';
import { wireHost } from '../support/wired-host.ts';
import type { Script, WiredHost } from '../support/wired-host.ts';

const shell = { resourceUri: 'urn:shell', shellId: 'S' };
const commandId = 'C';
const output = received(commandId, { streams: [], state: 'done', exitCode: 0 });
const script: Script = ({ action }) => ({
  message:
    {
      Create: shellCreated('http://web-01/wsman', { shellId: 'S', resourceUri: 'urn:shell' }),
      ...{ Command: commandStarted(commandId), Signal: signalled(), Delete: shellDeleted() },
    }[action] ?? output,
});

async function create(link: HostLink): Promise<void> {
  const { wsman, release } = unwrap(await link.lease(never));
  const request = { shellId: 'S', inputStreams: 'stdin pr', outputStreams: 'stdout' };
  unwrap(
    await wsman.create(
      'urn:shell',
      { ...request, idleTimeout: undefined, creationXml: undefined },
      [],
      never,
    ),
  );
  release();
}

async function run(link: HostLink): Promise<void> {
  const { wsman, release } = unwrap(await link.lease(never));
  unwrap(await wsman.command(shell, { commandId, fragments: new Uint8Array(3) }, never));
  unwrap(await wsman.receive(shell, { streams: 'stdout', commandId }, never));
  release();
}

const terminate = (link: HostLink): Promise<unknown> =>
  link.control.signal(shell, { commandId, code: signalCodes.terminate }, never);

/** Requests on the wire, logon legs included. */
const roundTrips = ({ host }: WiredHost): number => host.logonLegs + host.asked.length;

describe('check 24: round trips', () => {
  test('a cold NTLM connection costs two legs, without an unauthenticated try, and each envelope one', async () => {
    const site = wireHost(script);

    await create(site.link);

    expect([site.host.logonLegs, site.host.actions]).toEqual([2, ['Create']]);
  });

  test('a warm script costs two, and no logon', async () => {
    const site = wireHost(script);
    await create(site.link);
    const before = roundTrips(site);

    await site.timers.finish(run(site.link), minutes(1));

    expect(roundTrips(site) - before).toBe(2);
  });

  test('a hundred warm scripts, terminated and deleted, log on once', async () => {
    const site = wireHost(script);
    await create(site.link);

    for (let count = 0; count < 100; count += 1) {
      await site.timers.finish(run(site.link), minutes(1));
      await terminate(site.link);
    }
    unwrap(await site.link.control.delete(shell, never));

    expect([site.host.connections, site.host.logonLegs]).toEqual([1, 2]);
    expect(site.host.asked).toHaveLength(302);
  });

  test('what is said beside a script that runs costs one logon, once', async () => {
    const site = wireHost(script);
    await create(site.link);
    unwrap(await site.link.lease(never));

    for (let count = 0; count < 5; count += 1) await terminate(site.link);

    expect([site.host.connections, site.host.logonLegs]).toEqual([2, 4]);
  });
});
