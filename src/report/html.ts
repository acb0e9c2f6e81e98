/** Text that is safe in HTML and SVG; made by `html` and `raw` only, so that nothing gets into a page unescaped. */
export interface Html {
  readonly html: string;
}

export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/** A piece of markup: every value is escaped, unless it is markup itself; lists are joined, `undefined` is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const text = parts.map((part, index) => part + (index < values.length ? render(values[index]) : ''));
  return { html: text.join('') };
}

/** Markup of our own that no value went into, such as a style sheet. */
export const raw = (markup: string): Html => ({ html: markup });

/** The whole text of a page. */
export function render(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  return isList(value) ? value.map(render).join('') : value.html;
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are shown as their symbols: a page with a NUL in it is none. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, (character) =>
      String.fromCodePoint(0x2400 + character.charCodeAt(0)),
    );
}
