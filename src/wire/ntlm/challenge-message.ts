import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { decodeAvPairs, encodeAvPairs } from './av-pairs.ts';
import type { AvPair } from './av-pairs.ts';
import { hasFlag } from './flags.ts';
import {
  malformed,
  PayloadLayout,
  readField,
  readHeader,
  sliceField,
  writeField,
  writeHeader,
} from './message-header.ts';
import { decodeName, encodeName } from './names.ts';
import { ntlmVersion, versionBytes } from './version.ts';

/** Up to and with the target information field; the version behind it may be missing. */
const fixedBytes = 48;

export interface ChallengeMessage {
  readonly flags: number;
  readonly targetName: string;
  /** 8 bytes. */
  readonly serverChallenge: Uint8Array;
  readonly targetInfo: readonly AvPair[];
  /** 8 bytes; ours where it is left out. */
  readonly version?: Uint8Array;
}

/** @see MS-NLMP §2.2.1.2 https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/801a4681-8809-4be9-ab0d-61dcfe762786 */
export function encodeChallenge(message: ChallengeMessage): Uint8Array {
  const layout = new PayloadLayout(fixedBytes + versionBytes);
  const target = layout.add(encodeName(message.targetName, message.flags));
  const info = layout.add(encodeAvPairs(message.targetInfo));
  const writer = writeHeader(new ByteWriter(), 2);
  writeField(writer, target).u32le(message.flags).bytes(message.serverChallenge).zeros(8);
  writeField(writer, info).bytes(message.version ?? ntlmVersion);
  return layout.write(writer).finish();
}

/** Reads CHALLENGE. Failure `auth.malformed-token`; also without target information, which NTLMv2 needs. */
export function decodeChallenge(bytes: Uint8Array): Result<ChallengeMessage> {
  const header = readHeader(bytes, 2);
  if (!header.ok) return header;
  const reader = header.value;
  const target = readField(reader);
  const flags = reader.u32le();
  const serverChallenge = reader.take(8);
  reader.take(8);
  const info = readField(reader);
  if (reader.isShort) return malformed(2, 'it is too short');
  const targetName = sliceField(bytes, target, fixedBytes);
  const infoBytes = sliceField(bytes, info, fixedBytes);
  if (targetName === undefined || infoBytes === undefined)
    return malformed(2, 'a part lies outside the message');
  if (!hasFlag(flags, 'targetInfo') || infoBytes.length === 0)
    return malformed(2, 'it has no target information, so NTLMv2 is not possible');
  const targetInfo = decodeAvPairs(infoBytes, 'NTLM CHALLENGE');
  if (!targetInfo.ok) return targetInfo;
  return ok({
    flags,
    targetName: decodeName(targetName, flags),
    serverChallenge,
    targetInfo: targetInfo.value,
  });
}
