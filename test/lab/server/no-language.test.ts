import { afterEach, describe, expect, test } from 'vitest';
import { ok, unwrap } from '../../../src/core/result.ts';
import { psrpBackends } from '../../../src/lab/server/psrp-backend.ts';
import type { ScriptCall } from '../../../src/lab/server/script-engine.ts';
import type { WinrmHostOptions } from '../../../src/lab/server/winrm-host.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { PsrpClient } from '../../../src/wire/psrp/client.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import type { PsCommand } from '../../../src/wire/psrp/command.ts';
import { pipelineCommand } from '../../../src/wire/wsman/command.ts';
import { createShell } from '../../../src/wire/wsman/create-shell.ts';
import { powershellResourceUri } from '../../../src/wire/wsman/namespaces.ts';
import { parseReceived, receive } from '../../../src/wire/wsman/receive.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import { WireClient } from './wire-client.ts';

const poolId = '0533352D-95C5-4715-BF50-1F449FF1FC9B';
const pipelineId = 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773';
const resourceUri = powershellResourceUri('JEA.Operators');
const shell = { resourceUri, shellId: poolId };
const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

/** A host whose second configuration lets its users look at services, and nothing else. */
async function runAs(
  user: string,
  commands: readonly PsCommand[],
): Promise<{ events: readonly PsrpClientEvent[]; calls: readonly ScriptCall[] }> {
  const calls: ScriptCall[] = [];
  const run = async (call: ScriptCall, streams: { output: (value: string) => void }) => {
    calls.push(call);
    streams.output('Running');
    return ok(undefined);
  };
  const jea = psrpBackends(
    { run },
    {
      ...{ psVersion: '5.1.14393.0', protocolVersion: '2.3', maxFragmentBytes: 32_768 },
      ...{ entropy: systemEntropy, noLanguage: { allowedCommands: ['Get-Service'] } },
    },
  );
  const options: Partial<WinrmHostOptions> = {
    configurations: { 'JEA.Operators': jea },
    isAdministrator: () => false,
  };
  const served = await serveHost(engineBackends(run), options);
  const client = new WireClient(served, { user });
  toClose.push(
    () => client.close(),
    () => served.server.close(),
  );
  const psrp = new PsrpClient({ poolId, minRunspaces: 1, maxRunspaces: 1, maxFragmentBytes: 32_768 });
  const streams = {
    shellId: poolId,
    inputStreams: 'stdin pr',
    outputStreams: 'stdout',
    idleTimeout: undefined,
  };
  await client.ask(createShell({ ...streams, creationXml: unwrap(psrp.open()) }), { resourceUri });
  const take = async (commandId?: string): Promise<void> => {
    const answer = await client.ask(receive({ streams: 'stdout', commandId }), shell);
    for (const { data } of unwrap(parseReceived(answer)).streams) unwrap(psrp.receive(data, commandId));
  };
  await take();
  while (psrp.next() !== undefined);
  const [fragments] = unwrap(psrp.createPipeline({ id: pipelineId, noInput: true, commands }));
  await client.ask(pipelineCommand({ commandId: pipelineId, fragments: fragments! }), shell);
  await take(pipelineId);
  const events: PsrpClientEvent[] = [];
  for (let event = psrp.next(); event !== undefined; event = psrp.next()) events.push(event);
  return { events, calls };
}

describe('check 22: a NoLanguage configuration', () => {
  test('runs a command with parameters for somebody who is no administrator', async () => {
    const parameters = [{ name: 'Name', value: 'spooler' }];

    const { events, calls } = await runAs('CORP\\ops', [
      { text: 'get-service', isScript: false, parameters },
    ]);

    expect(calls).toMatchObject([
      { script: 'get-service', parameters: { Name: 'spooler' }, user: 'CORP\\ops' },
    ]);
    expect(events).toMatchObject([
      { kind: 'output', value: 'Running' },
      { kind: 'pipeline-state', state: 'Completed' },
    ]);
  });

  test('refuses a script as Windows does', async () => {
    const { events, calls } = await runAs('CORP\\ops', [
      { text: 'Get-Service spooler', isScript: true, parameters: [] },
    ]);

    expect(calls).toEqual([]);
    expect(events).toMatchObject([
      {
        ...{ kind: 'pipeline-state', state: 'Failed' },
        reason: {
          fullyQualifiedErrorId: 'ScriptsNotAllowed',
          category: 'ParserError',
        },
      },
    ]);
  });

  test('knows no command but those it allows', async () => {
    const { events, calls } = await runAs('CORP\\ops', [
      { text: 'Get-Service', isScript: false, parameters: [] },
      { text: 'Stop-Service', isScript: false, parameters: [] },
    ]);

    expect(calls).toEqual([]);
    expect(events).toMatchObject([
      { state: 'Failed', reason: { fullyQualifiedErrorId: 'CommandNotFoundException' } },
    ]);
  });
});
