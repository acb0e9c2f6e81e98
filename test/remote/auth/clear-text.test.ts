import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { seconds } from '../../../src/core/time.ts';
import type { ReadScript } from '../../../src/ports/scripts.ts';
import { tapWire } from '../../support/wire-tap.ts';
import { engineBackends, never, serveHost } from '../../support/winrm-host.ts';

const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

const script: ReadScript = { kind: 'read', name: 'get.ps1', text: 'Get-Something # words of the script' };
const answer = 'words of the answer';
const parameters = { Secret: 'words of the parameter' };

/** What may be read on the wire: start lines, headers, and the head of a sealed body. */
const inClear =
  /Envelope|schemas|CLIXML|Obj RefId|words of|Something|shell|W\0i\0n|w\0o\0r\0d\0s|P\xe4\$\$w/i;

describe('check 1: a stock listener, which offers Negotiate on 5985 and demands sealing', () => {
  test.each(['ntlm', 'negotiate'] as const)(
    'takes a logon by %s as it is, and nothing but headers is in clear on the wire',
    async (auth) => {
      const served = await serveHost(
        engineBackends((_call, streams) => {
          streams.output(JSON.stringify(answer));
          return Promise.resolve(ok(undefined));
        }),
      );
      const tap = await tapWire(served.server.port);
      toClose.push(
        () => served.server.close(),
        () => {
          tap.close();
        },
      );

      const session = await served.open({ auth, port: tap.port });
      const output = unwrap(await session.read(script, parameters, { timeout: seconds(10) }, never));
      await session.close();

      expect(JSON.stringify(output)).toContain(answer);
      const seen = tap.seen();
      expect(seen).toContain('POST /wsman');
      expect(seen.match(/Encrypted Boundary--/g)?.length).toBeGreaterThan(6);
      expect(inClear.exec(seen)?.[0]).toBeUndefined();
    },
  );

  test('whereas Basic, where somebody allows it, shows all of it', async () => {
    const served = await serveHost(
      engineBackends(() => Promise.resolve(ok(undefined))),
      { allowsUnsealed: true },
    );
    const tap = await tapWire(served.server.port);
    toClose.push(
      () => served.server.close(),
      () => {
        tap.close();
      },
    );

    // This host refuses Basic; what matters is what had left by then.
    await expect(served.open({ auth: 'basic', allowsBasicOverHttp: true, port: tap.port })).rejects.toThrow();

    expect(tap.seen()).toMatch(/Envelope/);
  });
});
