import type { XmlElement } from './xml-element.ts';

/** Whether an rsp:Stream is the last of its name; clients in the field write `True` as well as `true`. */
export function isEnd(stream: XmlElement): boolean {
  return stream.attributes.get('End')?.toLowerCase() === 'true';
}
