import { describe, expect, test } from 'vitest';
import { doorKinds } from '../../tools/replaying/doors/door.ts';
import { readDrivers } from '../../tools/replaying/drivers.ts';
import { play } from '../../tools/replaying/play.ts';
import { isMissing, sharedPath } from '../support/shared.ts';
import { playChanged, stepOf } from './replay-folder.ts';
import type { Changes } from './replay-folder.ts';

const missing = isMissing('fixtures/drivers.yaml');
if (missing) console.warn('skipped: check 10, recorded Windows hosts (no shared fixtures on this machine)');

describe.skipIf(missing)('check 10: every recorded exchange with Windows', () => {
  const drivers = missing ? [] : readDrivers(sharedPath('fixtures'));

  test('is there', () => {
    expect(drivers.length).toBeGreaterThanOrEqual(46);
  });

  describe.each(doorKinds)('goes as it went, %s', (door) => {
    test.each(drivers.map((driver) => [driver.file, driver] as const))('%s', async (_file, driver) => {
      const { reasons } = await play(driver, door);

      expect(reasons).toEqual([]);
    });
  });
});

describe.skipIf(missing)('check 10: the runner fails', () => {
  const cases: readonly [what: string, name: string, changes: Changes, reason: RegExp][] = [
    [
      'where the client sends another script',
      'test_psrp_error_failed',
      { driver: (entry) => (stepOf(entry, 'invoke')['invoke'].statements[0][0].script = 'exit') },
      /#3 Command: create-pipeline\.PowerShell\.Cmds\[0\]\.Cmd/,
    ],
    [
      'where an argument is another one',
      'test_psrp_long_running_cmdlet',
      { driver: (entry) => (stepOf(entry, 'invoke')['invoke'].statements[0][0].args[0].value = 9) },
      /Args\[0\]\.V: expected 10, got 9/,
    ],
    [
      'where a switch is said to be true',
      'test_client_execute_ps',
      { driver: (entry) => (stepOf(entry, 'invoke')['invoke'].statements[0][1].args[0].value = true) },
      /Args\[0\]\.V: expected null, got true/,
    ],
    [
      'where a pipeline is kept in the history',
      'test_psrp_with_no_history',
      { driver: (entry) => (stepOf(entry, 'invoke')['invoke'].addToHistory = true) },
      /create-pipeline\.AddToHistory: expected false, got true/,
    ],
    [
      'where the host has other parts',
      'test_psrp_pshost_ui_mocked_methods',
      { driver: (entry) => (stepOf(entry, 'open')['open'].host = null) },
      /init-runspacepool\.HostInfo/,
    ],
    [
      'where the host answers something else',
      'test_psrp_pshost_ui_mocked_methods',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].hostCalls[0].response = 'other') },
      /#7 Send: pipeline-host-response\.mr: expected "ReadLine response", got "other"/,
    ],
    [
      'where input is another object',
      'test_psrp_with_input',
      { driver: (entry) => (stepOf(entry, 'invoke')['invoke'].input[2] = { $hashtable: { a: 'c' } }) },
      /#4 Send: pipeline-input\["a"\]: expected "b", got "c"/,
    ],
    [
      'where input is missing',
      'test_psrp_with_input',
      { driver: (entry) => stepOf(entry, 'invoke')['invoke'].input.pop() },
      /#4 Send/,
    ],
    [
      'where two steps change places',
      'test_psrp_with_no_history',
      { driver: ({ steps }) => steps.splice(1, 2, steps[2]!, steps[1]!) },
      /#3 Command: create-pipeline/,
    ],
    [
      'where a step is missing',
      'test_psrp_reset_runspace_state',
      { driver: ({ steps }) => steps.splice(2, 1) },
      /expected Send Microsoft\.PowerShell, but the client waits for Command/,
    ],
    [
      'where the shell is not deleted',
      'test_winrs_standard',
      { driver: ({ steps }) => steps.pop() },
      /#4 Delete never came/,
    ],
    [
      'where output is another text',
      'test_client_execute_ps',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[0] = 'spooler') },
      /output\[0\]: expected "spooler", got "winrm"/,
    ],
    [
      'where less output is expected',
      'test_client_execute_ps',
      { driver: (entry) => stepOf(entry, 'invoke')['expect'].output.pop() },
      /output\.\(count\): expected 7, got 8/,
    ],
    [
      'where a long text is another one',
      'test_client_fetch_file',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[0].$string.sha256Utf8 = '00') },
      /output\[0\]\.\(SHA-256\)/,
    ],
    [
      'where a number has another type',
      'test_psrp_with_input',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[1] = { $prim: 'I64', value: '2' }) },
      /output\[1\]: expected I64 2, got 2/,
    ],
    [
      'where a property of an object is another one',
      'test_psrp_multiple_commands',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[6].$object.adapted.CanStop = false) },
      /output\[6\]\.CanStop: expected false, got true/,
    ],
    [
      'where a secret is another one',
      'test_psrp_multiple_commands',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[1].$secureString = 'abd') },
      /output\[1\]: expected a secure string/,
    ],
    [
      'where the session key is another one',
      'test_psrp_multiple_commands',
      { driver: (entry) => (stepOf(entry, 'exchangeKeys')['expect'].sessionKeyHex = 'ff') },
      /sessionKeyHex/,
    ],
    [
      'where a record of a stream is not expected',
      'test_psrp_stream_output_invocation',
      { driver: (entry) => delete stepOf(entry, 'invoke')['expect'].streams.debug },
      /streams\.debug\.\(count\): expected 0, got 1/,
    ],
    [
      'where a record has another text',
      'test_psrp_stream_output_invocation',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].streams.error[0].reason = 'Other') },
      /streams\.error\[0\]\.reason/,
    ],
    [
      'where an error has no invocation info',
      'test_psrp_stream_output_invocation',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].streams.warning[0].invocationInfo = false) },
      /streams\.warning\[0\]\.invocationInfo: expected false, got true/,
    ],
    [
      'where the terminating error is another one',
      'test_client_fetch_file_fail_missing',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].terminatingError.category = 'ReadError') },
      /terminatingError\.category/,
    ],
    [
      'where the state is another one',
      'test_psrp_error_failed',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].state = 'Stopped') },
      /state: expected "Stopped", got "Failed"/,
    ],
    [
      'where a host call has another argument',
      'test_psrp_pshost_raw_ui_mocked_methods',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].hostCalls[0].args[0] = 11) },
      /hostCalls\[0\]\.args\[0\]: expected 11, got 10/,
    ],
    [
      'where there were fewer timeouts',
      'test_psrp_long_running_cmdlet',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].timeoutFaults = 3) },
      /timeoutFaults: expected 3, got 2/,
    ],
    [
      'where the version is another one',
      'test_psrp_open_runspace',
      { driver: (entry) => (stepOf(entry, 'open')['expect'].psVersionTable.PSVersion = '5.1') },
      /psVersionTable\.PSVersion/,
    ],
    [
      'where a shell is in another state',
      'test_psrp_disconnected_commands',
      { driver: (entry) => (stepOf(entry, 'enumerateShells')['expect'].shells[0].state = 'Connected') },
      /shells\[0\]\.state: expected "Connected", got "Disconnected"/,
    ],
    [
      'where shells are listed in another order',
      'test_psrp_disconnected_commands',
      { driver: (entry) => stepOf(entry, 'enumerateShells')['expect'].shells.reverse() },
      /shells\[0\]\.shell/,
    ],
    [
      'where a refused question is granted',
      'test_psrp_set_runspaces',
      { driver: ({ steps }) => (steps[5]!['expect'].result = true) },
      /result: expected true, got false/,
    ],
    [
      'where a shell is alive after all',
      'test_psrp_is_alive_http_error',
      { driver: ({ steps }) => (steps[2]!['expect'].alive = true) },
      /alive: expected true, got false/,
    ],
    [
      'where fewer commands are known',
      'test_psrp_get_command_metadata',
      { driver: (entry) => (stepOf(entry, 'getCommandMetadata')['expect'].count = 2) },
      /count: expected 2, got 3/,
    ],
    [
      'where the envelopes are larger',
      'test_wsman_update_envelope_size_150',
      { driver: (entry) => (stepOf(entry, 'getConfig')['expect'].maxEnvelopeSizeKb = 151) },
      /maxEnvelopeSizeKb: expected 151, got 150/,
    ],
    [
      'where a program writes something else',
      'test_winrs_stderr_rc',
      { driver: (entry) => (stepOf(entry, 'run')['expect'].stderr = 'err\r\n') },
      /stderr: expected "err\\r\\n", got "err \\r\\n"/,
    ],
    [
      'where a program has another exit code',
      'test_winrs_stderr_rc',
      { driver: (entry) => (stepOf(entry, 'run')['expect'].exitCode = 0) },
      /exitCode: expected 0, got 1/,
    ],
    [
      'where a fault has another code',
      'test_winrs_bad_cmd_id',
      { driver: (entry) => (stepOf(entry, 'run')['expect'].fault.wsmanCode = 5) },
      /fault\.wsmanCode: expected 5, got 2150858843/,
    ],
    [
      'where a variable is another one',
      'test_winrs_environment',
      { driver: (entry) => (stepOf(entry, 'open')['open'].environment[0][1] = 'var2') },
      /Environment\/Variable\[env1\]/,
    ],
    [
      'where a shell belongs to somebody else',
      'test_winrs_extra_opts',
      { driver: (entry) => (stepOf(entry, 'open')['expect'].Owner = 'root') },
      /Owner/,
    ],
    [
      'where a piece of output is missing in the recording',
      'test_client_execute_ps',
      { recording: (messages) => removeStream(messages, 4, 2) },
      /output/,
    ],
    [
      'where a stream of a program is missing in the recording',
      'test_winrs_standard',
      { recording: (messages) => removeStream(messages, 2, 0) },
      /stdout/,
    ],
    [
      'where recorded requests change places',
      'test_psrp_set_runspaces',
      { recording: (messages) => messages.splice(3, 4, ...messages.slice(5, 7), ...messages.slice(3, 5)) },
      /set-max-runspaces|get-available-runspaces/,
    ],
    [
      'where the verb is not known',
      'test_psrp_open_runspace',
      { driver: ({ steps }) => (steps[1] = { explode: {}, messages: [3, 3] }) },
      /explode .*the verb is not known/,
    ],
    [
      'where an expectation is not known',
      'test_psrp_error_failed',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].colour = 'red') },
      /colour: .*does not know/,
    ],
    [
      'where a value has a form that is not known',
      'test_psrp_error_failed',
      { driver: (entry) => (stepOf(entry, 'invoke')['expect'].output[0] = { $riddle: 1 }) },
      /the form \$riddle is not known/,
    ],
  ];

  test.each(cases)('%s', async (_what, name, changes, reason) => {
    const { pass, reasons } = await playChanged(name, changes);

    expect(pass).toBe(false);
    expect(reasons.join('\n')).toMatch(reason);
  });

  test('behind sealing too', async () => {
    const { reasons } = await playChanged(
      'test_winrs_standard',
      { driver: (entry) => (stepOf(entry, 'run')['run'].args[2] = 'ho') },
      'sealed',
    );

    expect(reasons[0]).toMatch(/Arguments\[2\]: expected "hi", got "ho"/);
  });
});

/** Takes the n-th Stream out of a response. */
function removeStream(messages: { response: string | null }[], index: number, nth: number): void {
  let count = -1;
  const message = messages[index]!;
  message.response = message.response!.replace(/<rsp:Stream[^>]*>[^<]*<\/rsp:Stream>/g, (stream) =>
    (count += 1) === nth ? '' : stream,
  );
}
