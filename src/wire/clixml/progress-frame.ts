import type { PsProgress } from '../../core/ps-value.ts';
import { unescapeText } from './escape.ts';
import { decodePrimitive } from './primitives.ts';
import type { XmlAttributes } from './xml-attributes.ts';

/** A progress record in the compact form: texts under short names. */
export class ProgressFrame {
  readonly attributes: XmlAttributes;
  readonly #texts = new Map<string, string>();

  constructor(attributes: XmlAttributes) {
    this.attributes = attributes;
  }

  child(): undefined {
    return undefined;
  }

  leaf(name: string, _attributes: XmlAttributes, text: string): void {
    this.#texts.set(name, unescapeText(text));
  }

  add(): void {
    // Its children have no frames.
  }

  close(): PsProgress {
    return {
      kind: 'progress',
      activity: this.#texts.get('AV'),
      activityId: this.#number('AI'),
      status: this.#texts.get('SD'),
      currentOperation: this.#texts.get('S') ?? this.#texts.get('CO'),
      parentActivityId: this.#number('PI'),
      percentComplete: this.#number('PC'),
      secondsRemaining: this.#number('SR'),
      type: this.#texts.get('T'),
    };
  }

  #number(name: string): number | undefined {
    const value = decodePrimitive('I32', this.#texts.get(name) ?? '');
    return typeof value === 'number' ? value : undefined;
  }
}
