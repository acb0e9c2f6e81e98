import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ServedRequest } from '../../ports/http-listener.ts';
import { peerCertificate } from './peer-certificate.ts';

const maxBodyBytes = 64 * 1024 * 1024;

/** A request of Node's server as handlers see it. */
export function describeRequest(
  request: IncomingMessage,
  rest: Pick<ServedRequest, 'connection' | 'body' | 'signal'>,
): ServedRequest {
  const headers: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) headers[name] = values ?? [];
  const certificate = request.socket instanceof TLSSocket ? peerCertificate(request.socket) : undefined;
  return {
    ...{ method: request.method ?? '', path: request.url ?? '', headers },
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
    ...rest,
  };
}

/** The whole body; undefined where the peer went away, or sends more than we take. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    // The peer went away in the middle; `disconnected` tells the handler.
    return undefined;
  }
  return new Uint8Array(Buffer.concat(chunks));
}
