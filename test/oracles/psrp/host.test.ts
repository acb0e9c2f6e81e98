import { afterAll, beforeAll, expect, test } from 'vitest';
import { psCredential } from '../../../src/core/ps-credential.ts';
import { toJson } from '../../../src/core/ps-json.ts';
import { psDictionary, psList } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { Secret } from '../../../src/core/secret.ts';
import { nodeRsaKeys } from '../../../src/node/rsa-keys.ts';
import type { HostCallEvent, PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { HostAnswer } from '../../../src/wire/psrp/host-call.ts';
import { usualScreen } from '../../../src/wire/psrp/host-info.ts';
import { bufferCellOf, keyInfo, rectangleOf } from '../../../src/wire/psrp/host-values.ts';
import { askingHost, noHost, refuse } from '../../../src/wire/psrp/host.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { PwshServer } from './pwsh-server.ts';

/** What the person at the console says, whenever they get round to it. */
const answers: Readonly<Record<string, PsValue>> = {
  ReadLine: 'typed',
  ReadKey: keyInfo({ virtualKeyCode: 65, character: 'a', controlKeyState: 0, keyDown: true }),
  ReadLineAsSecureString: { kind: 'secureString', secret: new Secret('typed in secret') },
  Prompt: psDictionary([['field', 'filled in']]),
  PromptForCredential2: psCredential({ userName: 'ops', password: new Secret('p') }),
  PromptForChoice: 1,
  PromptForChoiceMultipleSelection: psList([0, 1]),
};
const answerOf = ({ call }: HostCallEvent): HostAnswer => {
  const value = answers[call.method];
  return value === undefined ? refuse(call) : { kind: 'value', value };
};

oracle(
  'a host with a screen and a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    let pwsh: PwshServer;
    let answered = 0;
    beforeAll(async () => {
      pwsh = new PwshServer({ host: askingHost({ screen: { ...usualScreen, windowTitle: 'ours' } }) });
      await pwsh.open();
      await pwsh.send(pwsh.client.exchangeKeys(await nodeRsaKeys.generate()));
      await pwsh.event('session-key');
    });
    afterAll(() => pwsh.close());

    /** Runs a script; each call that wants an answer gets it only after the client has gone on to other things. */
    const run = async (text: string): Promise<readonly PsrpClientEvent[]> => {
      const end = { isReached: false };
      const running = pwsh.run([{ text, isScript: true, parameters: [] }]);
      const ended = running.finally(() => (end.isReached = true));
      while (!end.isReached) {
        const event = pwsh.events[answered];
        if (event === undefined) {
          await Promise.race([pwsh.until(() => pwsh.events.length > answered), ended]);
          continue;
        }
        answered += 1;
        if (event.kind !== 'host-call') continue;
        await new Promise(setImmediate);
        await pwsh.send(
          pwsh.client.answerHostCall(event, answerOf(event)),
          event.pipelineId,
          'PromptResponse',
        );
      }
      return running;
    };
    const outputsOf = (events: readonly PsrpClientEvent[]) =>
      events.flatMap((event) => (event.kind === 'output' ? [toJson(event.value)] : []));
    const callsOf = (events: readonly PsrpClientEvent[]) =>
      events.flatMap((event) => (event.kind === 'host-call' ? [event.call] : []));

    test.each<[string, string, unknown[]]>([
      ['a line', '$host.UI.ReadLine()', ['typed']],
      ['a key', '"$($host.UI.RawUI.ReadKey().Character)"', ['a']],
      [
        'a secret line',
        '[Net.NetworkCredential]::new("", $host.UI.ReadLineAsSecureString()).Password',
        ['typed in secret'],
      ],
      [
        'a credential',
        '$c = $host.UI.PromptForCredential("caption", "message", "user", "target"); $c.UserName; $c.GetNetworkCredential().Password',
        ['ops', 'p'],
      ],
      [
        'a choice',
        '$host.UI.PromptForChoice("c", "m", [Management.Automation.Host.ChoiceDescription[]]@("&x", "&y"), 0)',
        [1],
      ],
      [
        'several choices',
        '([Management.Automation.Host.IHostUISupportsMultipleChoiceSelection]$host.UI).PromptForChoice("c", "m", [Collections.ObjectModel.Collection[Management.Automation.Host.ChoiceDescription]][Management.Automation.Host.ChoiceDescription[]]@("&x", "&y"), [int[]]@(0))',
        [0, 1],
      ],
      [
        'fields',
        '$f = [Management.Automation.Host.FieldDescription]::new("field"); $host.UI.Prompt("c", "m", [Collections.ObjectModel.Collection[Management.Automation.Host.FieldDescription]]@($f))["field"]',
        ['filled in'],
      ],
    ])('is asked for %s and answers later', async (_, text, values) => {
      expect(outputsOf(await run(text))).toEqual(values);
    });

    test('tells the server about its screen, which answers scripts from that', async () => {
      const events = await run(
        '$u = $host.UI.RawUI; "$($u.WindowTitle) $($u.WindowSize) $($u.ForegroundColor)"',
      );

      expect(outputsOf(events)).toEqual(['ours 120,50 Gray']);
      expect(callsOf(events)).toEqual([]);
    });

    test('is told what to draw', async () => {
      const events = await run(
        `$r = [Management.Automation.Host.Rectangle]::new(0, 1, 2, 3)
       $host.UI.RawUI.SetBufferContents($r, [Management.Automation.Host.BufferCell]::new("x", "Red", "Blue", "Complete"))
       $host.UI.RawUI.WindowTitle = 'theirs'; $host.UI.Write('Red', 'Blue', 'x')`,
      );

      const [fill, title, write] = callsOf(events);
      expect(fill?.method).toBe('SetBufferContents1');
      expect(rectangleOf(fill?.parameters[0])).toEqual({ left: 0, top: 1, right: 2, bottom: 3 });
      expect(bufferCellOf(fill?.parameters[1])).toEqual({
        character: 'x',
        foregroundColor: 'Red',
        backgroundColor: 'Blue',
        type: 'complete',
      });
      expect(title).toMatchObject({ method: 'SetWindowTitle', parameters: ['theirs'], callId: undefined });
      expect(write).toMatchObject({ method: 'Write2', parameters: [12, 9, 'x'] });
    });

    test('a pipeline without a host is not asked: its prompt fails there', async () => {
      const commands = [{ text: '$host.UI.ReadLine()', isScript: true, parameters: [] }];

      expect(await pwsh.runWith(commands, { host: noHost })).toMatchObject([
        { kind: 'pipeline-state', state: 'Failed' },
      ]);
    });
  },
);
