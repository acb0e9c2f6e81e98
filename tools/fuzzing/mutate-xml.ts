import type { Chance } from '../../src/lab/prng.ts';
import { maxInputBytes } from './target.ts';

/** What this needs of a mutation's surroundings. */
interface Surroundings {
  readonly chance: Chance;
  readonly other: () => Uint8Array;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Takes out, doubles, nests, moves or exchanges a whole element, so that the rest stays well-formed. */
export function changeXml(input: Uint8Array, { chance, other }: Surroundings): Uint8Array {
  const text = Buffer.from(input).toString('latin1');
  const span = pickElement(text, chance);
  if (span === undefined) return input;
  const element = text.slice(span.from, span.to);
  const put = (part: string): Uint8Array =>
    Buffer.from(text.slice(0, span.from) + part + text.slice(span.to), 'latin1');
  switch (chance.between([0, 5])) {
    case 0:
      return put('');
    case 1:
      return put(element.repeat(1 + Math.min(chance.between([1, 3]), maxInputBytes / element.length)));
    case 2:
      return put(exchange(element, other(), chance));
    case 3:
      return put(rename(element, text, chance));
    case 4:
      return put(nest(element, chance));
    default:
      return put(element.replace(/>[^<>]*</, () => `>${chance.pick(contents)}<`));
  }
}

const contents = [
  ...['', ' ', '0', '-1', 'true', '_x000', '_x0000_', '_xD800_', '&#0;', '&#xFFFF;', '&amp;', '&x;'],
  ...['<![CDATA[]]>', '<!-- -->', '<?x ?>', ']]>', '9999999999999999999', '\xed\xa0\x80', '\xef\xbb\xbf'],
] as const;

function exchange(element: string, donor: Uint8Array, chance: Chance): string {
  const text = Buffer.from(donor).toString('latin1');
  const span = pickElement(text, chance);
  return span === undefined ? element : text.slice(span.from, span.to);
}

/** Gives the element the name of another one. */
function rename(element: string, text: string, chance: Chance): string {
  const names = [...text.matchAll(/<([A-Za-z][\w:.-]*)/g)].map(([, name = '']) => name);
  const name = names[Math.floor(chance.next() * names.length)] ?? 'Obj';
  return element.replace(/^<[\w:.-]+/, `<${name}`).replace(/<\/[\w:.-]+>$/, `</${name}>`);
}

/** Puts the element into itself, now and then very deep. */
function nest(element: string, chance: Chance): string {
  const cut = element.search(/(?<!\/)>/) + 1;
  const end = element.lastIndexOf('</');
  if (cut === 0 || end < cut) return element;
  const [start, stop] = [element.slice(0, cut), element.slice(end)];
  const depth = chance.next() < 0.8 ? chance.between([1, 3]) : chance.between([10, 600]);
  const fits = Math.max(1, Math.min(depth, Math.floor(maxInputBytes / (start.length + stop.length))));
  return start.repeat(fits) + element + stop.repeat(fits);
}

/** A whole element, found by counting tags; comments and such are not minded. */
function pickElement(text: string, chance: Chance): Span | undefined {
  const starts = [...text.matchAll(/<[A-Za-z]/g)];
  const start = starts[Math.floor(chance.next() * starts.length)];
  if (start === undefined) return undefined;
  const tags = /<(\/?)[A-Za-z][^<>]*?(\/?)>/g;
  tags.lastIndex = start.index;
  let depth = 0;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    if (tag[2] !== '/') depth += tag[1] === '/' ? -1 : 1;
    if (depth <= 0) return { from: start.index, to: tags.lastIndex };
  }
  return undefined;
}
