/** A wire between a store and the emulator that can be cut at a chosen moment. */

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What becomes of the next thing the store says, before the wire breaks once: it arrives and its answer is lost, or not even that. */
export type Cut = 'answer lost' | 'request lost';

export interface Wire {
  readonly host: string;
  /** From now on; the wire is whole again when the store connects anew. */
  cut(how: Cut): void;
  readonly cuts: number;
}

/** Long enough for the emulator to commit. */
const SETTLED_MS = 300;

export async function openWire(emulator: string): Promise<Wire> {
  const [host = '', port = ''] = emulator.split(':');
  const sockets = new Set<Socket>();
  let next: Cut | null = null;
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), host);
    let broken: Cut | null = null;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    const breakNow = (how: Cut) => {
      broken = how;
      next = null;
      cuts += 1;
      setTimeout(end, SETTLED_MS);
    };
    near.on('data', (bytes) => {
      if (next !== null && broken === null) breakNow(next);
      if (broken !== 'request lost') far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (broken === null) near.write(bytes);
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: (how) => (next = how),
    get cuts() {
      return cuts;
    },
  };
}
