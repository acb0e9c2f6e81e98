import { integerOf, propertyOf, psDictionary, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsEntry, PsValue } from '../../core/ps-value.ts';
import {
  consoleColorAt,
  consoleColorIndex,
  coordinates,
  coordinatesOf,
  size,
  sizeOf,
} from './host-values.ts';
import type { ConsoleColor, Coordinates, Size } from './host-values.ts';

/**
 * Which parts of a host the client has: `none` means the server never calls it, and prompts fail at once there;
 * `without-ui` can be told to exit, and nothing else; `minimal` has a console without a screen; a screen makes it a whole host (raw UI); `pool` means the pool's host, and
 * in the pool itself none.
 */
export type HostInfo = 'none' | 'without-ui' | 'minimal' | 'pool' | HostWithScreen;

export interface HostWithScreen {
  readonly screen: HostScreen;
}

/** How the screen of a host is when the session begins; a server answers scripts from it rather than ask each time. */
export interface HostScreen {
  readonly foregroundColor: ConsoleColor;
  readonly backgroundColor: ConsoleColor;
  readonly cursorPosition: Coordinates;
  readonly windowPosition: Coordinates;
  /** Percent of a cell. */
  readonly cursorSize: number;
  readonly bufferSize: Size;
  readonly windowSize: Size;
  readonly maxWindowSize: Size;
  readonly maxPhysicalWindowSize: Size;
  readonly windowTitle: string;
}

/** Writes HostInfo (MS-PSRP §2.2.3.14). */
export function encodeHostInfo(host: HostInfo): PsValue {
  const absent = host === 'none' || host === 'pool';
  const screen = typeof host === 'string' ? undefined : host.screen;
  return psRecord({
    ...(screen === undefined ? {} : { _hostDefaultData: encodeScreen(screen) }),
    _isHostNull: absent,
    _isHostUINull: absent || host === 'without-ui',
    _isHostRawUINull: screen === undefined,
    _useRunspaceHost: host === 'pool',
  });
}

/** Reads HostInfo; a screen that was not described in full is the usual one of 120 × 50 cells. */
export function decodeHostInfo(value: PsValue | undefined): HostInfo {
  if (propertyOf(value, '_isHostRawUINull') === false) {
    return { screen: decodeScreen(propertyOf(propertyOf(value, '_hostDefaultData'), 'data')) };
  }
  if (propertyOf(value, '_isHostNull') === false) {
    return propertyOf(value, '_isHostUINull') === true ? 'without-ui' : 'minimal';
  }
  return propertyOf(value, '_useRunspaceHost') === true ? 'pool' : 'none';
}

const usualSize: Size = { width: 120, height: 50 };
/** A console of 120 × 50 cells, grey on black. */
export const usualScreen: HostScreen = {
  foregroundColor: 'Gray',
  backgroundColor: 'Black',
  cursorPosition: { x: 0, y: 0 },
  windowPosition: { x: 0, y: 0 },
  cursorSize: 25,
  bufferSize: usualSize,
  windowSize: usualSize,
  maxWindowSize: usualSize,
  maxPhysicalWindowSize: usualSize,
  windowTitle: 'Countersign',
};

/** Writes the screen as HostDefaultData: values that say their type, under numbers (MS-PSRP §2.2.3.14). */
function encodeScreen(screen: HostScreen): PsValue {
  const host = 'System.Management.Automation.Host';
  const values: readonly (readonly [type: string, value: PsValue])[] = [
    ['System.ConsoleColor', consoleColorIndex(screen.foregroundColor)],
    ['System.ConsoleColor', consoleColorIndex(screen.backgroundColor)],
    [`${host}.Coordinates`, coordinates(screen.cursorPosition)],
    [`${host}.Coordinates`, coordinates(screen.windowPosition)],
    ['System.Int32', screen.cursorSize],
    [`${host}.Size`, size(screen.bufferSize)],
    [`${host}.Size`, size(screen.windowSize)],
    [`${host}.Size`, size(screen.maxWindowSize)],
    [`${host}.Size`, size(screen.maxPhysicalWindowSize)],
    ['System.String', screen.windowTitle],
  ];
  const entries = values.map(([type, value], key): PsEntry => [key, psRecord({ T: type, V: value })]);
  return psRecord({ data: psDictionary(entries) });
}

function decodeScreen(data: PsValue | undefined): HostScreen {
  const values = new Map<number, PsValue>();
  if (typeof data === 'object' && data !== null && 'container' in data) {
    const entries = data.container?.kind === 'dictionary' ? data.container.entries : [];
    for (const [key, value] of entries) {
      values.set(integerOf(key) ?? -1, propertyOf(value, 'V') ?? null);
    }
  }
  const value = (key: number): PsValue | undefined => values.get(key);
  return {
    foregroundColor: consoleColorAt(integerOf(value(0))) ?? usualScreen.foregroundColor,
    backgroundColor: consoleColorAt(integerOf(value(1))) ?? usualScreen.backgroundColor,
    cursorPosition: coordinatesOf(value(2)) ?? usualScreen.cursorPosition,
    windowPosition: coordinatesOf(value(3)) ?? usualScreen.windowPosition,
    cursorSize: integerOf(value(4)) ?? usualScreen.cursorSize,
    bufferSize: sizeOf(value(5)) ?? usualSize,
    windowSize: sizeOf(value(6)) ?? usualSize,
    maxWindowSize: sizeOf(value(7)) ?? usualSize,
    maxPhysicalWindowSize: sizeOf(value(8)) ?? usualSize,
    windowTitle: textOf(value(9)) ?? usualScreen.windowTitle,
  };
}
