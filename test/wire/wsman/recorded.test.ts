import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { hours } from '../../../src/core/time.ts';
import { parseCommandStarted, parsePipelineCommand } from '../../../src/wire/wsman/command.ts';
import { parseCreateShell } from '../../../src/wire/wsman/create-shell.ts';
import { faultFailure, isTimedOut } from '../../../src/wire/wsman/fault-failure.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../../src/wire/wsman/fault.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceive, parseReceived } from '../../../src/wire/wsman/receive.ts';
import { parseSend } from '../../../src/wire/wsman/send.ts';
import { parseShellCreated } from '../../../src/wire/wsman/shell-created.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';
import { areExchangesMissing, envelope, recorded } from './exchanges.ts';

const stubs = 'fixtures/winrb-stubs/responses';
if (areExchangesMissing) console.warn('skipped: recorded WinRM exchanges (not on this machine)');

const stub = (name: string): Envelope => envelope(readFileSync(sharedPath(`${stubs}/${name}`), 'utf8'));
const faultIn = (source: Envelope): WsmanFault => {
  const fault = parseFault(source);
  if (fault === undefined) throw new Error('no fault');
  return fault;
};
const failureOf = (fault: WsmanFault): string =>
  faultFailure(fault, { host: 'web-01', action: 'Receive' }).code;

describe.skipIf(areExchangesMissing)('what Windows Server 2016 answered', () => {
  test('to Create, Receive and Command of one pipeline', () => {
    const answers = recorded('test_client_execute_ps').map(({ response }) => envelope(response!));

    expect(unwrap(parseShellCreated(answers[0]!))).toMatchObject({
      shellId: '0533352D-95C5-4715-BF50-1F449FF1FC9B',
      resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
      shell: { state: 'Connected', bufferMode: 'Block', idleTimeout: hours(2) },
    });
    expect(unwrap(parseReceived(answers[1]!))).toMatchObject({
      streams: [{ stream: 'stdout' }, { stream: 'stdout' }],
      state: undefined,
    });
    expect(parseCommandStarted(answers[3]!)).toEqual({
      ok: true,
      value: 'F91BD61F-CEC7-47A3-8CE3-DE7EB7AA5773',
    });
    const output = unwrap(parseReceived(answers[4]!));
    expect(output).toMatchObject({ state: 'done', exitCode: 0 });
    expect(output.streams).toHaveLength(10);
    expect(answers[5]).toMatchObject({ body: [] });
  });

  test('is malformed wherever it is cut short', () => {
    const source = new TextEncoder().encode(recorded('test_client_execute_ps')[2]!.response);

    for (let length = 0; length < source.length; length += 1) {
      expect(parseEnvelope(source.subarray(0, length), 'Receive').ok).toBe(false);
    }
    expect(parseEnvelope(source, 'Receive').ok).toBe(true);
  });

  test('with a fault to a Receive without output', () => {
    const messages = recorded('test_psrp_long_running_cmdlet');

    const faults = messages.flatMap(({ response }) => parseFault(envelope(response!)) ?? []);

    expect(faults).toHaveLength(2);
    expect(faults.every(isTimedOut)).toBe(true);
    expect(faults[0]).toMatchObject({ code: 2_150_858_793, subcode: 'TimedOut', side: 'receiver' });
  });

  test('with a fault to an unknown command, whose provider says more', () => {
    const fault = recorded('test_winrs_bad_cmd_id').flatMap(
      ({ response }) => parseFault(envelope(response!)) ?? [],
    )[0]!;

    expect(fault).toMatchObject({ code: 2_150_858_843, subcode: 'InvalidSelectors', side: 'sender' });
    expect(fault.reason).toContain('command identifier that does not exist');
    expect(failureOf(fault)).toBe('wsman.shell-gone');
  });
});

describe.skipIf(areExchangesMissing)('what a client that is proven on Windows asked', () => {
  test('is read by the server half', () => {
    const requests = recorded('test_psrp_with_input').map(({ request }) => envelope(request));

    const create = unwrap(parseCreateShell(requests[0]!));
    expect(create).toMatchObject({ inputStreams: 'stdin pr', outputStreams: 'stdout' });
    expect(create.creationXml?.length).toBeGreaterThan(500);
    expect(requests[0]!.options.get('protocolversion')).toBe('2.3');
    expect(parseReceive(requests[1]!)).toEqual({
      ok: true,
      value: { streams: 'stdout', commandId: undefined },
    });
    const command = requests.find(({ action }) => action.endsWith('/Command'))!;
    expect(unwrap(parsePipelineCommand(command)).fragments.length).toBeGreaterThan(500);
    expect(command.selectors.get('ShellId')).toBe(create.shellId);
    const input = requests.find(({ action }) => action.endsWith('/Send'))!;
    expect(unwrap(parseSend(input))).toMatchObject({ stream: 'stdin' });
  });
});

describe.skipIf(isMissing(stubs))('faults of other generations', () => {
  test('a quota fault is a WMI error and relates to nothing', () => {
    const source = stub('wmi_error_v2.xml');

    expect(source.relatesTo).toBeUndefined();
    expect(faultIn(source)).toMatchObject({ code: 2_150_859_173, subcode: 'QuotaLimit' });
    expect(failureOf(faultIn(source))).toBe('wsman.quota');
  });

  test('a provider fault is inside another', () => {
    expect(faultIn(stub('soap_fault_v2.xml'))).toMatchObject({
      code: 2_150_858_778,
      subcode: 'CannotProcessFilter',
      reason: 'The specified class does not exist in the given namespace.',
    });
  });

  test('OMI gives a subcode only', () => {
    expect(faultIn(stub('soap_fault_omi.xml'))).toEqual({
      code: undefined,
      subcode: 'InternalError',
      side: 'receiver',
      reason: 'get-instance: instance name parameter is missing',
    });
  });

  test('WinRM 1.1 names its shells with a prefix, to be used as they are', () => {
    expect(unwrap(parseShellCreated(stub('open_shell_v1.xml'))).shellId).toBe(
      'uuid:739990FF-1492-4CDD-80BB-6E07ADB06D85',
    );
  });
});
