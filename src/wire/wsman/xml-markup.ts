/** Builds one element; content is markup already, attribute values are plain text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => (value === undefined ? '' : ` ${key}="${text(value)}"`))
    .join('');
  const inner = content.join('');
  return inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>`;
}

/** A plain text as markup, for contents and for attributes in double quotes; what XML cannot hold becomes U+FFFD. */
export function text(plain: string): string {
  if (!needsCare.test(plain)) return plain;
  return plain
    .toWellFormed()
    .replace(notXml, '\ufffd')
    .replace(reserved, (character) => `&#${character.charCodeAt(0)};`);
}

// Line ends and tabs are written as references, since parsers normalise the raw ones.
const reserved = /[&<>"\t\n\r]/g;
const notXml = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const needsCare = /[&<>"\0-\x1f\ud800-\udfff\ufffe\uffff]/;
