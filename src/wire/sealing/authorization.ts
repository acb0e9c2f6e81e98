import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';

/** HTTP schemes that carry NTLM tokens. */
export type NtlmScheme = 'Negotiate' | 'NTLM';

/** The whole value of the header by which a client says that its TLS certificate is its credential. @see DSP0226 §C.3.5 */
export const certificateScheme = 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual';

/** One challenge or credential: a scheme and, where it is base64, its token. */
export interface AuthHeader {
  readonly scheme: string;
  readonly token: Uint8Array | undefined;
}

/** The value of an Authorization or WWW-Authenticate header. */
export function formatAuth(scheme: string, token: Uint8Array): string {
  return `${scheme} ${encodeBase64(token)}`;
}

/**
 * Reads the values of an Authorization or WWW-Authenticate header, several to a line as RFC 9110 allows.
 *
 * Parameters such as `realm="…"` are left out; quoted texts may hold commas and scheme names.
 */
export function parseAuth(values: readonly string[]): readonly AuthHeader[] {
  return values.flatMap((value) =>
    splitOutsideQuotes(value)
      .map(parseItem)
      .filter((header) => /^[A-Za-z][A-Za-z0-9._-]*$/.test(header.scheme)),
  );
}

/** The first header of a scheme; schemes ignore case. */
export function findAuth(headers: readonly AuthHeader[], scheme: string): AuthHeader | undefined {
  return headers.find((header) => header.scheme.toLowerCase() === scheme.toLowerCase());
}

function parseItem(text: string): AuthHeader {
  const item = text.trim();
  const space = item.search(/[ \t]/);
  if (space < 0) return { scheme: item, token: undefined };
  return { scheme: item.slice(0, space), token: decodeBase64(item.slice(space)) };
}

function splitOutsideQuotes(value: string): readonly string[] {
  return Array.from(value.matchAll(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g), ([item]) => item);
}
