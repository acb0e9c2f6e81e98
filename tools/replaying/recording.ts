import { asMapping, readYamlFile } from './yaml-file.ts';
import type { Mapping, Path, YamlFile } from './yaml-file.ts';

/** One request of the recorded client with what came back, as `winrm-exchanges/INDEX.md` §1 describes it. */
export interface Exchange {
  /** Place in the recording, from 0. */
  readonly index: number;
  readonly line: number;
  readonly request: string;
  /** Undefined where the connection broke instead. */
  readonly response: string | undefined;
  /** HTTP status that came with the response. */
  readonly status: number | undefined;
  /** The client is not let in: HTTP 401. */
  readonly isDenied: boolean;
  /** The connection breaks before the first byte of an answer. */
  readonly breaks: boolean;
  /** How long the answer is held back. */
  readonly delaySeconds: number;
  readonly overrides: readonly Override[];
}

/** A literal value that the request must carry, whatever the recorded text says. */
export interface Override {
  /** Element names with the prefixes of the recorded request, from below the envelope. */
  readonly path: readonly string[];
  readonly text: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
}

const knownKeys: ReadonlySet<string> = new Set([
  'request',
  'response',
  'transport_error',
  'auth_error',
  'http_error',
  'timeout',
  'overrides',
]);

/** Reads one recording. @throws SourceProblem */
export function readRecording(file: string): readonly Exchange[] {
  const source = readYamlFile(file, '1.1');
  const messages = asMapping(source.value)?.['messages'];
  if (!Array.isArray(messages)) throw source.problem([], 'it has no list `messages`');
  return messages.map((entry: unknown, index) => readExchange(source, entry, index));
}

function readExchange(source: YamlFile, entry: unknown, index: number): Exchange {
  const path: Path = ['messages', index];
  const keys = asMapping(entry);
  if (keys === undefined) throw source.problem(path, `message ${index} is no mapping`);
  const unknown = Object.keys(keys).find((key) => !knownKeys.has(key));
  if (unknown !== undefined) throw source.problem([...path, unknown], `key ${unknown} is not known`);
  const { request, response } = keys;
  if (typeof request !== 'string') throw source.problem(path, `message ${index} has no request`);
  if (response !== undefined && response !== null && typeof response !== 'string') {
    throw source.problem([...path, 'response'], 'the response is no text');
  }
  return {
    index,
    line: source.lineOf(path),
    request,
    response: response ?? undefined,
    status: readStatus(source, keys, path),
    isDenied: keys['auth_error'] === true,
    breaks: keys['http_error'] === true,
    delaySeconds: readDelay(source, keys, path),
    overrides: readOverrides(source, keys, path),
  };
}

function readStatus(source: YamlFile, keys: Mapping, path: Path): number | undefined {
  const error = keys['transport_error'];
  if (error === undefined || error === null) return undefined;
  const code = asMapping(error)?.['code'];
  if (typeof code === 'number') return code;
  throw source.problem([...path, 'transport_error'], 'the transport error has no code');
}

function readDelay(source: YamlFile, keys: Mapping, path: Path): number {
  const delay = keys['timeout'] ?? 0;
  if (typeof delay === 'number' && delay >= 0) return delay;
  throw source.problem([...path, 'timeout'], 'the timeout is no number of seconds');
}

function readOverrides(source: YamlFile, keys: Mapping, path: Path): readonly Override[] {
  const list = keys['overrides'] ?? [];
  if (!Array.isArray(list)) throw source.problem([...path, 'overrides'], 'the overrides are no list');
  return list.map((entry: unknown, index) => {
    const override = asMapping(entry);
    const where = override?.['path'];
    if (typeof where !== 'string') {
      throw source.problem([...path, 'overrides', index], 'the override has no path');
    }
    const text = override?.['text'] as string | number | null | undefined;
    const attributes = Object.entries(asMapping(override?.['attributes']) ?? {});
    return {
      path: where.split('/'),
      text: text === undefined || text === null ? undefined : String(text),
      attributes: new Map(attributes.map(([name, value]) => [name, String(value)])),
    };
  });
}
