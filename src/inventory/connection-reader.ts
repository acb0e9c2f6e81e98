import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Result } from '../core/result.ts';
import type { Host, PlainValue } from '../model/inventory.ts';
import { connectionNames } from './connection-names.ts';
import type { ConnectionPart, ConnectionPlugin } from './connection-names.ts';
import { pathFrom } from './files.ts';

/** Reads a file that a variable names; the path is relative to the working directory, or absolute. */
export type ReadText = (path: string) => Result<string>;

const longestTimeoutSeconds = 3600;

/** Reads the connection variables of one host, and keeps what is wrong with them. */
export class ConnectionReader {
  readonly failures: Failure[] = [];
  readonly #host: Host;
  readonly #names: Readonly<Record<ConnectionPart, readonly string[]>>;
  readonly #readText: ReadText;

  constructor(host: Host, plugin: ConnectionPlugin, readText: ReadText) {
    this.#host = host;
    this.#readText = readText;
    this.#names = connectionNames[plugin];
  }

  /** A text or number that is not empty; undefined where nothing was given. */
  text(part: ConnectionPart): string | undefined {
    const value = this.#value(part);
    if (value === undefined) return undefined;
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
    this.refuse(part, 'must be a text that is not empty');
    return undefined;
  }

  /** A text that must be there; empty where it is not, with the failure kept. */
  required(part: ConnectionPart): string {
    const before = this.failures.length;
    const text = this.text(part);
    if (text === undefined && this.failures.length === before) this.refuse(part, 'is not set');
    return text ?? '';
  }

  /** The text of a file that is named, seen from the inventory; undefined where none is, or it cannot be read. */
  file(part: ConnectionPart): string | undefined {
    const named = this.text(part);
    if (named === undefined) return undefined;
    const { file = '' } = this.#host.vars.get(this.#given(part) ?? '')?.from ?? {};
    const read = this.#readText(pathFrom(file, named));
    if (read.ok) return read.value;
    this.refuse(part, `names a file that cannot be used: ${read.error.message}`, {
      remedy: 'Correct the path; one that is not absolute begins at the folder of the inventory.',
    });
    return undefined;
  }

  /** One of several words. */
  choice<Word extends string>(part: ConnectionPart, words: readonly Word[]): Word | undefined {
    const text = this.text(part);
    const word = words.find((it) => it === text?.toLowerCase());
    if (text !== undefined && word === undefined) {
      this.refuse(part, `is ${text}`, { remedy: `Use ${words.join(' or ')}.` });
    }
    return word;
  }

  /** Words of a list, or of a text with commas. */
  list(part: ConnectionPart): readonly string[] | undefined {
    const value = this.#value(part);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return (value as readonly PlainValue[]).map(String);
    return this.text(part)
      ?.split(',')
      .map((word) => word.trim());
  }

  port(): number | undefined {
    const text = this.text('port');
    if (text === undefined) return undefined;
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65_535) this.refuse('port', `is ${text}, but a port is a number from 1 to 65535`);
    return port;
  }

  /** Seconds, as Ansible gives all its timeouts. */
  timeout(part: ConnectionPart, otherwiseSeconds: number): Duration {
    const text = this.text(part);
    const count = text === undefined ? otherwiseSeconds : Number(text);
    if (count > 0 && count <= longestTimeoutSeconds) return seconds(count);
    this.refuse(part, `is ${text ?? ''}, but must be seconds from above 0 to ${longestTimeoutSeconds}`);
    return seconds(otherwiseSeconds);
  }

  refuse(part: ConnectionPart, reason: string, more: JsonObject = {}): void {
    const variable = this.#given(part) ?? this.#names[part].at(-1) ?? part;
    this.failures.push(failure('inventory.connection', { host: this.#host.name, variable, reason, ...more }));
  }

  #value(part: ConnectionPart): PlainValue | undefined {
    const variable = this.#host.vars.get(this.#given(part) ?? '');
    if (variable?.unresolved === undefined) return variable?.value ?? undefined;
    this.failures.push(variable.unresolved);
    return undefined;
  }

  /** The variable that gives the part: the strongest that is set. */
  #given(part: ConnectionPart): string | undefined {
    return this.#names[part].find((name) => this.#host.vars.has(name));
  }
}
