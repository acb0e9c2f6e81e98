import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { psDictionary, psList, psRecord } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { encodeHostAnswer } from '../../../src/wire/psrp/host-call.ts';
import { decodeHostInfo, encodeHostInfo, usualScreen } from '../../../src/wire/psrp/host-info.ts';
import type { HostInfo, HostScreen } from '../../../src/wire/psrp/host-info.ts';
import { hostMethodName, hostMethods } from '../../../src/wire/psrp/host-methods.ts';
import {
  bufferCell,
  bufferCellOf,
  bufferCells,
  bufferCellsOf,
  consoleColorAt,
  consoleColorIndex,
  coordinates,
  coordinatesOf,
  keyInfo,
  rectangle,
  rectangleOf,
  size,
  sizeOf,
} from '../../../src/wire/psrp/host-values.ts';
import type { BufferCell } from '../../../src/wire/psrp/host-values.ts';
import { askingHost, refuse } from '../../../src/wire/psrp/host.ts';
import { anyText } from '../clixml/values.ts';
import { deliver, eventsOf, give, id, openPair, script } from './roles.ts';

const colors = Array.from({ length: 16 }, (_, index) => consoleColorAt(index)!);
const color = fc.constantFrom(...colors);
const cells = fc.integer({ min: 0, max: 0x7fff });
const anyCoordinates = fc.record({ x: cells, y: cells });
const anySize = fc.record({ width: cells, height: cells });
const anyScreen: fc.Arbitrary<HostScreen> = fc.record({
  foregroundColor: color,
  backgroundColor: color,
  cursorPosition: anyCoordinates,
  windowPosition: anyCoordinates,
  cursorSize: fc.integer({ min: 0, max: 100 }),
  bufferSize: anySize,
  windowSize: anySize,
  maxWindowSize: anySize,
  maxPhysicalWindowSize: anySize,
  windowTitle: anyText,
});
const anyCell: fc.Arbitrary<BufferCell> = fc.record({
  character: fc.integer({ min: 1, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  foregroundColor: color,
  backgroundColor: color,
  type: fc.constantFrom('complete', 'leading', 'trailing'),
});

describe('what a server is told of a host', () => {
  test('comes back as it was, whatever its screen', () => {
    const anyInfo: fc.Arbitrary<HostInfo> = fc.oneof(
      fc.constantFrom('none' as const, 'without-ui' as const, 'minimal' as const, 'pool' as const),
      anyScreen.map((screen) => ({ screen })),
    );
    fc.assert(
      fc.property(anyInfo, (info) => {
        expect(decodeHostInfo(encodeHostInfo(info))).toEqual(info);
      }),
    );
  });

  test('with a screen that it does not describe gets the usual one', () => {
    const described = (data: Parameters<typeof psRecord>[0]) =>
      decodeHostInfo(psRecord({ _isHostRawUINull: false, ...data }));

    expect(described({})).toEqual({ screen: usualScreen });
    expect(described({ _hostDefaultData: psRecord({ data: psList([]) }) })).toEqual({ screen: usualScreen });
    expect(
      described({
        _hostDefaultData: psRecord({
          data: psDictionary([
            ['x', 'y'],
            [9, psRecord({ V: 'title' })],
            [4, psRecord({})],
            [0, psRecord({ V: 99 })],
          ]),
        }),
      }),
    ).toEqual({ screen: { ...usualScreen, windowTitle: 'title' } });
  });
});

describe('what a host answers with', () => {
  test('positions, sizes, rectangles and cells come back as they were', () => {
    fc.assert(
      fc.property(anyCoordinates, anySize, anyCell, (at, extent, cell) => {
        expect(coordinatesOf(coordinates(at))).toEqual(at);
        expect(sizeOf(size(extent))).toEqual(extent);
        expect(bufferCellOf(bufferCell(cell))).toEqual(cell);
        const corners = { left: at.x, top: at.y, right: extent.width, bottom: extent.height };
        expect(rectangleOf(rectangle(corners))).toEqual(corners);
      }),
    );
  });

  test('rows of cells keep their shape', () => {
    const rows = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([height, width]) =>
        fc.array(fc.array(anyCell, { minLength: width, maxLength: width }), {
          minLength: height,
          maxLength: height,
        }),
      );
    fc.assert(
      fc.property(rows, (grid) => {
        expect(bufferCellsOf(bufferCells(grid))).toEqual(grid);
      }),
    );
    expect(bufferCellsOf(bufferCells([]))).toEqual([]);
  });

  test('is not taken for what it is not', () => {
    const cell = {
      character: 'x',
      foregroundColor: 'Red',
      backgroundColor: 'Blue',
      type: 'complete',
    } as const;
    expect(coordinatesOf(psRecord({ x: 1 }))).toBeUndefined();
    expect(sizeOf('x')).toBeUndefined();
    expect(bufferCellOf(psRecord({ character: 'x' }))).toBeUndefined();
    const parts = { character: { kind: 'char', code: 65 }, foregroundColor: 0, backgroundColor: 0 } as const;
    expect(bufferCellOf(psRecord({ ...parts, bufferCellType: 0 }))).toMatchObject({ character: 'A' });
    for (const wrong of [
      { character: 'x' },
      { character: null },
      { foregroundColor: 16 },
      { backgroundColor: 'x' },
      { bufferCellType: 3 },
    ]) {
      expect(bufferCellOf(psRecord({ ...parts, bufferCellType: 0, ...wrong }))).toBeUndefined();
    }
    expect(bufferCellsOf(psRecord({ mae: psList([1]), mal: psList([1, 1]) }))).toBeUndefined();
    expect(bufferCellsOf(psRecord({ mae: psList([]), mal: psList(['x', 1]) }))).toEqual([]);
    expect(bufferCellsOf(psRecord({ mae: psList([bufferCell(cell)]), mal: psList([2, 1]) }))).toBeUndefined();
    expect(bufferCellsOf(null)).toEqual([]);
  });

  test('a key is a character with what was held down', () => {
    const a = { virtualKeyCode: 65, character: 'a', controlKeyState: 16, keyDown: true };

    expect(keyInfo(a)).toEqual(psRecord({ ...a, character: { kind: 'char', code: 97 } }));
    expect(keyInfo({ ...a, character: '' })).toEqual(
      psRecord({ ...a, character: { kind: 'char', code: 0 } }),
    );
  });

  test('colours have the numbers of .NET', () => {
    expect(colors.map(consoleColorIndex)).toEqual(colors.map((_, index) => index));
    expect(consoleColorAt(undefined)).toBeUndefined();
    expect(consoleColorAt(16)).toBeUndefined();
  });
});

describe('a host that answers later', () => {
  test('holds up only the one call: the rest of the session goes on', () => {
    const { client, server } = openPair({ host: askingHost({ screen: usualScreen }) });
    give(unwrap(client.createPipeline(script('x'))), server);
    server.hostCall(id, { methodId: 11, parameters: [], callId: 1n });
    server.hostCall(id, { methodId: 15, parameters: [], callId: undefined });
    server.hostCall(undefined, { methodId: 1, parameters: [], callId: 2n });
    server.output(id, 'goes on');
    deliver(server, client, id);
    deliver(server, client);

    const told = eventsOf(client);
    const calls = told.flatMap((event) => (event.kind === 'host-call' ? [event] : []));
    expect(told.map(({ kind }) => kind)).toEqual(['host-call', 'host-call', 'output', 'host-call']);
    const [ask, write, pool] = calls;
    expect(client.answerHostCall(write!, { kind: 'done' })).toEqual({ ok: true, value: [] });
    for (const one of unwrap(client.answerHostCall(pool!, { kind: 'value', value: 'pool' }))) {
      unwrap(server.receive(one));
    }
    give(unwrap(client.answerHostCall(ask!, refuse(ask!.call))), server);

    expect(eventsOf(server)).toMatchObject([
      { kind: 'pipeline', host: { screen: usualScreen } },
      { kind: 'host-response', pipelineId: undefined, callId: 2n, value: 'pool' },
      { kind: 'host-response', pipelineId: id, callId: 1n, error: { kind: 'object' } },
    ]);
  });
});

describe('the methods of a host', () => {
  test('are 1 to 56, each with its own name', () => {
    expect(Object.keys(hostMethods).map(Number)).toEqual(Array.from({ length: 56 }, (_, index) => index + 1));
    expect(new Set(Object.values(hostMethods)).size).toBe(56);
    expect([hostMethodName(56), hostMethodName(57)]).toEqual(['PromptForChoiceMultipleSelection', undefined]);
  });

  test('are answered in the order in which Windows has the parts', () => {
    const answer = encodeHostAnswer(1n, 11, { kind: 'value', value: 'line' }) as ReturnType<typeof psRecord>;

    expect([...answer.extended.keys()]).toEqual(['ci', 'mi', 'mr']);
  });
});
