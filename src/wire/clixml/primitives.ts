import type { PsNumeric, PsPrimitive, PsText } from '../../core/ps-value.ts';
import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { escapeMarkup, escapeText, unescapeText } from './escape.ts';
import { formatDouble, parseDouble, parseInteger, parseSmallInteger } from './number-text.ts';

/** Name and content (markup already escaped) of the element that stands for a primitive. */
export interface PrimitiveElement {
  readonly name: string;
  readonly content: string;
}

const numericNames: Readonly<Record<PsNumeric['kind'], string>> = {
  byte: 'By',
  sbyte: 'SB',
  int16: 'I16',
  uint16: 'U16',
  uint32: 'U32',
  single: 'Sg',
  double: 'Db',
};
const textNames: Readonly<Record<PsText['kind'], string>> = {
  decimal: 'D',
  dateTime: 'DT',
  timeSpan: 'TS',
  guid: 'G',
  uri: 'URI',
  version: 'Version',
  xml: 'XD',
  scriptBlock: 'SBK',
  encryptedString: 'SS',
};

/** The element of any primitive but a progress record, which has children, and a secret, which needs a key. */
export function encodePrimitive(
  value: Exclude<PsPrimitive, { kind: 'progress' | 'secureString' }>,
): PrimitiveElement {
  if (value === null) return { name: 'Nil', content: '' };
  if (typeof value === 'string') return { name: 'S', content: escapeMarkup(escapeText(value)) };
  if (typeof value === 'boolean') return { name: 'B', content: String(value) };
  if (typeof value === 'number') return { name: isInt32(value) ? 'I32' : 'Db', content: formatDouble(value) };
  if (typeof value === 'bigint') return { name: 'I64', content: value.toString() };
  if (value instanceof Uint8Array) return { name: 'BA', content: encodeBase64(value) };
  if (value.kind === 'char') return { name: 'C', content: String(value.code) };
  if (value.kind === 'uint64') return { name: 'U64', content: value.value.toString() };
  if ('text' in value) return { name: textNames[value.kind], content: escapeMarkup(escapeText(value.text)) };
  return { name: numericNames[value.kind], content: formatDouble(value.value) };
}

/** Whether a plain number stands for an Int32; minus zero does not, since an Int32 cannot hold it. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

type Decoder = (text: string) => PsPrimitive | undefined;

/** Decoders by element name; each gives undefined for content that its type cannot have. */
const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['Nil', () => null],
  ['S', unescapeText],
  ['B', parseBoolean],
  ['I32', (text) => parseSmallInteger(text, -0x8000_0000, 0x7fff_ffff)],
  ['I64', (text) => parseInteger(text, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn)],
  [
    'U64',
    (text) => tagged(parseInteger(text, 0n, 0xffff_ffff_ffff_ffffn), (value) => ({ kind: 'uint64', value })),
  ],
  ['C', (text) => tagged(parseSmallInteger(text, 0, 0xffff), (code) => ({ kind: 'char', code }))],
  ['By', numeric('byte', 0, 0xff)],
  ['SB', numeric('sbyte', -0x80, 0x7f)],
  ['I16', numeric('int16', -0x8000, 0x7fff)],
  ['U16', numeric('uint16', 0, 0xffff)],
  ['U32', numeric('uint32', 0, 0xffff_ffff)],
  ['Sg', (text) => tagged(parseDouble(text), (value) => ({ kind: 'single', value }))],
  [
    'Db',
    (text) => tagged(parseDouble(text), (value) => (isInt32(value) ? { kind: 'double', value } : value)),
  ],
  ['BA', decodeBase64],
  ['D', matching('decimal', /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/)],
  ['DT', matching('dateTime', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/)],
  ['TS', matching('timeSpan', /^-?P(?=\d|T\d)(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?$/)],
  ['G', matching('guid', /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/)],
  ['Version', matching('version', /^\d+(\.\d+){1,3}$/)],
  // Without the white space that base64 may hold, which would be escaped when it is written again.
  ['SS', (text) => matching('encryptedString', /^[A-Za-z0-9+/=]*$/)(text.replace(/\s+/g, ''))],
  ['URI', (text) => ({ kind: 'uri', text: unescapeText(text) })],
  ['XD', (text) => ({ kind: 'xml', text: unescapeText(text) })],
  ['SBK', (text) => ({ kind: 'scriptBlock', text: unescapeText(text) })],
]);

export const isPrimitiveName = (name: string): boolean => decoders.has(name);

/** Reads the content of a primitive's element; undefined when the element is unknown or its content impossible. */
export function decodePrimitive(name: string, content: string): PsPrimitive | undefined {
  return decoders.get(name)?.(content);
}

function tagged<T>(value: T | undefined, make: (value: T) => PsPrimitive): PsPrimitive | undefined {
  return value === undefined ? undefined : make(value);
}

function numeric(kind: PsNumeric['kind'], min: number, max: number): Decoder {
  return (text) => tagged(parseSmallInteger(text, min, max), (value) => ({ kind, value }));
}

function matching(kind: PsText['kind'], pattern: RegExp): Decoder {
  return (text) => (pattern.test(text.trim()) ? { kind, text: text.trim() } : undefined);
}

function parseBoolean(text: string): boolean | undefined {
  const trimmed = text.trim().toLowerCase();
  return trimmed === 'true' || trimmed === 'false' ? trimmed === 'true' : undefined;
}
