import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import {
  faultFailure,
  isAlreadyThere,
  isClosing,
  isGone,
  isTimedOut,
} from '../../../src/wire/wsman/fault-failure.ts';
import { buildReply } from '../../../src/wire/wsman/envelope.ts';
import { faultMessage, parseFault } from '../../../src/wire/wsman/fault-message.ts';
import type { WsmanFault } from '../../../src/wire/wsman/fault.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { wmiErrorMessage } from '../../../src/wire/wsman/wmi-error.ts';

const fault = (code: number | undefined, subcode = 'InternalError'): WsmanFault => ({
  ...{ code, subcode },
  ...{ side: 'sender', reason: 'as the server says' },
});
const failureOf = (given: WsmanFault) => faultFailure(given, { host: 'web-01', action: 'Receive' });

describe('faults become failures by code first, then by subcode', () => {
  test.each([
    // Shell or command unknown.
    [2_150_858_843, 'InvalidSelectors', 'wsman.shell-gone'],
    [undefined, 'InvalidSelectors', 'wsman.shell-gone'],
    // Quotas, as a code and as a name alone.
    [2_150_859_173, 'QuotaLimit', 'wsman.quota'],
    [2_150_859_174, 'InternalError', 'wsman.quota'],
    [2_150_859_241, 'InternalError', 'wsman.quota'],
    [undefined, 'QuotaLimit', 'wsman.quota'],
    [undefined, 'Concurrency', 'wsman.quota'],
    // What a pending Receive is told at a close or a disconnect.
    [995, 'InternalError', 'wsman.aborted'],
    [1223, 'InternalError', 'wsman.aborted'],
    [2_150_859_204, 'InternalError', 'wsman.disconnected'],
    [2_150_859_230, 'InternalError', 'wsman.disconnected'],
    // Rights and logons, plain and as an HRESULT.
    [5, 'AccessDenied', 'wsman.access-denied'],
    [0x80070005, 'InternalError', 'wsman.access-denied'],
    [1311, 'InternalError', 'wsman.access-denied'],
    [1312, 'InternalError', 'wsman.access-denied'],
    [1326, 'InternalError', 'wsman.access-denied'],
    [undefined, 'AccessDenied', 'wsman.access-denied'],
    // The host goes down, or the process behind the shell died.
    [1115, 'InternalError', 'wsman.shell-gone'],
    [1722, 'InternalError', 'wsman.shell-gone'],
    [1726, 'InternalError', 'wsman.shell-gone'],
    [2_147_943_418, 'InternalError', 'wsman.shell-gone'],
    // Our own errors.
    [undefined, 'EncodingLimit', 'wsman.rejected'],
    [87, 'InvalidParameter', 'wsman.rejected'],
    [undefined, 'InvalidParameter', 'wsman.rejected'],
    [2_150_858_767, 'InternalError', 'wsman.rejected'],
    [undefined, 'MustUnderstand', 'wsman.rejected'],
    [0x80540fa0, 'InternalError', 'wsman.rejected'],
    [0x80540bc5, 'InternalError', 'wsman.rejected'],
    [0x80540bc6, 'InternalError', 'wsman.rejected'],
    [0x80540bc7, 'InternalError', 'wsman.rejected'],
    // Nothing answers at that resource URI.
    [2_150_858_754, 'DestinationUnreachable', 'wsman.no-configuration'],
    [2_150_858_811, 'InternalError', 'wsman.no-configuration'],
    [undefined, 'InvalidResourceURI', 'wsman.no-configuration'],
    [undefined, 'DestinationUnreachable', 'wsman.no-configuration'],
    // A code decides although the subcode would say something else.
    [995, 'AccessDenied', 'wsman.aborted'],
    // Neither is known.
    [2_147_942_402, 'InternalError', 'wsman.fault'],
    [2_150_858_778, 'CannotProcessFilter', 'wsman.fault'],
    [undefined, '', 'wsman.fault'],
  ])('%s %s is %s', (code, subcode, expected) => {
    const failure = failureOf(fault(code, subcode));

    expect(failure).toMatchObject({
      code: expected,
      details: { host: 'web-01', action: 'Receive', wsmanCode: code ?? subcode, subcode },
    });
  });

  test.each([
    [2_150_859_173, 'shells'],
    [2_150_859_236, 'shells'],
    [2_150_859_238, 'shells'],
    [2_150_859_174, 'operations'],
    [2_150_859_239, 'operations'],
    [2_150_859_240, 'operations'],
    [2_150_859_241, 'commands'],
    [2_150_859_179, 'users'],
    [2_150_859_237, 'users'],
    [2_150_859_176, 'unknown'],
  ])('quota %d is one of %s, each with its own remedy', (code, quota) => {
    expect(failureOf(fault(code)).details).toMatchObject({ quota });
  });

  test('a quota without a number is one of operations only where the name says so', () => {
    expect(failureOf(fault(undefined, 'Concurrency')).details).toMatchObject({ quota: 'operations' });
    expect(failureOf(fault(undefined, 'QuotaLimit')).details).toMatchObject({ quota: 'unknown' });
  });

  test('a silent Receive may be told by the name alone', () => {
    expect(isTimedOut(fault(2_150_858_793, 'TimedOut'))).toBe(true);
    expect(isTimedOut(fault(undefined, 'TimedOut'))).toBe(true);
    expect(isTimedOut(fault(5, 'TimedOut'))).toBe(false);
  });

  test('what is gone, or there already, may be told by the name alone', () => {
    expect([fault(2_150_858_843), fault(undefined, 'InvalidSelectors')].map(isGone)).toEqual([true, true]);
    expect([fault(5, 'InvalidSelectors'), fault(undefined, '')].map(isGone)).toEqual([false, false]);
    expect([fault(2_150_858_803), fault(undefined, 'AlreadyExists')].map(isAlreadyThere)).toEqual([
      true,
      true,
    ]);
    expect(isAlreadyThere(fault(5))).toBe(false);
  });

  test('what ends because of a close is no error of its own', () => {
    expect([995, 1223, 2_150_859_204, 2_150_859_230].map((code) => isClosing(fault(code)))).toEqual(
      Array(4).fill(true),
    );
    expect(isClosing(fault(5))).toBe(false);
  });
});

