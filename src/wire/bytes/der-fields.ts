import { contextTag, DerTag, readDerParts, readOnlyDer } from './der.ts';

/**
 * The fields `[n]` of a DER sequence by their number, each once and in rising order.
 *
 * @param last - The highest number that is known.
 * @returns undefined for anything else; what a field holds is not looked at.
 */
export function readDerFields(
  sequence: Uint8Array | undefined,
  last: number,
): ReadonlyMap<number, Uint8Array> | undefined {
  const content = sequence && readOnlyDer(sequence, DerTag.sequence);
  const parts = content && readDerParts(content);
  if (parts === undefined) return undefined;
  const fields = new Map<number, Uint8Array>();
  let previous = -1;
  for (const { tag, content: field } of parts) {
    const number = tag - contextTag(0);
    if (number <= previous || number > last) return undefined;
    fields.set(number, field);
    previous = number;
  }
  return fields;
}
