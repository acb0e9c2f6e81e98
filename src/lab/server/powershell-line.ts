import { decodeBase64 } from '../../wire/bytes/base64.ts';

/**
 * The script of a `powershell -EncodedCommand` line, as clients without PSRP send it.
 *
 * @returns Undefined where the line starts another program, or PowerShell in another way.
 */
export function encodedScript(line: string): string | undefined {
  const [program = '', ...words] = line.trim().split(/\s+/);
  if (!/^"?(?:.*[\\/])?(?:powershell|pwsh)(?:\.exe)?"?$/i.test(program)) return undefined;
  const at = words.findIndex(isEncodedCommand);
  const encoded = at === -1 ? undefined : words[at + 1];
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded);
  return bytes === undefined ? undefined : new TextDecoder('utf-16le').decode(bytes);
}

/** PowerShell takes any beginning of the name, and `ec`. */
function isEncodedCommand(word: string): boolean {
  const name = /^[-/]([a-z]+)$/i.exec(word)?.[1]?.toLowerCase();
  return name !== undefined && (name === 'ec' || 'encodedcommand'.startsWith(name));
}
