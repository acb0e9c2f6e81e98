import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServedResponse } from '../../ports/http-listener.ts';

/** Sends an answer of a served host, at its pace and to the end that it wants. */
export async function sendResponse(
  response: ServerResponse,
  answer: ServedResponse,
  tcp: Socket,
): Promise<void> {
  const { body, pace, cutAfter, ending } = answer;
  if (answer.close === true) response.setHeader('Connection', 'close');
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
  if (pace === undefined && cutAfter === undefined) response.end(body);
  else await sendPieces(response, answer);
  if (cutAfter !== undefined) tcp.resetAndDestroy();
  else if (ending === 'close') response.socket?.end();
}

async function sendPieces(response: ServerResponse, { body, pace, cutAfter }: ServedResponse): Promise<void> {
  const end = Math.min(body.length, cutAfter ?? body.length);
  const step = pace?.bytes ?? Math.max(1, end);
  response.flushHeaders();
  for (let at = 0; at < end; at += step) {
    if (pace !== undefined) await sleep(pace.pause);
    if (response.destroyed) return;
    await written(response, body.subarray(at, Math.min(end, at + step)));
  }
  if (cutAfter === undefined) response.end();
}

function written(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}
