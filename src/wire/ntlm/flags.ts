/** NEGOTIATE flags. @see MS-NLMP §2.2.2.5 https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/99d90ff4-957f-4c8a-80e4-5bfe5a9a9832 */
export const NtlmFlag = {
  unicode: 0x0000_0001,
  oem: 0x0000_0002,
  requestTarget: 0x0000_0004,
  sign: 0x0000_0010,
  seal: 0x0000_0020,
  ntlm: 0x0000_0200,
  alwaysSign: 0x0000_8000,
  targetTypeServer: 0x0002_0000,
  extendedSessionSecurity: 0x0008_0000,
  targetInfo: 0x0080_0000,
  version: 0x0200_0000,
  strength128: 0x2000_0000,
  keyExchange: 0x4000_0000,
  strength56: 0x8000_0000,
} as const;

export type NtlmFlagName = keyof typeof NtlmFlag;

/** Whether a flag is set in a 32-bit flag field. */
export function hasFlag(flags: number, name: NtlmFlagName): boolean {
  return (flags & NtlmFlag[name]) !== 0;
}

/** The 32-bit field (unsigned) of the named flags. */
export function flagField(...names: readonly NtlmFlagName[]): number {
  return names.reduce((field, name) => (field | NtlmFlag[name]) >>> 0, 0);
}

/** What both roles ask for: Unicode, NTLMv2 session security, signing and sealing with 128-bit keys. */
export const wantedFlags = flagField(
  'unicode',
  'requestTarget',
  'sign',
  'seal',
  'ntlm',
  'alwaysSign',
  'extendedSessionSecurity',
  'version',
  'strength128',
  'keyExchange',
  'strength56',
);

/** Without these nothing is sealed as we need it, so we stop instead of going on more weakly. */
const indispensable = ['unicode', 'sign', 'seal', 'extendedSessionSecurity', 'strength128'] as const;

/** The indispensable flags that a field lacks. */
export function missingFlags(flags: number): readonly NtlmFlagName[] {
  return indispensable.filter((name) => !hasFlag(flags, name));
}
