import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';

/** HTTP schemes that carry NTLM tokens. */
export type NtlmScheme = 'Negotiate' | 'NTLM';

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
      .map((item) => /^([A-Za-z][A-Za-z0-9._-]*)(?:[ \t]+(\S.*))?$/.exec(item.trim()))
      .filter((match) => match !== null)
      .map((match) => ({ scheme: match[1] ?? '', token: decodeToken(match[2]) })),
  );
}

/** The first header of a scheme; schemes ignore case. */
export function findAuth(headers: readonly AuthHeader[], scheme: string): AuthHeader | undefined {
  return headers.find((header) => header.scheme.toLowerCase() === scheme.toLowerCase());
}

function decodeToken(text: string | undefined): Uint8Array | undefined {
  const token = text === undefined ? undefined : decodeBase64(text);
  return token?.length === 0 ? undefined : token;
}

function splitOutsideQuotes(value: string): readonly string[] {
  return value.match(/(?:"(?:\\.|[^"\\])*"|[^,"]|")+/g) ?? [];
}
