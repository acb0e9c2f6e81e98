import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { unwrap } from '../../../src/core/result.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';

const folder = 'fixtures/winrm-exchanges';
export const areExchangesMissing = isMissing(folder);

/** One request and its answer, as a real Windows gave it; undefined where the connection broke. */
export interface Exchange {
  readonly request: string;
  readonly response: string | undefined;
}

/** Names of all recordings. */
export function recordings(): readonly string[] {
  if (areExchangesMissing) return [];
  const files = readdirSync(sharedPath(folder)).filter((name) => /^test_.*\.yml$/.test(name));
  return files.map((name) => name.replace(/\.yml$/, '')).sort();
}

export function recorded(name: string): readonly Exchange[] {
  const file = readFileSync(sharedPath(`${folder}/${name}.yml`), 'utf8');
  const { messages } = parse(file) as { messages: { request: string; response: string | null }[] };
  return messages.map(({ request, response }) => ({ request, response: response ?? undefined }));
}

export const envelope = (source: string): Envelope =>
  unwrap(parseEnvelope(new TextEncoder().encode(source), 'a recording'));
