import { failure } from '../../core/failure.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeClixml } from '../clixml/decode.ts';
import { encodeClixml } from '../clixml/encode.ts';
import type { SecretCipher } from '../clixml/secret-cipher.ts';
import { decodeGuid, encodeGuid } from './guid.ts';

/** Message types by their names in MS-PSRP §2.2.1; `pool-` and `pipeline-host-…` share their bodies. */
export const messageTypes = {
  'session-capability': 0x00010002,
  'init-runspacepool': 0x00010004,
  'public-key': 0x00010005,
  'encrypted-session-key': 0x00010006,
  'public-key-request': 0x00010007,
  'connect-runspacepool': 0x00010008,
  'set-max-runspaces': 0x00021002,
  'set-min-runspaces': 0x00021003,
  'runspace-availability': 0x00021004,
  'runspacepool-state': 0x00021005,
  'create-pipeline': 0x00021006,
  'get-available-runspaces': 0x00021007,
  'user-event': 0x00021008,
  'application-private-data': 0x00021009,
  'get-command-metadata': 0x0002100a,
  'runspacepool-init-data': 0x0002100b,
  'reset-runspace-state': 0x0002100c,
  'pool-host-call': 0x00021100,
  'pool-host-response': 0x00021101,
  'pipeline-input': 0x00041002,
  'end-of-pipeline-input': 0x00041003,
  'pipeline-output': 0x00041004,
  'error-record': 0x00041005,
  'pipeline-state': 0x00041006,
  'debug-record': 0x00041007,
  'verbose-record': 0x00041008,
  'warning-record': 0x00041009,
  'progress-record': 0x00041010,
  'information-record': 0x00041011,
  'pipeline-host-call': 0x00041100,
  'pipeline-host-response': 0x00041101,
} as const;
export type MessageType = keyof typeof messageTypes;

const typesByCode: ReadonlyMap<number, MessageType> = new Map(
  (Object.keys(messageTypes) as MessageType[]).map((type) => [messageTypes[type], type]),
);

/** One PSRP message; `pipelineId` is the empty GUID for messages of the pool. */
export interface PsrpMessage {
  readonly destination: 'client' | 'server';
  readonly type: MessageType;
  readonly poolId: string;
  readonly pipelineId: string;
  /** Undefined where the message has no data. */
  readonly body: PsValue | undefined;
}

const headerBytes = 40;
const byteOrderMark = new Uint8Array([0xef, 0xbb, 0xbf]);

/**
 * Serialises a message: a header of 40 bytes, then the body as CLIXML.
 *
 * Like Windows, a server begins its body with a byte order mark and a client does not.
 *
 * @param cipher - The session's key, once there is one.
 * @returns Failures: `psrp.no-session-key` for a SecureString without a key, `clixml.too-deep`.
 * @see MS-PSRP §2.2.1 https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-psrp
 */
export function encodeMessage(message: PsrpMessage, cipher?: SecretCipher): Result<Uint8Array> {
  const toServer = message.destination === 'server';
  const header = new ByteWriter()
    .u32le(toServer ? 2 : 1)
    .u32le(messageTypes[message.type])
    .bytes(encodeGuid(message.poolId))
    .bytes(encodeGuid(message.pipelineId));
  if (message.body === undefined) return ok(header.finish());
  const clixml = encodeClixml(message.body, cipher);
  if (!clixml.ok) return clixml;
  if (!toServer) header.bytes(byteOrderMark);
  return ok(header.bytes(new TextEncoder().encode(clixml.value)).finish());
}

/**
 * Reads a whole message. Failures: `psrp.malformed`, `clixml.malformed`, `clixml.limit`.
 *
 * @param rawOutput - Whether the body of PIPELINE_OUTPUT stays CLIXML: its text is then the body.
 */
export function decodeMessage(
  bytes: Uint8Array,
  cipher?: SecretCipher,
  rawOutput = false,
): Result<PsrpMessage> {
  const reader = new ByteReader(bytes);
  const destination = reader.u32le();
  const code = reader.u32le();
  const poolId = decodeGuid(reader.take(16));
  const pipelineId = decodeGuid(reader.take(16));
  if (reader.isShort) return malformed(`it has ${bytes.length} bytes, its header alone ${headerBytes}`);
  if (destination !== 1 && destination !== 2) return malformed(`destination ${destination} is unknown`);
  const type = typesByCode.get(code);
  if (type === undefined) return malformed(`message type 0x${code.toString(16)} is unknown`);
  const data = reader.take(reader.remaining);
  const isRaw = rawOutput && type === 'pipeline-output';
  const body: Result<PsValue | undefined> =
    data.length === 0
      ? ok(undefined)
      : isRaw
        ? ok(new TextDecoder().decode(data))
        : decodeClixml(data, { cipher });
  if (!body.ok) return body;
  return ok({
    destination: destination === 2 ? 'server' : 'client',
    type,
    poolId,
    pipelineId,
    body: body.value,
  });
}

const malformed = (reason: string): Result<never> => err(failure('psrp.malformed', { reason }));
