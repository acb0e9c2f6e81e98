import type { Socket } from 'node:net';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { ProxySettings } from '../../core/target.ts';
import type { Attempt } from './attempt.ts';
import { hostName } from './request-head.ts';
import { connectFailure, errorCode } from './socket-failure.ts';
import { openTcp } from './tcp.ts';

const maxHeadBytes = 65_536;

/**
 * Connects to an HTTP proxy and has it open a tunnel to the endpoint.
 *
 * Failures: `net.proxy-unreachable`, `net.proxy-authentication`, `net.proxy-forbidden`, `net.proxy-failed`,
 * `net.proxy-not-http`, `net.timeout`, `net.aborted`.
 *
 * @see RFC 9110 §9.3.6 CONNECT, https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export async function openTunnel(attempt: Attempt, proxy: ProxySettings): Promise<Result<Socket>> {
  const { endpoint } = attempt;
  attempt.stage = 'Asking the proxy';
  const unreachable = (error: Error): Failure =>
    tunnelFailure(attempt, proxy, 'net.proxy-unreachable', {
      reason: connectFailure({ ...proxy, connectTimeout: endpoint.connectTimeout }, error).message,
    });
  const opened = await openTcp(attempt, proxy, unreachable);
  if (!opened.ok) return opened;
  const socket = opened.value;
  socket.write(formatConnect(attempt, proxy), 'latin1');
  const answer = await readAnswer(attempt, proxy, socket);
  if (!answer.ok) return answer;
  const refused = judge(attempt, proxy, answer.value);
  if (refused === undefined) return opened;
  socket.on('error', () => undefined);
  socket.destroy();
  return err(refused);
}

function formatConnect({ endpoint }: Attempt, { user, password }: ProxySettings): string {
  const target = `${hostName(endpoint.address)}:${String(endpoint.port)}`;
  const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
  if (user !== undefined) {
    const credentials = Buffer.from(`${user}:${password?.reveal() ?? ''}`, 'utf8').toString('base64');
    head.push(`Proxy-Authorization: Basic ${credentials}`);
  }
  return `${head.join('\r\n')}\r\n\r\n`;
}

interface ProxyAnswer {
  readonly head: string;
  /** Whether bytes came behind the head: in a tunnel the other end waits for us to begin. */
  readonly hasMore: boolean;
}

function readAnswer(attempt: Attempt, proxy: ProxySettings, socket: Socket): Promise<Result<ProxyAnswer>> {
  const notHttp = (): Failure => tunnelFailure(attempt, proxy, 'net.proxy-not-http');
  const gone = (error: Error): Failure =>
    tunnelFailure(attempt, proxy, 'net.proxy-unreachable', { reason: errorCode(error) });
  return attempt.wait(socket, gone, (settle) => {
    let received: Buffer = Buffer.alloc(0);
    const onReadable = (): void => {
      for (let chunk = read(socket); chunk !== null; chunk = read(socket))
        received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\r\n\r\n');
      if (end >= 0)
        settle(ok({ head: received.toString('latin1', 0, end), hasMore: received.length > end + 4 }));
      else if (received.length > maxHeadBytes) settle(err(notHttp()));
    };
    const onEnd = (): void => {
      settle(err(notHttp()));
    };
    socket.on('readable', onReadable).once('end', onEnd);
    return () => socket.off('readable', onReadable).off('end', onEnd);
  });
}

const read = (socket: Socket): Buffer | null => socket.read() as Buffer | null;

function judge(attempt: Attempt, proxy: ProxySettings, { head, hasMore }: ProxyAnswer): Failure | undefined {
  const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)(?: |\r\n|$)/.exec(head)?.[1] ?? 0);
  if (status >= 200 && status < 300 && !hasMore) return undefined;
  switch (status) {
    case 0:
    case 200:
      return tunnelFailure(attempt, proxy, 'net.proxy-not-http');
    case 407: {
      const offered = [...head.matchAll(/^proxy-authenticate:[ \t]*([^ \t\r\n,]+)/gim)].map((it) => it[1]);
      const details = { offered: offered.join(', ') || 'nothing', presented: proxy.user !== undefined };
      return tunnelFailure(attempt, proxy, 'net.proxy-authentication', details);
    }
    case 403:
    case 405:
      return tunnelFailure(attempt, proxy, 'net.proxy-forbidden', { status });
    default:
      return tunnelFailure(attempt, proxy, 'net.proxy-failed', { status });
  }
}

type TunnelCode =
  | 'net.proxy-unreachable'
  | 'net.proxy-authentication'
  | 'net.proxy-forbidden'
  | 'net.proxy-failed'
  | 'net.proxy-not-http';

function tunnelFailure(
  { endpoint }: Attempt,
  proxy: ProxySettings,
  code: TunnelCode,
  details: JsonObject = {},
): Failure {
  const { address, port } = endpoint;
  const via = `${hostName(proxy.address)}:${String(proxy.port)}`;
  return failure(code, { address, port, proxy: via, ...details, sent: false });
}
