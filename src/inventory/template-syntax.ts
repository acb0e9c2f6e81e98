/** The part of Jinja that inventories may use: variables, members, three filters and one lookup. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly key: string | number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'case'; readonly of: Expression; readonly to: 'lower' | 'upper' }
  | {
      readonly kind: 'default';
      readonly of: Expression;
      readonly otherwise: Expression;
      /** `default(x, true)`: an empty value counts as missing. */
      readonly whenEmpty: boolean;
    };

export type TemplatePart = string | Expression;

/** What cannot be read as one of these expressions; the message says what and why. */
export interface TemplateError {
  readonly reason: string;
}

/** Whether Jinja would find something to do in the text. */
export function hasTemplate(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text);
}

/** Splits a text into plain parts and expressions. */
export function parseTemplate(text: string): readonly TemplatePart[] | TemplateError {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const open = text.slice(at).search(/\{\{|\{%|\{#/);
    if (open < 0) {
      if (at < text.length) parts.push(text.slice(at));
      return parts;
    }
    const start = at + open;
    if (!text.startsWith('{{', start))
      return { reason: 'statements ({% %}) and comments ({# #}) are not understood' };
    if (start > at) parts.push(text.slice(at, start));
    const tokens = tokenize(text, start + 2);
    if ('reason' in tokens) return tokens;
    const expression = new ExpressionParser(tokens.tokens).parse();
    if ('reason' in expression) return expression;
    parts.push(expression);
    at = tokens.end;
  }
}

const token =
  /\s*(?:(\}\})|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([|.,()[\]=]))/y;

interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'sign';
  readonly text: string;
}

function tokenize(
  text: string,
  start: number,
): { readonly tokens: readonly Token[]; readonly end: number } | TemplateError {
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    const pattern = new RegExp(token);
    pattern.lastIndex = at;
    const [, end, quoted, number, name, sign] = pattern.exec(text) ?? [];
    if (end !== undefined) return { tokens, end: pattern.lastIndex };
    if (quoted !== undefined) tokens.push({ kind: 'text', text: unquote(quoted) });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else return { reason: unreadable(text.slice(at).trim()) };
    at = pattern.lastIndex;
  }
}

function unreadable(rest: string): string {
  return rest === '' ? 'an expression is not closed by }}' : `${rest.slice(0, 20)} is not understood`;
}

/** As Python reads a string: a backslash before anything that it does not escape stays, as in `CORP\svc`. */
function unquote(quoted: string): string {
  const escapes: Readonly<Record<string, string>> = {
    n: '\n',
    r: '\r',
    t: '\t',
    '\\': '\\',
    "'": "'",
    '"': '"',
  };
  return quoted.slice(1, -1).replace(/\\(.)/gs, (whole, char: string) => escapes[char] ?? whole);
}

const literals = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

/** Deepest nesting of filters, members and arguments. */
const maxSteps = 50;

class ExpressionParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #steps = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression | TemplateError {
    const expression = this.#filtered();
    if ('reason' in expression) return expression;
    const rest = this.#tokens[this.#at];
    return rest === undefined ? expression : { reason: `${rest.text} is not understood` };
  }

  #filtered(): Expression | TemplateError {
    let expression = this.#primary();
    while (!('reason' in expression)) {
      if (this.#steps++ > maxSteps) return { reason: 'the expression is too long' };
      if (this.#take('.')) expression = this.#named(expression);
      else if (this.#take('[')) expression = this.#indexed(expression);
      else if (this.#take('|')) expression = this.#filter(expression);
      else return expression;
    }
    return expression;
  }

  #primary(): Expression | TemplateError {
    const next = this.#tokens[this.#at++];
    switch (next?.kind) {
      case undefined:
        return { reason: 'an expression is missing' };
      case 'text':
        return { kind: 'literal', value: next.text };
      case 'number':
        return { kind: 'literal', value: Number(next.text) };
      case 'sign':
        return { reason: `${next.text} is not understood` };
      case 'name': {
        const literal = literals.get(next.text);
        if (literal !== undefined) return { kind: 'literal', value: literal };
        if (!this.#take('(')) return { kind: 'variable', name: next.text };
        return next.text === 'lookup'
          ? this.#lookup()
          : { reason: `the function ${next.text}() is not understood` };
      }
    }
  }

  #lookup(): Expression | TemplateError {
    const kind = this.#text();
    const isComma = this.#take(',');
    const name = this.#text();
    const isKnown = kind === 'env' || kind === 'ansible.builtin.env';
    if (isKnown && isComma && name !== undefined && this.#take(')')) return { kind: 'environment', name };
    return { reason: `the only lookup is lookup('env', 'NAME')` };
  }

  #filter(of: Expression): Expression | TemplateError {
    const name = this.#tokens[this.#at++]?.text ?? '';
    if (name === 'lower' || name === 'upper') {
      // `lower()` is the same as `lower`.
      if (this.#take('(') && !this.#take(')')) return { reason: `${name} takes no argument` };
      return { kind: 'case', of, to: name };
    }
    if (name !== 'default' && name !== 'd') return { reason: `the filter ${name} is not understood` };
    if (!this.#take('(')) return { reason: `${name} needs a value in parentheses` };
    return this.#default(of);
  }

  #default(of: Expression): Expression | TemplateError {
    const otherwise = this.#filtered();
    if ('reason' in otherwise) return otherwise;
    let whenEmpty = false;
    if (this.#take(',')) {
      if (this.#tokens[this.#at]?.text === 'boolean' && this.#tokens[this.#at + 1]?.text === '=')
        this.#at += 2;
      const flag = literals.get(this.#tokens[this.#at++]?.text ?? '');
      if (typeof flag !== 'boolean')
        return { reason: 'the second argument of default must be true or false' };
      whenEmpty = flag;
    }
    return this.#take(')')
      ? { kind: 'default', of, otherwise, whenEmpty }
      : { reason: 'default( is not closed' };
  }

  #named(of: Expression): Expression | TemplateError {
    const next = this.#tokens[this.#at++];
    return next?.kind === 'name'
      ? { kind: 'member', of, key: next.text }
      : { reason: 'a name must follow the dot' };
  }

  #indexed(of: Expression): Expression | TemplateError {
    const next = this.#tokens[this.#at++];
    const key = next?.kind === 'number' ? Number(next.text) : next?.kind === 'text' ? next.text : undefined;
    return key !== undefined && this.#take(']')
      ? { kind: 'member', of, key }
      : { reason: 'a quoted name or a number must stand in the brackets' };
  }

  #text(): string | undefined {
    const next = this.#tokens[this.#at];
    if (next?.kind !== 'text') return undefined;
    this.#at++;
    return next.text;
  }

  #take(sign: string): boolean {
    const next = this.#tokens[this.#at];
    if (next?.kind !== 'sign' || next.text !== sign) return false;
    this.#at++;
    return true;
  }
}
