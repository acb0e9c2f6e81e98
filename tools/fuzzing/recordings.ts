import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { decodeBase64 } from '../../src/wire/bytes/base64.ts';

/** Envelopes that were exchanged with real Windows hosts; they are not part of the project, and may be missing. */
export interface RecordedExchange {
  readonly request: string;
  readonly response: string;
}

interface Recording {
  readonly messages: readonly { readonly request: string; readonly response: string | null }[];
}

const folder = resolve(process.env['COUNTERSIGN_SHARED'] ?? '../shared', 'fixtures/winrm-exchanges');

let loaded: readonly RecordedExchange[] | undefined;

/** All exchanges, read once; none on a machine without the recordings. */
export function recordedExchanges(): readonly RecordedExchange[] {
  return (loaded ??= existsSync(folder) ? loadExchanges() : []);
}

function loadExchanges(): readonly RecordedExchange[] {
  const names = readdirSync(folder).filter((name) => /^test_.*\.yml$/.test(name));
  return names.flatMap((name) =>
    (parse(readFileSync(join(folder, name), 'utf8')) as Recording).messages.map(({ request, response }) => ({
      request,
      response: response ?? '',
    })),
  );
}

const carriers = /<(?:\w+:)?(?:creationXml|connectXml|connectResponseXml|Arguments|Stream)\b[^>]*>([^<]+)</g;

/** PSRP fragments that one side sent, one entry an element. */
export function recordedFragments(from: keyof RecordedExchange): readonly Uint8Array[] {
  return recordedExchanges()
    .filter(({ request }) => request.includes('schemas.microsoft.com/powershell/'))
    .flatMap((exchange) => [...exchange[from].matchAll(carriers)])
    .flatMap(([, content = '']) => decodeBase64(content) ?? []);
}

const mostOfAKind = 40;

/** A few of many: small ones of different lengths first, since mutations of them run fastest and reach most. */
export function pickSeeds(all: readonly Uint8Array[]): readonly Uint8Array[] {
  const byLength = new Map(all.map((seed) => [seed.length, seed]));
  return [...byLength.values()].sort((a, b) => a.length - b.length).slice(0, mostOfAKind);
}
