import { expect, test } from 'vitest';
import { MOST_AT_ONCE, simplifiedTrack } from '../../src/actions/tracks.ts';
import type { Fix } from '../../src/domain/events.ts';
import { metresFromLine } from '../../src/domain/simplify.ts';

async function read(line: readonly Fix[], size: number, metres: number): Promise<Fix[]> {
  async function* lots() {
    for (let i = 0; i < line.length; i += size) yield line.slice(i, i + size);
  }
  const left: Fix[] = [];
  const track = { tripId: 'trip_a', startedAt: 0, fixes: lots() };
  for await (const some of simplifiedTrack(track, metres).fixes) left.push(...some);
  return left;
}

function winding(points: number): Fix[] {
  const place = (i: number) => ({ lat: 52 + Math.sin(i / 90) / 50, lng: 4 + i / 9e3 });
  return Array.from({ length: points }, (_, i) => ({
    ...place(i),
    at: i * 1_000,
    accuracyMetres: null,
    speedKmh: null,
  }));
}

/** How far the farthest point is from what is left of the line at its time. */
function worstMetres(line: readonly Fix[], left: readonly Fix[]): number {
  let worst = 0;
  let next = 0;
  for (const fix of line) {
    while ((left[next + 1]?.at ?? Infinity) < fix.at) next += 1;
    const [a = fix, b = a] = [left[next], left[next + 1]];
    worst = Math.max(worst, metresFromLine(fix, a, b));
  }
  return worst;
}

test('a track longer than what is looked at together keeps the promise too, however it is read', async () => {
  const line = winding(3 * MOST_AT_ONCE + 7);
  const left = await read(line, 500, 50);
  expect([left[0], left.at(-1)]).toEqual([line[0], line.at(-1)]);
  expect(new Set(left).size).toBe(left.length);
  expect(left.length).toBeLessThan(line.length / 10);
  expect(worstMetres(line, left)).toBeLessThanOrEqual(50);
  expect(await read(line, 7, 50)).toEqual(left);
});

test.each([0, 1, 2, MOST_AT_ONCE, MOST_AT_ONCE + 1])('of %i points both ends stay, once', async (points) => {
  const line = winding(points);
  const left = await read(line, 100, 10_000);
  expect(left[0]).toBe(line[0]);
  expect(left.at(-1)).toBe(line.at(-1));
  expect(left.length).toBe(Math.min(points, points > MOST_AT_ONCE ? 3 : 2));
});
