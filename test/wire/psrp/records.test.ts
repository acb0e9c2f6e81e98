import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson } from '../../../src/core/ps-json.ts';
import { psList, psObject, psRecord } from '../../../src/core/ps-value.ts';
import type { PsProgress, PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { decodeApplicationPrivateData } from '../../../src/wire/psrp/application-private-data.ts';
import { decodeCommand, encodeCommand } from '../../../src/wire/psrp/command.ts';
import { decodeCreatePipeline } from '../../../src/wire/psrp/create-pipeline.ts';
import { decodeErrorRecord, encodeErrorRecord, errorRecord } from '../../../src/wire/psrp/error-record.ts';
import { decodeHostCall, encodeHostCall } from '../../../src/wire/psrp/host-call.ts';
import { decodeHostInfo } from '../../../src/wire/psrp/host-info.ts';
import { noHost } from '../../../src/wire/psrp/host.ts';
import {
  decodeInformationRecord,
  encodeInformationRecord,
  informationRecord,
} from '../../../src/wire/psrp/information-record.ts';
import { decodeInitRunspacePool } from '../../../src/wire/psrp/init-runspacepool.ts';
import { invocationInfo } from '../../../src/wire/psrp/invocation-info.ts';
import type { InvocationInfo } from '../../../src/wire/psrp/invocation-info.ts';
import { decodeMessageRecord, encodeMessageRecord } from '../../../src/wire/psrp/message-record.ts';
import { decodeProgressRecord, encodeProgressRecord } from '../../../src/wire/psrp/progress-record.ts';
import { decodeSessionCapability, isAtLeast } from '../../../src/wire/psrp/session-capability.ts';
import { decodeThreadOptions, encodeThreadOptions } from '../../../src/wire/psrp/thread-options.ts';
import { anyText, anyValue } from '../clixml/values.ts';

describe('an error record', () => {
  test('is as full as what was sent, and never lacks a message', () => {
    expect(decodeErrorRecord(null)).toEqual(errorRecord({ message: 'unknown error', exceptionType: '' }));
    expect(decodeErrorRecord('text').message).toBe('text');
    expect(decodeErrorRecord(psRecord({ Exception: 'x', ErrorCategory_Category: 99 }))).toMatchObject({
      category: 'NotSpecified',
      exceptionType: '',
    });
  });

  test('says what the script said about it rather than what the exception says', () => {
    const exception = psObject({
      typeNames: ['Deserialized.System.IO.IOException'],
      adapted: new Map([['Message', 'exception']]),
    });

    const record = decodeErrorRecord(psRecord({ Exception: exception, ErrorDetails_Message: 'details' }));

    expect(record).toMatchObject({ message: 'details', exceptionType: 'System.IO.IOException' });
    expect(decodeErrorRecord(psRecord({ Exception: exception })).message).toBe('exception');
  });

  test('has a position only where it has a line', () => {
    const positionOf = (invocation: PsValue) =>
      decodeErrorRecord(psRecord({ InvocationInfo: invocation })).position;

    expect(positionOf(psRecord({ ScriptLineNumber: 3 }))).toEqual({
      scriptName: '',
      line: 3,
      column: 0,
      message: '',
    });
    expect(positionOf(psRecord({ ScriptLineNumber: 0 }))).toBeUndefined();
    expect(positionOf(null)).toBeUndefined();
  });

  test('names its target in the category message as PowerShell does', () => {
    const category = (record: Parameters<typeof errorRecord>[0]) =>
      JSON.stringify([...(encodeErrorRecord(errorRecord(record)) as ReturnType<typeof psRecord>).extended]);

    expect(category({ message: 'm', activity: 'Get-X', reason: 'R' })).toContain(
      'NotSpecified: (:) [Get-X], R',
    );
    expect(category({ message: 'm', targetName: 't', targetType: 'String' })).toContain(
      'NotSpecified: (t:String) [], ',
    );
  });
});

describe('records of the other streams', () => {
  test('of old servers are bare texts', () => {
    expect([decodeMessageRecord('bare'), decodeMessageRecord(undefined)]).toEqual([
      { message: 'bare', invocation: undefined },
      { message: '', invocation: undefined },
    ]);
  });

  test('of Write-Host show the text of their data', () => {
    const data = psRecord({ Message: 'hello', NoNewLine: false });

    expect(decodeInformationRecord(psRecord({ MessageData: data }))).toEqual(informationRecord({ data }));
    expect(informationRecord({ data }).message).toBe('hello');
    expect(decodeInformationRecord(undefined)).toMatchObject({ data: null, message: '' });
    expect(decodeInformationRecord(psRecord({ MessageData: 1, Tags: fromJson(['a', 1]) }))).toMatchObject({
      message: '',
      tags: ['a'],
    });
  });

  test('of progress are read in both forms, and written with defaults', () => {
    const nothing: PsProgress = {
      kind: 'progress',
      activity: undefined,
      activityId: undefined,
      status: undefined,
      currentOperation: undefined,
      parentActivityId: undefined,
      percentComplete: undefined,
      secondsRemaining: undefined,
      type: undefined,
    };

    expect(decodeProgressRecord(nothing)).toBe(nothing);
    expect(decodeProgressRecord(null)).toEqual({ ...nothing, type: 'Processing' });
    expect(decodeProgressRecord(encodeProgressRecord(nothing))).toEqual({
      ...nothing,
      activity: '',
      activityId: 0,
      status: '',
      parentActivityId: -1,
      percentComplete: -1,
      secondsRemaining: -1,
      type: 'Processing',
    });
  });
});

describe('messages that lack parts', () => {
  test('are refused where the part is needed', () => {
    expect(decodeCommand(psRecord({ Cmd: 'x' }))).toMatchObject({ error: { code: 'psrp.malformed' } });
    expect(decodeHostCall(psRecord({ ci: 1n }))).toMatchObject({ error: { code: 'psrp.malformed' } });
    expect(
      decodeCreatePipeline(psRecord({ PowerShell: psRecord({ ExtraCmds: fromJson([]) }) })),
    ).toMatchObject({
      error: { code: 'psrp.malformed' },
    });
  });

  test('are read where it can be done without', () => {
    expect(unwrap(decodeCommand(psRecord({ Cmd: 'x', IsScript: true })))).toEqual({
      text: 'x',
      isScript: true,
      parameters: [],
    });
    expect(
      unwrap(decodeCommand(psRecord({ Cmd: 'x', IsScript: true, Args: fromJson([{ N: 'Name' }]) }))),
    ).toMatchObject({ parameters: [{ name: 'Name', value: null }] });
    expect(unwrap(decodeHostCall(psRecord({ ci: 1n, mi: 99 })))).toEqual({
      methodId: 99,
      method: 'Method99',
      parameters: [],
      callId: 1n,
    });
    expect(
      unwrap(decodeHostCall(encodeHostCall({ methodId: 77, parameters: [], callId: undefined }))),
    ).toMatchObject({ method: '77', callId: undefined });
    expect(decodeHostInfo(undefined)).toBe('none');
    expect(decodeApplicationPrivateData(undefined)).toEqual({
      psVersion: undefined,
      psEdition: undefined,
      data: null,
    });
    expect(unwrap(decodeSessionCapability(fromJson({ protocolversion: '2' })))).toMatchObject({
      protocolVersion: '2',
      psVersion: '',
    });
    expect(isAtLeast('2', '2.1')).toBe(false);
  });

  test('a script may ask for a scope of its own', () => {
    const command = { text: 'x', isScript: true, parameters: [], useLocalScope: true };

    expect(unwrap(decodeCommand(encodeCommand(command, '2.3')))).toEqual(command);
  });

  test('a client without a host refuses a call that comes all the same', () => {
    const call = { methodId: 1, method: 'GetName', parameters: [], callId: 1n };

    expect(noHost.answer(call)).toMatchObject({
      kind: 'refused',
      error: { fullyQualifiedErrorId: 'NotInteractive' },
    });
  });
});

describe('where a record comes from', () => {
  const anyInvocation: fc.Arbitrary<InvocationInfo> = fc.record({
    commandName: anyText,
    commandType: fc.constantFrom('Cmdlet', 'Function', 'Script', 'Of Tomorrow'),
    definition: anyText,
    invocationName: anyText,
    scriptName: anyText,
    line: fc.nat(),
    column: fc.nat(),
    lineText: anyText,
    positionMessage: anyText,
    historyId: fc.bigInt({ min: 0n, max: 2n ** 62n }),
    pipelineLength: fc.nat(),
    pipelinePosition: fc.nat(),
    pipelineIterations: fc.array(fc.nat(), { maxLength: 3 }),
    boundParameters: anyValue,
    unboundArguments: fc.array(anyValue, { maxLength: 2 }),
  });

  test('comes back with a message record', () => {
    fc.assert(
      fc.property(anyInvocation, anyText, (invocation, message) => {
        const record = { message, invocation };
        expect(decodeMessageRecord(encodeMessageRecord('verbose', record))).toEqual(record);
      }),
    );
  });

  test('comes back with an error record, with its target and what to do about it', () => {
    fc.assert(
      fc.property(anyInvocation, anyText, anyValue, (invocation, text, value) => {
        const record = errorRecord({
          message: `m${text}`,
          recommendedAction: text,
          target: value,
          exception: psRecord({ Message: 'of the exception' }, ['System.X']),
          exceptionType: 'System.X',
          invocation,
        });

        const decoded = decodeErrorRecord(encodeErrorRecord(record));

        // Without an action there are no details, and then the exception has the message.
        expect(decoded).toEqual(text === '' ? { ...record, message: 'of the exception' } : record);
      }),
    );
  });

  test('may be unknown in all its parts', () => {
    expect(decodeMessageRecord(psRecord({ InformationalRecord_SerializeInvocationInfo: true }))).toEqual({
      message: '',
      invocation: { ...invocationInfo({}), boundParameters: null },
    });
    expect(
      decodeMessageRecord(
        psRecord({
          InformationalRecord_SerializeInvocationInfo: true,
          InvocationInfo_PipelineIterationInfo: psList([1, 'x']),
        }),
      ).invocation?.pipelineIterations,
    ).toEqual([1, 0]);
  });
});

describe('an information record', () => {
  test('comes back with all of its fields', () => {
    const record = informationRecord({
      data: psRecord({ Message: 'hello' }),
      source: 'C:\\x.ps1',
      tags: ['PSHOST'],
      timeGenerated: '2026-03-07T22:30:00.1234567Z',
      user: 'CORP\\ops',
      computer: 'FS-01',
      processId: 4_294_967_295,
      nativeThreadId: 7,
      managedThreadId: 8,
    });

    expect(decodeInformationRecord(encodeInformationRecord(record))).toEqual(record);
    expect(record.message).toBe('hello');
  });
});

describe('details that were not sent', () => {
  test('are read as the usual ones', () => {
    expect(decodeInitRunspacePool(psRecord({ MinRunspaces: 1, MaxRunspaces: 1 }))).toMatchObject({
      value: {
        threadOptions: 'default',
        apartmentState: 'unknown',
        host: 'none',
        applicationArguments: null,
      },
    });
    const created = unwrap(
      decodeCreatePipeline(
        psRecord({ PowerShell: psRecord({ Cmds: psList([psRecord({ Cmd: 'x', IsScript: true })]) }) }),
      ),
    );
    expect(created).toMatchObject({ invocationDetail: 'none', apartmentState: 'unknown', noInput: true });
  });

  test.each(['default', 'use-new-thread', 'reuse-thread', 'use-current-thread'] as const)(
    'while threads are: %s',
    (threadOptions) => {
      expect(decodeThreadOptions(encodeThreadOptions(threadOptions))).toBe(threadOptions);
    },
  );
});
