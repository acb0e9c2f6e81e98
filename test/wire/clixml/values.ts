import fc from 'fast-check';
import { psDictionary, psEnum, psList, psObject } from '../../../src/core/ps-value.ts';
import type { PsNumeric, PsPrimitive, PsValue } from '../../../src/core/ps-value.ts';

/** Any UTF-16 text, lone surrogates, controls and things that look like escapes among it. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('_x000A_', '_x005F_x000a_', '_X0041_', '_x00', ']]>', ' \t\r\n ', '\ufeff', '&#xFFFF;'),
);

const numeric = (kind: PsNumeric['kind'], min: number, max: number): fc.Arbitrary<PsPrimitive> =>
  fc.integer({ min, max }).map((value) => ({ kind, value }));
const texts = {
  decimal: fc.constantFrom('0', '-1.10', '79228162514264337593543950335'),
  dateTime: fc.constantFrom(
    '1970-01-01T00:00:00',
    '2008-04-11T10:42:32.2731993-07:00',
    '9999-12-31T23:59:59Z',
  ),
  timeSpan: fc.constantFrom('PT0S', '-P1DT2H3M4.5S', 'P10675199D'),
  guid: fc.uuid(),
  uri: fc.webUrl(),
  version: fc.constantFrom('1.0', '5.1.17763.1971'),
  xml: anyText,
  scriptBlock: anyText,
  encryptedString: fc.constantFrom('', 'YQBiAGMA'),
};

/** Any primitive that CLIXML knows. */
export const anyPrimitive: fc.Arbitrary<PsPrimitive> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  anyText,
  fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array(),
  fc.integer({ min: 0, max: 0xffff }).map((code): PsPrimitive => ({ kind: 'char', code })),
  numeric('byte', 0, 255),
  numeric('sbyte', -128, 127),
  numeric('int16', -32_768, 32_767),
  numeric('uint16', 0, 65_535),
  numeric('uint32', 0, 4_294_967_295),
  numeric('double', -0x8000_0000, 0x7fff_ffff),
  fc.float().map((value): PsPrimitive => ({ kind: 'single', value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): PsPrimitive => ({ kind: 'uint64', value })),
  ...(Object.keys(texts) as (keyof typeof texts)[]).map((kind) =>
    texts[kind].map((text): PsPrimitive => ({ kind, text })),
  ),
  fc.record({
    kind: fc.constant('progress' as const),
    activity: fc.option(anyText, { nil: undefined }),
    activityId: fc.option(fc.integer(), { nil: undefined }),
    status: fc.option(anyText, { nil: undefined }),
    currentOperation: fc.option(anyText, { nil: undefined }),
    parentActivityId: fc.option(fc.integer(), { nil: undefined }),
    percentComplete: fc.option(fc.integer(), { nil: undefined }),
    secondsRemaining: fc.option(fc.integer(), { nil: undefined }),
    type: fc.option(fc.constantFrom('Processing', 'Completed'), { nil: undefined }),
  }),
);

const { value } = fc.letrec<{ value: PsValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    anyPrimitive,
    fc.array(tie('value'), { maxLength: 4 }).map((items) => psList(items)),
    fc
      .tuple(fc.constantFrom('queue', 'stack', 'enumerable'), fc.array(tie('value'), { maxLength: 3 }))
      .map(([kind, items]) => psObject({ container: { kind, items } })),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => psDictionary(entries)),
    fc.tuple(fc.integer(), anyText).map(([number, text]) => psEnum('Some.Enum', number, text)),
    fc
      .record({
        typeNames: fc.array(anyText, { maxLength: 3 }),
        text: fc.option(anyText, { nil: undefined }),
        adapted: fc
          .array(fc.tuple(anyText, tie('value')), { maxLength: 3 })
          .map((entries) => new Map(entries)),
        extended: fc
          .array(fc.tuple(anyText, tie('value')), { maxLength: 3 })
          .map((entries) => new Map(entries)),
      })
      .map((parts) => psObject(parts)),
  ),
}));

/** Any tree of values. */
export const anyValue: fc.Arbitrary<PsValue> = value;
