import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { PsContainer, PsObject, PsProgress, PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Secret } from '../../core/secret.ts';
import { escapeMarkup, escapeText } from './escape.ts';
import { encodePrimitive } from './primitives.ts';
import type { SecretCipher } from './secret-cipher.ts';

/**
 * Objects within objects that PowerShell reads: a leaf below the 49th is the 50th level, and at that it ends the whole
 * session rather than the command.
 */
const maxObjectDepth = 48;
const objsNamespace = 'http://schemas.microsoft.com/powershell/2004/04';

/**
 * Writes one value as the CLIXML of a PSRP message: no declaration, no enclosing `Objs`.
 *
 * An object that occurs again (the same JavaScript object) is written as a reference, so cycles are fine.
 *
 * @param cipher - Encrypts SecureStrings.
 * @returns Failures: `psrp.no-session-key` for a SecureString without a cipher, `clixml.too-deep`.
 * @see MS-PSRP §2.2.5 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function encodeClixml(value: PsValue, cipher?: SecretCipher): Result<string> {
  const encoder = new ClixmlEncoder(cipher);
  return encoder.finish(encoder.encode(value));
}

/** One value of a `#< CLIXML` document, with the stream it belongs to (`output`, `error`, `verbose`…). */
export interface ClixmlItem {
  readonly stream: string;
  readonly value: PsValue;
}

/**
 * Writes a whole document, as `powershell.exe` takes it on standard input with `-InputFormat Xml`.
 *
 * Failures: `psrp.no-session-key` for a SecureString, which has no key there; `clixml.too-deep`.
 */
export function encodeClixmlDocument(items: readonly ClixmlItem[]): Result<string> {
  const encoder = new ClixmlEncoder(undefined);
  const values = items.map(({ stream, value }) => encoder.encode(value, ` S="${escapeMarkup(stream)}"`));
  return encoder.finish(`<Objs Version="1.1.0.1" xmlns="${objsNamespace}">${values.join('')}</Objs>`);
}

const containerNames: Readonly<Record<PsContainer['kind'], string>> = {
  list: 'LST',
  queue: 'QUE',
  stack: 'STK',
  enumerable: 'IE',
  dictionary: 'DCT',
};

class ClixmlEncoder {
  readonly #objectIds = new Map<PsObject, number>();
  readonly #typeIds = new Map<string | readonly string[], number>();
  #typeCount = 0;
  readonly #cipher: SecretCipher | undefined;
  #depth = 0;
  #failure: Failure | undefined;

  constructor(cipher: SecretCipher | undefined) {
    this.#cipher = cipher;
  }

  /** The text, unless something in it could not be written. */
  finish(text: string): Result<string> {
    return this.#failure === undefined ? ok(text) : err(this.#failure);
  }

  encode(value: PsValue, attributes = ''): string {
    if (value !== null && typeof value === 'object' && 'kind' in value) {
      if (value.kind === 'object') return this.#nested(value, attributes);
      if (value.kind === 'progress') return `<PR${attributes}>${progressMembers(value)}</PR>`;
      if (value.kind === 'secureString') return this.#secret(value.secret, attributes);
    }
    const { name, content } = encodePrimitive(value);
    return content === '' ? `<${name}${attributes} />` : `<${name}${attributes}>${content}</${name}>`;
  }

  #secret(secret: Secret, attributes: string): string {
    if (this.#cipher === undefined) this.#failure ??= failure('psrp.no-session-key');
    return `<SS${attributes}>${this.#cipher?.encrypt(secret) ?? ''}</SS>`;
  }

  #nested(value: PsObject, attributes: string): string {
    if (this.#depth >= maxObjectDepth)
      this.#failure ??= failure('clixml.too-deep', { maxDepth: maxObjectDepth });
    // What comes out is thrown away after a failure.
    if (this.#failure !== undefined) return '';
    this.#depth += 1;
    const text = this.#object(value, attributes);
    this.#depth -= 1;
    return text;
  }

  #object(value: PsObject, attributes: string): string {
    const known = this.#objectIds.get(value);
    if (known !== undefined) return `<Ref${attributes} RefId="${known}" />`;
    const id = this.#objectIds.size;
    this.#objectIds.set(value, id);
    let text = `<Obj${attributes} RefId="${id}">${this.#typeNames(value.typeNames)}`;
    if (value.text !== undefined) text += `<ToString>${escapeMarkup(escapeText(value.text))}</ToString>`;
    if (value.base !== undefined) text += this.encode(value.base);
    if (value.container !== undefined) text += this.#container(value.container);
    text += this.#properties('Props', value.adapted);
    text += this.#properties('MS', value.extended);
    return `${text}</Obj>`;
  }

  #typeNames(names: readonly string[]): string {
    if (names.length === 0) return '';
    // Objects of one source mostly share their list.
    const known = this.#typeIds.get(names) ?? this.#typeIds.get(names.join('\0'));
    if (known !== undefined) return `<TNRef RefId="${known}" />`;
    const id = this.#typeCount;
    this.#typeCount += 1;
    this.#typeIds.set(names, id).set(names.join('\0'), id);
    return `<TN RefId="${id}">${names.map((name) => `<T>${escapeMarkup(escapeText(name))}</T>`).join('')}</TN>`;
  }

  #container(container: PsContainer): string {
    const name = containerNames[container.kind];
    let content = '';
    if (container.kind === 'dictionary') {
      for (const [key, value] of container.entries) content += this.#entry(key, value);
    } else {
      for (const item of container.items) content += this.encode(item);
    }
    return `<${name}>${content}</${name}>`;
  }

  #entry(key: PsValue, value: PsValue): string {
    return `<En>${this.encode(key, ' N="Key"')}${this.encode(value, ' N="Value"')}</En>`;
  }

  #properties(name: string, members: ReadonlyMap<string, PsValue>): string {
    if (members.size === 0) return '';
    let content = '';
    for (const [key, member] of members) {
      content += this.encode(member, ` N="${escapeMarkup(escapeText(key))}"`);
    }
    return `<${name}>${content}</${name}>`;
  }
}

function progressMembers(record: PsProgress): string {
  const text = (name: string, value: string | undefined): string =>
    value === undefined ? '' : `<${name}>${escapeMarkup(escapeText(value))}</${name}>`;
  const number = (name: string, value: number | undefined): string =>
    value === undefined ? '' : `<${name}>${value}</${name}>`;
  return [
    text('AV', record.activity),
    number('AI', record.activityId),
    record.currentOperation === undefined ? '<Nil />' : text('S', record.currentOperation),
    number('PI', record.parentActivityId),
    number('PC', record.percentComplete),
    text('T', record.type),
    number('SR', record.secondsRemaining),
    text('SD', record.status),
  ].join('');
}
