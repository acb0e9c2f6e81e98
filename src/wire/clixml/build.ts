import { DocumentContext } from './document-context.ts';
import type { ClixmlItem } from './encode.ts';
import { ValuesFrame } from './frames.ts';
import type { Frame } from './frames.ts';
import type { SecretCipher } from './secret-cipher.ts';
import { noAttributes } from './xml-attributes.ts';
import type { XmlAttributes } from './xml-attributes.ts';
import type { XmlHandler } from './xml-scanner.ts';

/** Makes values of elements as they arrive: bare values, or the items of documents. */
export class ClixmlBuilder implements XmlHandler {
  readonly #cipher: SecretCipher | undefined;
  readonly #fail: (reason: string) => void;
  readonly #frames: Frame[] = [];
  #items: ClixmlItem[] = [];
  /** Whether the outermost element is a value rather than a document. */
  #isBare = false;
  /** Name of the element that is open now, where it has only text; most are such. */
  #leafName: string | undefined;
  #leafAttributes = noAttributes;
  #leafText = '';

  /** @param fail - Called with what is wrong; what is built from then on has no meaning. */
  constructor(cipher: SecretCipher | undefined, fail: (reason: string) => void) {
    this.#cipher = cipher;
    this.#fail = fail;
  }

  /** Takes the items that have become complete, in order. */
  take(): readonly ClixmlItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (this.#leafName !== undefined) {
      this.#fail(`<${this.#leafName}> has a content that its type cannot have`);
      return;
    }
    let parent = this.#frames.at(-1);
    if (parent === undefined) {
      parent = this.#beginDocument(attributes);
      this.#frames.push(parent);
      this.#isBare = name !== 'Objs';
      if (!this.#isBare) return;
    }
    const frame = parent.child(name, attributes);
    if (frame !== undefined) this.#frames.push(frame);
    else {
      this.#leafName = name;
      this.#leafAttributes = attributes;
      this.#leafText = '';
    }
  }

  text(text: string): void {
    if (this.#leafName !== undefined) this.#leafText += text;
    else if (this.#frames.length === 0 && /\S/.test(text))
      this.#fail('there is text outside of the elements');
  }

  close(): void {
    if (this.#leafName === undefined) this.#closeFrame();
    else {
      this.#frames.at(-1)?.leaf(this.#leafName, this.#leafAttributes, this.#leafText);
      this.#leafName = undefined;
    }
    if (this.#isBare && this.#frames.length === 1) this.#frames.pop();
  }

  #closeFrame(): void {
    const frame = this.#frames.pop();
    const value = frame?.close();
    if (frame !== undefined && value !== undefined) this.#frames.at(-1)?.add(value, frame.attributes);
  }

  /** Each document numbers its objects and types anew. */
  #beginDocument(attributes: XmlAttributes): Frame {
    const context = new DocumentContext(this.#cipher, this.#fail);
    return new ValuesFrame(context, attributes, (value, { stream }) => {
      this.#items.push({ stream: stream ?? 'output', value });
    });
  }
}
