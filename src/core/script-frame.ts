/**
 * The frame around every script that we send: it fixes the language settings and hands the arguments over, so that
 * a shipped script starts with its work. The first line names the script, for logs and for the lab.
 *
 * A framed script takes one parameter, `Arguments` (a hashtable). A write script takes `ValidUntil` (UTC, host time,
 * as `2026-11-23T21:00:00Z`) as well, and the host itself refuses to start it later than that.
 */
export function frameScript(script: {
  readonly kind: 'read' | 'write';
  readonly name: string;
  readonly text: string;
}): string {
  const prelude = script.kind === 'write' ? writePrelude : readPrelude;
  return `${namePrefix}${script.name}\n${prelude}${script.text}`;
}

/** The name of a framed script; undefined for any other text. */
export function framedScriptName(framed: string): string | undefined {
  if (!framed.startsWith(namePrefix)) return undefined;
  const end = framed.indexOf('\n');
  return framed.slice(namePrefix.length, end === -1 ? undefined : end);
}

/** `FullyQualifiedErrorId` of a write that reached the host after its `ValidUntil`. */
export const lateErrorId = 'CountersignLate';

const namePrefix = '#countersign ';

const settings = `$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Set-StrictMode -Version Latest
`;

const readPrelude = `param($Arguments)
${settings}`;

// Round-trip parsing is culture-free; a thrown text becomes the record's FullyQualifiedErrorId, which no locale translates.
const writePrelude = `param($Arguments, [string]$ValidUntil)
${settings}$limit = [DateTime]::Parse($ValidUntil, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::RoundtripKind)
if ([DateTime]::UtcNow -gt $limit) { throw '${lateErrorId}' }
`;
