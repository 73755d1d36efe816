/** The built-in timer: again and again, never twice at once, and it ends when it is told to. */

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { repeat } from '../../../src/adapters/system/timer.ts';

const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

describe('a timer', () => {
  it('never runs twice at once, however long a run takes', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const timer = repeat(1, async () => {
      running += 1;
      most = Math.max(most, running);
      await wait(15);
      running -= 1;
      runs += 1;
    });
    await wait(120);
    await timer.stop();
    expect(most).toBe(1);
    expect(runs).toBeGreaterThan(1);
  });

  it('keeps in step, however long a run takes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const starts: number[] = [];
    const timer = repeat(60_000, async () => {
      starts.push(performance.now());
      await wait(starts.length === 2 ? 70_000 : 40_000);
    });
    await vi.advanceTimersByTimeAsync(300_000);
    const seconds = starts.map((at) => Math.round((at - (starts[0] ?? 0)) / 1_000));
    expect(seconds).toEqual([0, 60, 130, 190]);
    await timer.stop();
  });

  it('stops when what runs has come to its end, and then for good', async () => {
    let runs = 0;
    let finished = 0;
    const timer = repeat(5, async () => {
      runs += 1;
      await wait(40);
      finished += 1;
    });
    await wait(20);
    await timer.stop();
    expect([runs, finished]).toEqual([1, 1]);
    await wait(60);
    expect(runs).toBe(1);
  });
});
