/**
 * A report is built whole before its first byte is sent: one that fails halfway is a refusal, not a file that ends
 * early. It lies in a file of no name in between, which is gone with its handle, whatever happens.
 */

import { randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../domain/problem.ts';

const MOST_BYTES = 200_000_000;
const READ_BYTES = 65_536;

export interface Spooled {
  readonly bytes: number;
  /** To be read or cancelled. */
  readonly stream: ReadableStream<Uint8Array>;
}

/** Throws what the source throws, and `period_too_large` for more than `mostBytes`. */
export async function spooled(source: AsyncIterable<Uint8Array>, mostBytes = MOST_BYTES): Promise<Spooled> {
  const file = await nameless();
  try {
    const bytes = await fill(file, source, mostBytes);
    return { bytes, stream: streamOf(file, bytes) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `mileage-report-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}

async function fill(file: FileHandle, source: AsyncIterable<Uint8Array>, mostBytes: number): Promise<number> {
  let bytes = 0;
  for await (const chunk of source) {
    if (bytes + chunk.length > mostBytes) {
      throw new Problem(
        'period_too_large',
        'This report would be too large. Ask for a shorter period, or for one car.',
      );
    }
    await file.write(chunk, 0, chunk.length, bytes);
    bytes += chunk.length;
  }
  return bytes;
}

function streamOf(file: FileHandle, bytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(READ_BYTES), 0, READ_BYTES, at);
      at += bytesRead;
      if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
      if (bytesRead > 0 && at < bytes) return;
      await file.close();
      if (at < bytes) controller.error(new Error('a report is shorter than it was written'));
      else controller.close();
    },
    cancel: () => file.close(),
  });
}
