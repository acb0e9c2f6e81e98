import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { psCredential, credentialOf, secretOf } from '../../../src/core/ps-credential.ts';
import { toJson } from '../../../src/core/ps-json.ts';
import { psList } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { nodeRsaKeys } from '../../../src/node/rsa-keys.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { CommandMerges } from '../../../src/wire/psrp/command-merges.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import type { RunspaceRequest } from '../../../src/wire/psrp/runspace-requests.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { PwshServer } from './pwsh-server.ts';

const script = (text: string, ...values: PsValue[]): PsCommand => ({
  text,
  isScript: true,
  parameters: values.map((value) => ({ value })),
});
const cmdlet = (text: string, parameters: Readonly<Record<string, PsValue>> = {}): PsCommand => ({
  text,
  isScript: false,
  parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
});
const valuesOf = (events: readonly PsrpClientEvent[]): PsValue[] =>
  events.flatMap((event) => (event.kind === 'output' ? [event.value] : []));
const outputsOf = (events: readonly PsrpClientEvent[]) => valuesOf(events).map(toJson);
const revealed = (value: PsValue | undefined): string | undefined => secretOf(value)?.reveal();

/** Writes one record to each stream that this engine can write to without its modules. */
const streams = `$VerbosePreference = 'Continue'
  & { [CmdletBinding()] param()
    $PSCmdlet.WriteVerbose('v'); $PSCmdlet.WriteWarning('w'); $PSCmdlet.WriteInformation('i', [string[]]@())
    $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('bad'), 'Id', 'NotSpecified', 7)); 'o' }`;

