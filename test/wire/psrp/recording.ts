import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { decodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { sharedPath } from '../../support/shared.ts';

/** The folder of recorded exchanges with Windows hosts. */
export const recordings = 'fixtures/winrm-exchanges';

/** PSRP bytes of one SOAP envelope, in order, with the command they name. */
export interface Payload {
  readonly exchange: number;
  readonly from: 'client' | 'server';
  readonly commandId: string | undefined;
  readonly bytes: Uint8Array;
}

interface Exchange {
  readonly request: string;
  readonly response: string | null;
}

/** Names of the recordings that hold PSRP. */
export function psrpRecordings(): readonly string[] {
  return readdirSync(sharedPath(recordings)).filter(
    (name) => /^test_(psrp|client).*\.yml$/.test(name) && name !== 'test_client_execute_cmd.yml',
  );
}

/** Elements of an envelope that carry fragments. */
const element = /<(?:\w+:)?(creationXml|connectXml|connectResponseXml|Arguments|Stream)\b([^>]*)>([^<]+)</g;

/** All PSRP payloads of a recording, in the order of the wire; those of plain shells are left out. */
export function payloadsOf(name: string): readonly Payload[] {
  const { messages } = parse(readFileSync(sharedPath(`${recordings}/${name}`), 'utf8')) as {
    messages: readonly Exchange[];
  };
  return messages.flatMap(({ request, response }, exchange) => {
    if (!request.includes('schemas.microsoft.com/powershell/')) return [];
    return [...payloads(request, exchange, 'client'), ...payloads(response ?? '', exchange, 'server')];
  });
}

function payloads(envelope: string, exchange: number, from: Payload['from']): Payload[] {
  const ofEnvelope = /CommandId="([^"]+)"/.exec(envelope)?.[1];
  return [...envelope.matchAll(element)].flatMap(([, , attributes = '', content = '']) => {
    const bytes = decodeBase64(content);
    if (bytes === undefined) return [];
    return [{ exchange, from, commandId: /CommandId="([^"]+)"/.exec(attributes)?.[1] ?? ofEnvelope, bytes }];
  });
}
