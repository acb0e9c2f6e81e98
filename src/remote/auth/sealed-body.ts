import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Target } from '../../core/target.ts';
import type { HttpResponse } from '../../ports/http-connection.ts';
import {
  decodeSealed,
  encodeSealed,
  isSealedContentType,
  sealedContentType,
  soapContentType,
} from '../../wire/sealing/multipart-encrypted.ts';
import type { SecurityContext } from '../../wire/security-context.ts';

/** A request body with the header that names its kind. */
export interface FramedBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The envelope as it travels: sealed where there is a context. Failure `auth.not-sealed`. */
export function frameEnvelope(
  envelope: Uint8Array,
  context: SecurityContext | undefined,
): Result<FramedBody> {
  if (context === undefined) return ok({ contentType: soapContentType, body: envelope });
  const { protocol } = context;
  const sealed = context.seal(envelope);
  if (!sealed.ok) return sealed;
  const body = encodeSealed(protocol, sealed.value, envelope.length);
  return ok({ contentType: sealedContentType(protocol), body });
}

/**
 * The SOAP message in an answer.
 *
 * Failures: `auth.unsealed` where it came in clear text although we seal, `auth.malformed-sealing`, `auth.bad-seal`.
 */
export function openAnswer(
  target: Target,
  response: HttpResponse,
  context: SecurityContext | undefined,
): Result<Uint8Array> {
  if (context === undefined) return ok(response.body);
  if (!isSealedContentType(response.headers['content-type']?.[0]))
    return err(failure('auth.unsealed', { host: target.host, status: response.status }));
  const frame = decodeSealed(response.body);
  if (!frame.ok) return frame;
  return context.unseal(frame.value.header, frame.value.body);
}