oracle(
  'a pool of a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    let pwsh: PwshServer;
    beforeAll(async () => {
      pwsh = new PwshServer();
      await pwsh.open();
    });
    afterAll(() => pwsh.close());

    const ask = async (request: RunspaceRequest): Promise<boolean | number> => {
      const asked = pwsh.events.length;
      const { callId, fragments } = unwrap(pwsh.client.request(request));
      await pwsh.send({ ok: true, value: fragments });
      const answer = () =>
        pwsh.events
          .slice(asked)
          .find((event) => event.kind === 'runspace-availability' && event.callId === callId);
      await pwsh.until(() => answer() !== undefined);
      const event = answer();
      return event?.kind === 'runspace-availability' ? event.answer : false;
    };

    test('a SecureString without a key is a failure that says what to do, and nothing is sent', async () => {
      const secret = { kind: 'secureString', secret: new Secret('p') } as const;

      const refused = pwsh.client.createPipeline({
        id: randomUUID(),
        commands: [script('$args', secret)],
        noInput: true,
      });

      expect(refused).toMatchObject({
        error: {
          code: 'psrp.no-session-key',
          hint: expect.stringContaining('Exchange keys first') as string,
        },
      });
      expect(outputsOf(await pwsh.run([script('1')]))).toEqual([1]);
    });

    test('a pool is reset: variables of earlier scripts are gone', async () => {
      await pwsh.run([script('$global:left = 5')]);

      expect(await ask({ kind: 'reset-runspace-state' })).toBe(true);

      expect(outputsOf(await pwsh.run([script('"[$global:left]"')]))).toEqual(['[]']);
    });

    test('a nested pipeline runs inside the one that is running, and sees its variables', async () => {
      const outer = randomUUID();
      const endless = [script('$i = 0; while ($true) { $i++ }')];
      await pwsh.start(outer, pwsh.client.createPipeline({ id: outer, commands: endless, noInput: true }));
      await pwsh.until(() => pwsh.client.pipelineState(outer) === 'Running');

      const nested = await pwsh.runWith([script('$i')], { isNested: true });
      await pwsh.stop(outer);
      const stopped = await pwsh.ended(outer);

      expect(nested.at(-1)).toMatchObject({ kind: 'pipeline-state', state: 'Completed' });
      expect(stopped).toMatchObject([{ kind: 'pipeline-state', state: 'Stopped' }]);
      expect(outputsOf(await pwsh.run([script('2')]))).toEqual([2]);
    });

    test('runspaces are counted, and their bounds changed where they can be', async () => {
      expect(await ask({ kind: 'get-available-runspaces' })).toBe(1);
      expect(await ask({ kind: 'set-max-runspaces', count: 3 })).toBe(true);
      expect(await ask({ kind: 'set-min-runspaces', count: 2 })).toBe(true);
      expect(await ask({ kind: 'set-min-runspaces', count: 9 })).toBe(false);
      expect(await ask({ kind: 'get-available-runspaces' })).toBe(3);
    });

    test('three pipelines run at once', async () => {
      const gate = 'psrp-gate';
      const wait = (n: number): PsCommand =>
        script(
          `$all = [AppDomain]::CurrentDomain; [void][Threading.Interlocked]; $key = '${gate}${n}'; $all.SetData($key, $true)
         while (-not ($all.GetData('${gate}1') -and $all.GetData('${gate}2') -and $all.GetData('${gate}3'))) { [Threading.Thread]::Sleep(5) }; ${n}`,
        );
      const ids = [randomUUID(), randomUUID(), randomUUID()];

      for (const [index, id] of ids.entries()) {
        const commands = [wait(index + 1)];
        await pwsh.start(id, pwsh.client.createPipeline({ id, commands, noInput: true }));
      }
      const [one, two, three] = [
        await pwsh.ended(ids[0]!),
        await pwsh.ended(ids[1]!),
        await pwsh.ended(ids[2]!),
      ];

      expect([one, two, three].map((events) => outputsOf(events))).toEqual([[1], [2], [3]]);
    });

    test('statements run one after another, each a pipeline of scripts and cmdlets', async () => {
      const id = randomUUID();
      await pwsh.start(
        id,
        pwsh.client.createPipeline({
          id,
          noInput: true,
          statements: [
            [script('$x = 1')],
            [cmdlet('Get-Command', { Name: 'Out-Null' }), cmdlet('ForEach-Object', { MemberName: 'Name' })],
            [script('$x')],
          ],
        }),
      );

      expect(outputsOf(await pwsh.ended(id))).toEqual(['Out-Null', 1]);
    });

    test.each<[string, CommandMerges, string[]]>([
      ['nothing is merged', {}, ['verbose', 'warning', 'information', 'error', 'output']],
      ['errors', { error: 'output' }, ['verbose', 'warning', 'information', 'output', 'output']],
      [
        'errors, said as old servers know it',
        { myResult: 'error', toResult: 'output' },
        ['verbose', 'warning', 'information', 'output', 'output'],
      ],
      [
        'every stream',
        { error: 'output', warning: 'output', verbose: 'output', debug: 'output', information: 'output' },
        ['output', 'output', 'output', 'output', 'output'],
      ],
    ])('merges into the output: %s', async (_, merge, kinds) => {
      const events = await pwsh.run([{ ...script(streams), merge }]);

      expect(events.slice(0, -1).map(({ kind }) => kind)).toEqual(kinds);
    });

    test('merges what the command before wrote into its input', async () => {
      const taker: PsCommand = {
        ...script('$input | ForEach-Object { "got $_" }'),
        merge: { previousResults: 'output-and-error' },
      };

      expect(outputsOf(await pwsh.run([script(streams), taker]))).toEqual(['got bad', 'got o']);
    });

    test('records say where they come from where the pipeline asked for it', async () => {
      const all = await pwsh.runWith([script(streams)], { invocationDetail: 'all' });
      const none = await pwsh.runWith([script(streams)], { invocationDetail: 'none' });

      const invocation = { commandType: 'Function', line: 2, pipelineIterations: [0, 1], pipelineLength: 1 };
      expect(all.filter(({ kind }) => kind === 'warning')).toMatchObject([{ message: 'w', invocation }]);
      expect(all.filter(({ kind }) => kind === 'error')).toMatchObject([
        { error: { message: 'bad', target: 7, invocation: { line: 2 } } },
      ]);
      expect(none.filter(({ kind }) => kind === 'warning')).toMatchObject([{ invocation: undefined }]);
      expect(all.filter(({ kind }) => kind === 'information')).toMatchObject([
        {
          record: {
            message: 'i',
            timeGenerated: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
            processId: expect.any(Number) as number,
            computer: expect.stringMatching(/./) as string,
          },
        },
      ]);
    });

    test('the question for commands runs into the lack of Measure-Object here, and says so', async () => {
      const id = randomUUID();
      await pwsh.start(id, pwsh.client.getCommandMetadata({ id, names: ['Out-*'], types: ['Cmdlet'] }));

      const events = await pwsh.ended(id);

      // A full PowerShell answers; the small engine of the tests lacks the cmdlets its own proxy functions use.
      expect(events.at(-1)).toMatchObject({
        kind: 'pipeline-state',
        state: expect.stringMatching(/Completed|Failed/) as string,
      });
    });
  },
);

