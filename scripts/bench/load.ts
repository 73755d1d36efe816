/** A load of requests over plain sockets, cheap enough to leave the measured server the other core. Loopback only, bounded in time. */

import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly forMs: number;
  /** The next whole request, for a connection's number. */
  readonly next: (connection: number) => string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Every connection sends its next request when the answer to the one before is there. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const startedMs = performance.now();
  const untilMs = startedMs + options.forMs;
  const failed = await Promise.all(
    Array.from({ length: options.connections }, (_, i) => converse(options, i, untilMs, latencies)),
  );
  return resultOf(latencies, performance.now() - startedMs, failed);
}

/** `failed`: how many calls of each connection, or user. */
export function resultOf(latencies: readonly number[], tookMs: number, failed: readonly number[]): LoadResult {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    perSecond: Math.round(sorted.length / (tookMs / 1_000)),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failed: failed.reduce((sum, one) => sum + one, 0),
  };
}

function converse({ port, next }: LoadOptions, i: number, untilMs: number, latencies: number[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let sentMs = 0;
    let failed = 0;
    let waiting = '';
    const send = () => {
      sentMs = performance.now();
      socket.write(next(i));
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      waiting += String(chunk);
      if (!isWhole(waiting)) return;
      if (!waiting.startsWith('HTTP/1.1 2')) failed += 1;
      waiting = '';
      const now = performance.now();
      latencies.push(now - sentMs);
      if (now < untilMs) return send();
      socket.end();
      resolve(failed);
    });
  });
}

const LENGTH = /content-length: (\d+)/i;

function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = LENGTH.exec(text.slice(0, head));
  return length ? text.length >= head + 4 + Number(length[1]) : text.endsWith('0\r\n\r\n');
}

export function request(method: string, path: string, headers: string, body: string): string {
  const length = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}${length}\r\n${body}`;
}
