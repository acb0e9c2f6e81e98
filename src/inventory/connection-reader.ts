import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import { seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { Host, PlainValue } from '../model/inventory.ts';
import { connectionNames } from './connection-names.ts';
import type { ConnectionPart, ConnectionPlugin } from './connection-names.ts';

const longestTimeoutSeconds = 3600;

/** Reads the connection variables of one host, and keeps what is wrong with them. */
export class ConnectionReader {
  readonly failures: Failure[] = [];
  readonly #host: Host;
  readonly #names: Readonly<Record<ConnectionPart, readonly string[]>>;

  constructor(host: Host, plugin: ConnectionPlugin) {
    this.#host = host;
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