oracle(
  'what may travel to a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    test('a value as deep as we send is read; one deeper is refused here, since it would end the session', async () => {
      const pwsh = new PwshServer();
      await pwsh.open();
      const nested = (depth: number): PsValue => {
        let value: PsValue = 'x';
        for (let level = 0; level < depth; level += 1) value = psList([value]);
        return value;
      };
      const commands = [
        script(
          'foreach ($v in $input) { $n = 0; while ($v -is [array] -or $v -is [Collections.IList]) { $v = $v[0]; $n++ }; $n }',
        ),
      ];
      const id = randomUUID();
      await pwsh.start(id, pwsh.client.createPipeline({ id, commands, noInput: false }));

      expect(pwsh.client.input(id, nested(49))).toMatchObject({ error: { code: 'clixml.too-deep' } });
      await pwsh.send(pwsh.client.input(id, nested(48)), id);
      await pwsh.send(pwsh.client.endInput(id), id);

      expect(outputsOf(await pwsh.ended(id))).toEqual([48]);
      await pwsh.close();
    });
  },
);

oracle(
  'secrets between us and a real PowerShell',
  () => findPowerShell() !== undefined,
  () => {
    const text = 'pä😀 _x000A_';

    test('travel both ways once keys were exchanged, as arguments, input and output, alone and in credentials', async () => {
      const pwsh = new PwshServer();
      await pwsh.open();
      await pwsh.send(pwsh.client.exchangeKeys(await nodeRsaKeys.generate()));
      await pwsh.event('session-key');
      const secret = { kind: 'secureString', secret: new Secret(text) } as const;
      const credential = psCredential({ userName: 'CORP\\ops', password: new Secret(text) });

      const asArgument = valuesOf(
        await pwsh.run([script('param($s) [Net.NetworkCredential]::new("", $s).Password; $s', secret)]),
      );
      const asInput = valuesOf(
        await pwsh.run(
          [script('$input | ForEach-Object { $_.GetNetworkCredential().Password; $_ }')],
          [credential],
        ),
      );
      await pwsh.close();

      expect(asArgument[0]).toBe(text);
      expect(revealed(asArgument[1])).toBe(text);
      expect(asInput[0]).toBe(text);
      expect(credentialOf(asInput[1])?.userName).toBe('CORP\\ops');
      expect(credentialOf(asInput[1])?.password.reveal()).toBe(text);
    });

    test('travel without a key by protocol 2.4', async () => {
      const pwsh = new PwshServer({ protocolVersion: '2.4' });
      await pwsh.open();
      const secret = { kind: 'secureString', secret: new Secret(text) } as const;

      const [there, back] = valuesOf(
        await pwsh.run([script('param($s) [Net.NetworkCredential]::new("", $s).Password; $s', secret)]),
      );
      await pwsh.close();

      expect([pwsh.client.protocolVersion, there, revealed(back)]).toEqual(['2.4', text, text]);
    });

    test('that come before a key was exchanged stay closed', async () => {
      const pwsh = new PwshServer();
      await pwsh.open();

      const [output] = valuesOf(
        await pwsh.run([script('$s = [securestring]::new(); $s.AppendChar("x"); $s')]),
      );
      await pwsh.close();

      expect(output).toMatchObject({ kind: 'encryptedString' });
    });
  },
);
