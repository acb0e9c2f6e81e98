import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { decodeBase64, encodeBase64 } from '../../wire/bytes/base64.ts';
import { emptyGuid } from '../../wire/psrp/guid.ts';
import { parseXml } from '../../wire/wsman/xml-element.ts';

/**
 * One line of PowerShell's server mode (`pwsh -s`); the pool has the empty GUID.
 *
 * @see OutOfProcTransportManager.cs https://github.com/PowerShell/PowerShell
 */
export interface PwshPacket {
  readonly kind:
    'Data' | 'DataAck' | 'Command' | 'CommandAck' | 'Signal' | 'SignalAck' | 'Close' | 'CloseAck';
  /** Upper case. */
  readonly id: string;
  readonly data: Uint8Array;
}

const kinds: ReadonlySet<string> = new Set([
  'Data',
  'DataAck',
  'Command',
  'CommandAck',
  'Signal',
  'SignalAck',
  'Close',
  'CloseAck',
]);

/** A Data packet: `Default` for input and fragments, `PromptResponse` for answers to host calls. */
export function dataPacket(
  id: string | undefined,
  stream: 'Default' | 'PromptResponse',
  data: Uint8Array,
): string {
  return `<Data Stream='${stream}' PSGuid='${guid(id)}'>${encodeBase64(data)}</Data>`;
}

export function controlPacket(kind: 'Command' | 'Signal' | 'Close', id: string | undefined): string {
  return `<${kind} PSGuid='${guid(id)}' />`;
}

/** Reads a line of the server; failure `psrp.malformed`. */
export function parsePwshPacket(line: string): Result<PwshPacket> {
  const root = parseXml(new TextEncoder().encode(line));
  if (!root.ok) return malformed(root.error);
  const { name, attributes, text } = root.value;
  const data = decodeBase64(text);
  if (!kinds.has(name) || data === undefined) return malformed(`<${name}> is no packet`);
  const id = (attributes.get('PSGuid') ?? '').toUpperCase();
  return ok({ kind: name as PwshPacket['kind'], id, data });
}

/** The key of a packet's sender: upper-case GUID, empty for the pool. */
export function packetOwner(packet: PwshPacket): string | undefined {
  return packet.id === emptyGuid ? undefined : packet.id;
}

const guid = (id: string | undefined): string => (id ?? emptyGuid).toLowerCase();

function malformed(reason: string): Result<never> {
  return err(failure('psrp.malformed', { reason: `a line of PowerShell's server mode: ${reason}` }));
}
