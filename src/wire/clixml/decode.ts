import { failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ClixmlBuilder } from './build.ts';
import type { ClixmlItem } from './encode.ts';
import { defaultClixmlLimits } from './limits.ts';
import type { ClixmlLimits } from './limits.ts';
import type { SecretCipher } from './secret-cipher.ts';
import { XmlScanner } from './xml-scanner.ts';

export interface ClixmlDecoderOptions {
  readonly limits?: ClixmlLimits;
  /** Opens SecureStrings; without it they stay encrypted. */
  readonly cipher?: SecretCipher | undefined;
}

const decodeUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the CLIXML of a PSRP message: one value, as UTF-8 with or without a byte order mark, or as text.
 *
 * Failures: `clixml.malformed`, `clixml.limit`.
 */
export function decodeClixml(
  source: string | Uint8Array,
  options: ClixmlDecoderOptions = {},
): Result<PsValue> {
  const text = toText(source);
  if (!text.ok) return text;
  const decoder = new ClixmlDecoder(options);
  const written = decoder.write(text.value);
  if (!written.ok) return written;
  const rest = decoder.end();
  if (!rest.ok) return rest;
  const [first] = written.value;
  const count = written.value.length;
  if (first === undefined || count > 1) {
    return err(failure('clixml.malformed', { reason: `one value is expected, not ${count}` }));
  }
  return ok(first.value);
}

function toText(source: string | Uint8Array): Result<string> {
  if (typeof source === 'string') return ok(source);
  try {
    return ok(decodeUtf8.decode(source));
  } catch (cause) {
    return err(failure('clixml.malformed', { reason: 'it is not UTF-8' }, cause));
  }
}

/**
 * Reads CLIXML as it arrives in pieces of text: bare values, or one or more `Objs` documents.
 *
 * `write` and `end` give the items that have become complete, in order; failures `clixml.malformed` and `clixml.limit`,
 * of which the first stays.
 */
export class ClixmlDecoder {
  readonly #scanner: XmlScanner;
  readonly #builder: ClixmlBuilder;
  #started = false;

  constructor({ limits = defaultClixmlLimits, cipher }: ClixmlDecoderOptions = {}) {
    this.#builder = new ClixmlBuilder(cipher, (reason) => this.#scanner.fail(reason));
    this.#scanner = new XmlScanner(this.#builder, limits);
  }

  write(chunk: string): Result<readonly ClixmlItem[]> {
    const first = !this.#started && chunk !== '';
    this.#started ||= first;
    const read = this.#scanner.write(first && chunk.startsWith('\ufeff') ? chunk.slice(1) : chunk);
    return read.ok ? ok(this.#builder.take()) : read;
  }

  end(): Result<readonly ClixmlItem[]> {
    const read = this.#scanner.end();
    return read.ok ? ok(this.#builder.take()) : read;
  }
}

const streamHeader = /^\ufeff?#< CLIXML\r?\n/;

/**
 * Reads what PowerShell writes to a standard stream: `#< CLIXML` documents, or plain text where the header is missing.
 *
 * @returns The items; undefined when the text is no CLIXML. Failures as `decodeClixml`.
 */
export function decodeClixmlStream(text: string): Result<readonly ClixmlItem[] | undefined> {
  if (!streamHeader.test(text) && !text.startsWith('<Objs ')) return ok(undefined);
  const decoder = new ClixmlDecoder();
  const items: ClixmlItem[] = [];
  for (const document of text.split(/#< CLIXML\r?\n/)) {
    const written = decoder.write(document);
    if (!written.ok) return written;
    items.push(...written.value);
  }
  const rest = decoder.end();
  return rest.ok ? ok(items) : rest;
}
