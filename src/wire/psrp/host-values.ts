import { integerOf, itemsOf, propertyOf, psList, psRecord } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

/** `System.ConsoleColor` names, at the index that is their value. */
const consoleColors = [
  'Black',
  'DarkBlue',
  'DarkGreen',
  'DarkCyan',
  'DarkRed',
  'DarkMagenta',
  'DarkYellow',
  'Gray',
  'DarkGray',
  'Blue',
  'Green',
  'Cyan',
  'Red',
  'Magenta',
  'Yellow',
  'White',
] as const;
export type ConsoleColor = (typeof consoleColors)[number];

/** A colour as host calls carry it. */
export const consoleColorIndex = (color: ConsoleColor): number => consoleColors.indexOf(color);

/** The colour of a number in a host call; undefined where there is none of that number. */
export const consoleColorAt = (index: number | undefined): ConsoleColor | undefined =>
  index === undefined ? undefined : consoleColors[index];

/** A cell of a screen, counted from 0. */
export interface Coordinates {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Corners of a part of the screen, both within it. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One key that went down or up. */
export interface KeyInfo {
  readonly virtualKeyCode: number;
  /** One UTF-16 code unit. */
  readonly character: string;
  /** `ControlKeyStates` flags. */
  readonly controlKeyState: number;
  readonly keyDown: boolean;
}

/** One character of a screen. */
export interface BufferCell {
  /** One UTF-16 code unit. */
  readonly character: string;
  readonly foregroundColor: ConsoleColor;
  readonly backgroundColor: ConsoleColor;
  /** Half of a wide character: `leading` or `trailing`. */
  readonly type: 'complete' | 'leading' | 'trailing';
}

/** The value of coordinates, as the answer to `GetCursorPosition` and its like. */
export const coordinates = ({ x, y }: Coordinates): PsValue => psRecord({ x, y });
export const size = ({ width, height }: Size): PsValue => psRecord({ height, width });
export const rectangle = ({ left, top, right, bottom }: Rectangle): PsValue =>
  psRecord({ left, top, right, bottom });

/** The answer to `ReadKey`. */
export const keyInfo = (key: KeyInfo): PsValue => psRecord({ ...key, character: charOf(key.character) });

export const bufferCell = (cell: BufferCell): PsValue =>
  psRecord({
    character: charOf(cell.character),
    foregroundColor: consoleColorIndex(cell.foregroundColor),
    backgroundColor: consoleColorIndex(cell.backgroundColor),
    bufferCellType: cellTypes.indexOf(cell.type),
  });

const cellTypes = ['complete', 'leading', 'trailing'] as const;
const charOf = (text: string): PsValue => ({ kind: 'char', code: text.charCodeAt(0) || 0 });

/** The answer to `GetBufferContents`: rows of equal length. */
export function bufferCells(rows: readonly (readonly BufferCell[])[]): PsValue {
  const lengths = [rows.length, rows[0]?.length ?? 0];
  return psRecord({
    mae: psList(rows.flat().map(bufferCell)),
    mal: psList(lengths, ['System.Int32[]', 'System.Array', 'System.Object']),
  });
}

export function coordinatesOf(value: PsValue | undefined): Coordinates | undefined {
  return numbers(value, ['x', 'y']);
}

export function sizeOf(value: PsValue | undefined): Size | undefined {
  return numbers(value, ['width', 'height']);
}

export function rectangleOf(value: PsValue | undefined): Rectangle | undefined {
  return numbers(value, ['left', 'top', 'right', 'bottom']);
}

export function bufferCellOf(value: PsValue | undefined): BufferCell | undefined {
  const character = propertyOf(value, 'character');
  const foregroundColor = consoleColorAt(integerOf(propertyOf(value, 'foregroundColor')));
  const backgroundColor = consoleColorAt(integerOf(propertyOf(value, 'backgroundColor')));
  const type = cellTypes[integerOf(propertyOf(value, 'bufferCellType')) ?? -1];
  if (foregroundColor === undefined || backgroundColor === undefined || type === undefined) return undefined;
  if (typeof character !== 'object' || character === null || !('code' in character)) return undefined;
  return { character: String.fromCharCode(character.code), foregroundColor, backgroundColor, type };
}

/** The rows of `SetBufferContents2`; undefined where the lengths do not fit the cells. */
export function bufferCellsOf(value: PsValue | undefined): BufferCell[][] | undefined {
  const cells = (itemsOf(propertyOf(value, 'mae')) ?? []).map(bufferCellOf);
  const [height = 0, width = 0] = (itemsOf(propertyOf(value, 'mal')) ?? []).map(
    (length) => integerOf(length) ?? 0,
  );
  const whole = cells.filter((cell) => cell !== undefined);
  if (whole.length !== cells.length || whole.length !== height * width) return undefined;
  return Array.from({ length: height }, (_, row) => whole.slice(row * width, (row + 1) * width));
}

function numbers<Name extends string>(
  value: PsValue | undefined,
  names: readonly Name[],
): Record<Name, number> | undefined {
  const found = names.map((name) => [name, integerOf(propertyOf(value, name))] as const);
  if (found.some(([, number]) => number === undefined)) return undefined;
  return Object.fromEntries(found) as Record<Name, number>;
}
