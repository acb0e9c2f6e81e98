import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What the parent asks of the process that delays: a port before each of these. */
export interface DelayRequest {
  readonly ports: readonly number[];
  /** There and back together. */
  readonly roundTripMs: number;
}

process.on('message', (request: DelayRequest) => {
  void serveAll(request).then((ports) => process.send?.(ports));
});
process.on('disconnect', () => process.exit(0));

async function serveAll({ ports, roundTripMs }: DelayRequest): Promise<readonly number[]> {
  const far: number[] = [];
  for (const port of ports) far.push(await serve(port, roundTripMs));
  return far;
}

/** A port that leads to another, as far away as the delay says; bandwidth is not limited. */
function serve(port: number, roundTripMs: number): Promise<number> {
  const server = createServer((client) => {
    const host = connect({ port, host: '127.0.0.1' });
    // A connection is open for the client one round trip after it asked, which the kernel here grants at once.
    const openAt = performance.now() + roundTripMs;
    forward(client, host, roundTripMs / 2, openAt);
    forward(host, client, roundTripMs / 2, 0);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function forward(from: Socket, to: Socket, delayMs: number, notBefore: number): void {
  from.setNoDelay(true);
  const later = (act: () => void): void => at(Math.max(performance.now(), notBefore) + delayMs, act);
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
  from.on('close', () => later(() => to.destroy()));
}

interface Due {
  readonly when: number;
  readonly act: () => void;
}

const queue: Due[] = [];
let isWatching = false;

/** Acts within a few microseconds of the moment; timers of Node are late by up to a millisecond and more. */
function at(when: number, act: () => void): void {
  // Delays are equal but for new connections, so new ones mostly belong to the end.
  let place = queue.length;
  while (place > 0 && (queue[place - 1]?.when ?? 0) > when) place -= 1;
  queue.splice(place, 0, { when, act });
  if (!isWatching) watch();
}

function watch(): void {
  for (let [first] = queue; first !== undefined && first.when <= performance.now(); [first] = queue) {
    queue.shift();
    first.act();
  }
  const [next] = queue;
  isWatching = next !== undefined;
  if (next === undefined) return;
  const waitMs = next.when - performance.now();
  if (waitMs > 2) setTimeout(watch, waitMs - 1.5);
  else setImmediate(watch);
}
