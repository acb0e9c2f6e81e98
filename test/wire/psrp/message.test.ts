import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { decodeGuid, emptyGuid, encodeGuid } from '../../../src/wire/psrp/guid.ts';
import { decodeMessage, encodeMessage, messageTypes } from '../../../src/wire/psrp/message.ts';
import type { MessageType, PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { anyValue } from '../clixml/values.ts';

const poolId = '00112233-4455-6677-8899-aabbccddeeff';

const encoded = (message: PsrpMessage): Uint8Array => unwrap(encodeMessage(message));

describe('a PSRP message', () => {
  test('has the layout of MS-PSRP §2.2.1: little-endian numbers and GUIDs', () => {
    const message = encoded({
      destination: 'server',
      type: 'session-capability',
      poolId,
      pipelineId: emptyGuid,
      body: 1,
    });

    expect(Buffer.from(message.subarray(0, 40)).toString('hex')).toBe(
      `020000000200010033221100554477668899aabbccddeeff${'0'.repeat(32)}`,
    );
    expect(new TextDecoder().decode(message.subarray(40))).toBe('<I32>1</I32>');
  });

  test('begins its data with a byte order mark when it comes from a server', () => {
    const message = encoded({
      destination: 'client',
      type: 'pipeline-output',
      poolId,
      pipelineId: poolId,
      body: 'x',
    });

    expect(message.subarray(40, 43)).toEqual(new Uint8Array([0xef, 0xbb, 0xbf]));
  });

  test('is read as it was written, with any body', () => {
    const types = Object.keys(messageTypes) as MessageType[];
    const anyMessage: fc.Arbitrary<PsrpMessage> = fc.record({
      destination: fc.constantFrom('client', 'server'),
      type: fc.constantFrom(...types),
      poolId: fc.uuid(),
      pipelineId: fc.uuid(),
      body: fc.option(anyValue, { nil: undefined }),
    });
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(unwrap(decodeMessage(encoded(message)))).toEqual(message);
      }),
    );
  });

  test('is refused at every length at which it is cut short', () => {
    const whole = encoded({
      destination: 'client',
      type: 'pipeline-output',
      poolId,
      pipelineId: poolId,
      body: 'text',
    });
    for (let length = 0; length < whole.length; length++) {
      // A header alone is a message without data.
      if (length !== 40) expect(decodeMessage(whole.subarray(0, length)).ok, String(length)).toBe(false);
    }
  });

  test('of an unknown type or destination is refused', () => {
    const whole = encoded({
      destination: 'client',
      type: 'pipeline-output',
      poolId,
      pipelineId: poolId,
      body: 'x',
    });

    expect(decodeMessage(whole.with(4, 0xee))).toMatchObject({
      error: { message: expect.stringContaining('message type 0x410ee') as string },
    });
    expect(decodeMessage(whole.with(0, 3))).toMatchObject({ error: { code: 'psrp.malformed' } });
  });

  test('GUIDs survive', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        expect(decodeGuid(encodeGuid(guid))).toBe(guid);
      }),
    );
  });
});
