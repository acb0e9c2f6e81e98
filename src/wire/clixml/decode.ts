import { failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ClixmlBuilder } from './build.ts';
import type { ClixmlItem } from './encode.ts';
import { defaultClixmlLimits } from './limits.ts';
import type { ClixmlLimits } from './limits.ts';
import type { SecretCipher } from './secret-cipher.ts';
import { XmlTreeParser } from './xml-tree.ts';

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
  const items = decoder.end();
  if (!items.ok) return items;
  const [first] = items.value;
  if (first === undefined || items.value.length > 1) {
    return err(failure('clixml.malformed', { reason: `one value is expected, not ${items.value.length}` }));
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
 * `write` and `end` give failures `clixml.malformed` and `clixml.limit`; the first one stays.
 */
export class ClixmlDecoder {
  readonly #xml: XmlTreeParser;
  readonly #cipher: SecretCipher | undefined;
  #started = false;

  constructor({ limits = defaultClixmlLimits, cipher }: ClixmlDecoderOptions = {}) {
    this.#xml = new XmlTreeParser(limits);
    this.#cipher = cipher;
  }

  write(chunk: string): Result<void> {
    const first = !this.#started && chunk !== '';
    this.#started ||= first;
    return this.#xml.write(first && chunk.startsWith('\ufeff') ? chunk.slice(1) : chunk);
  }

  /** Ends the input and gives all values in order. */
  end(): Result<readonly ClixmlItem[]> {
    const roots = this.#xml.end();
    if (!roots.ok) return roots;
    const items: ClixmlItem[] = [];
    for (const root of roots.value) {
      // Each document numbers its objects and types anew.
      const builder = new ClixmlBuilder(this.#cipher);
      for (const element of root.name === 'Objs' ? root.children : [root]) {
        items.push({ stream: element.attributes['S'] ?? 'output', value: builder.build(element) });
      }
      if (builder.failure !== undefined) return err(builder.failure);
    }
    return ok(items);
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
  for (const document of text.split(/#< CLIXML\r?\n/)) {
    const written = decoder.write(document);
    if (!written.ok) return written;
  }
  return decoder.end();
}
