import { failure } from '../../core/failure.ts';
import { propertyOf, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';

/** What a side can do: SESSION_CAPABILITY (MS-PSRP §2.2.2.1). Versions are texts such as `2.3`. */
export interface SessionCapability {
  readonly protocolVersion: string;
  readonly psVersion: string;
  readonly serializationVersion: string;
}

/** The one serialisation there is; both versions beside the protocol's are constants by the specification. */
export function sessionCapability(protocolVersion: string): SessionCapability {
  return { protocolVersion, psVersion: '2.0', serializationVersion: '1.1.0.1' };
}

export function encodeSessionCapability(capability: SessionCapability): PsValue {
  return psRecord({
    protocolversion: { kind: 'version', text: capability.protocolVersion },
    PSVersion: { kind: 'version', text: capability.psVersion },
    SerializationVersion: { kind: 'version', text: capability.serializationVersion },
  });
}

export function decodeSessionCapability(body: PsValue | undefined): Result<SessionCapability> {
  const version = (name: string): string | undefined => textOf(propertyOf(body, name));
  const protocolVersion = version('protocolversion');
  if (protocolVersion === undefined) {
    return err(failure('psrp.malformed', { reason: 'the session capability names no protocol version' }));
  }
  if (!/^2(\.|$)/.test(protocolVersion)) {
    return err(failure('psrp.malformed', { reason: `protocol version ${protocolVersion} is unknown` }));
  }
  return ok({
    protocolVersion,
    psVersion: version('PSVersion') ?? '',
    serializationVersion: version('SerializationVersion') ?? '',
  });
}

/** Whether a protocol version is at least another, both as `2.x`. */
export function isAtLeast(version: string, least: string): boolean {
  const minor = (text: string): number => Number(text.split('.')[1] ?? 0);
  return minor(version) >= minor(least);
}