test('both forms of a fault are read as the same fault', () => {
  const quota = fc.record({
    side: fc.constantFrom('sender' as const, 'receiver' as const),
    subcode: fc.constantFrom('QuotaLimit', 'InternalError'),
    code: fc.nat(0xffffffff),
    reason: fc.string({ unit: 'grapheme' }).map((reason) => `r ${reason}`.trim()),
  });
  fc.assert(
    fc.property(quota, (given) => {
      for (const message of [wmiErrorMessage(given), faultMessage(given, 'WEB-01')]) {
        const bytes = buildReply({ messageId: 'B', relatesTo: '' }, message);
        expect(parseFault(unwrap(parseEnvelope(bytes, 'a fault')))).toEqual(given);
      }
    }),
  );
  const without = wmiErrorMessage(fault(undefined, 'QuotaLimit'));
  const bytes = buildReply({ messageId: 'B', relatesTo: '' }, without);
  expect(parseFault(unwrap(parseEnvelope(bytes, 'a fault')))).toMatchObject({ code: 0 });
});

describe('the code of a fault is read', () => {
  const read = (detail: string, code = '<s:Value>s:Receiver</s:Value>'): WsmanFault | undefined =>
    parseFault(
      unwrap(
        parseEnvelope(
          new TextEncoder().encode(
            `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" xmlns:p="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError"><s:Header><a:Action>x</a:Action></s:Header><s:Body><s:Fault><s:Code>${code}</s:Code>${detail}</s:Fault></s:Body></s:Envelope>`,
          ),
          'a fault',
        ),
      ),
    );

  test.each([
    ['an unsigned number', '<f:WSManFault Code="2150858843"/>', 2_150_858_843],
    ['a signed number', '<f:WSManFault Code="-2144108453"/>', 2_150_858_843],
    [
      'the provider, which knows more than the service',
      '<f:WSManFault Code="2150859262"><f:Message><f:ProviderFault><f:WSManFault Code="1722"/></f:ProviderFault></f:Message></f:WSManFault>',
      1722,
    ],
    [
      'the service, where the provider only talks',
      '<f:WSManFault Code="995"><f:Message><f:ProviderFault>gone</f:ProviderFault></f:Message></f:WSManFault>',
      995,
    ],
    [
      'a WMI error',
      '<p:MSFT_WmiError><p:error_Code> 2150859173 </p:error_Code></p:MSFT_WmiError>',
      2_150_859_173,
    ],
    [
      'a signed WMI error',
      '<p:MSFT_WmiError><p:error_Code>-2144108123</p:error_Code></p:MSFT_WmiError>',
      2_150_859_173,
    ],
    ['nothing that is no number', '<f:WSManFault Code="0x8033805B"/>', undefined],
    ['nothing that is too long a number', '<f:WSManFault Code="99999999999"/>', undefined],
  ])('from %s', (_, detail, code) => {
    expect(read(`<s:Detail>${detail}</s:Detail>`)).toMatchObject({ code, side: 'receiver' });
  });

  test('from a subcode alone, whatever its prefix', () => {
    const code = '<s:Value>s:Sender</s:Value><s:Subcode><s:Value>wsman:QuotaLimit</s:Value></s:Subcode>';

    expect(read('', code)).toEqual({ code: undefined, subcode: 'QuotaLimit', side: 'sender', reason: '' });
  });

  test('from the code itself where an unknown header is the trouble', () => {
    expect(read('', '<s:Value>s:MustUnderstand</s:Value>')).toEqual({
      ...{ code: undefined, subcode: 'MustUnderstand', side: 'sender', reason: '' },
    });
  });
});
