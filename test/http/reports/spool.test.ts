import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { spooled } from '../../../src/http/reports/spool.ts';
import { Turns } from '../../../src/http/reports/turns.ts';

async function* chunks(count: number, size: number, dies = false): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) yield new Uint8Array(size).fill(i);
  if (dies) throw new Error('gone');
}

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('mileage-report-'));

it('gives back every byte, and leaves no file behind', async () => {
  const { bytes, stream } = await spooled(chunks(50, 10_007));
  expect(left()).toEqual([]);
  const read = new Uint8Array(await new Response(stream).arrayBuffer());
  expect([bytes, read.length]).toEqual([500_350, 500_350]);
  expect([read[0], read[10_007], read.at(-1)]).toEqual([0, 1, 49]);
});

it('can be left unread, and read in part', async () => {
  const one = await spooled(chunks(2, 100_000));
  await one.stream.cancel();
  const other = await spooled(chunks(2, 100_000));
  const reader = other.stream.getReader();
  expect((await reader.read()).value).toHaveLength(65_536);
  await reader.cancel();
  expect(left()).toEqual([]);
});

it('gives nothing of a source that fails, or that is too large', async () => {
  await expect(spooled(chunks(3, 10, true))).rejects.toThrow('gone');
  await expect(spooled(chunks(3, 10), 29)).rejects.toMatchObject({ code: 'period_too_large' });
  expect((await spooled(chunks(3, 10), 30)).bytes).toBe(30);
});

interface Job {
  readonly end: () => void;
  readonly done: Promise<unknown>;
}

function job(turns: Turns, user: string, begun: string[], name: string): Job {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = turns.with(user, async () => {
    begun.push(name);
    await promise;
  });
  return { end: resolve, done };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

it('makes few reports at once, and one of each user', async () => {
  const turns = new Turns();
  const begun: string[] = [];
  const a1 = job(turns, 'a', begun, 'a1');
  const a2 = job(turns, 'a', begun, 'a2');
  const b1 = job(turns, 'b', begun, 'b1');
  const c1 = job(turns, 'c', begun, 'c1');
  await settled();
  expect(begun).toEqual(['a1', 'b1']);
  b1.end();
  await settled();
  expect(begun).toEqual(['a1', 'b1', 'c1']);
  a1.end();
  await settled();
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
  for (const { end } of [a2, c1]) end();
  await Promise.all([a1, a2, b1, c1].map(({ done }) => done));
});

it('knows a user who waits for many, and goes on after one that failed', async () => {
  const turns = new Turns();
  const jobs = Array.from({ length: 4 }, (_, i) => job(turns, 'a', [], `a${i}`));
  expect([turns.isFullFor('a'), turns.isFullFor('b')]).toEqual([true, false]);
  for (const { end } of jobs) end();
  await Promise.all(jobs.map(({ done }) => done));
  expect(turns.isFullFor('a')).toBe(false);
  await expect(turns.with('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.with('a', async () => 2)).toBe(2);
});
