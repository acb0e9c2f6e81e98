import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A relay on loopback that keeps every byte that passes, as a capture on the network would. */
export interface WireTap {
  readonly port: number;
  /** What has passed so far, in the order in which it came, one character a byte. */
  readonly seen: () => string;
  close(): void;
}

export async function tapWire(port: number): Promise<WireTap> {
  const seen: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from.on('error', () => undefined));
      from.on('data', (bytes: Buffer) => {
        seen.push(bytes);
        to.write(bytes);
      });
      from.on('close', () => {
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen: () => Buffer.concat(seen).toString('latin1'),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
