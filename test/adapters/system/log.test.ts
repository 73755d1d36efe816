/** Log lines: JSON objects, one a line, written once a turn, and never a reason to fail. */

import { describe, expect, it } from 'vitest';
import { lineLog } from '../../../src/adapters/system/log.ts';
import type { Severity } from '../../../src/seams/log.ts';

function kept(least: Severity = 'DEBUG') {
  const writes: string[] = [];
  const log = lineLog((lines) => writes.push(lines), least);
  const lines = (): unknown[] =>
    writes
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { log, writes, lines };
}

const turn = () => new Promise((done) => setImmediate(done));

describe('a log', () => {
  it('writes the lines of a turn at once, in order', async () => {
    const { log, writes, lines } = kept();
    log.write('INFO', 'one', { n: 1 });
    log.write('WARNING', 'two');
    expect(writes).toEqual([]);
    await turn();
    expect(writes).toHaveLength(1);
    expect(lines()).toEqual([
      { severity: 'INFO', time: expect.stringMatching(/^\d{4}-.*Z$/), message: 'one', n: 1 },
      { severity: 'WARNING', time: expect.any(String), message: 'two' },
    ]);
  });

  it('gathers lines that follow closely, and loses none', async () => {
    const { log, writes, lines } = kept();
    for (let n = 0; n < 50; n += 1) {
      log.write('INFO', 'line', { n });
      await turn();
    }
    await new Promise((done) => setTimeout(done, 20));
    expect(lines()).toHaveLength(50);
    expect(lines().map((line) => (line as { n: number }).n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(writes.length).toBeLessThan(25);
  });

  it('hands over what waits when the process ends', () => {
    const { log, lines } = kept();
    log.write('INFO', 'last');
    log.flush();
    expect(lines()).toHaveLength(1);
  });

  it('leaves out what is below its level', () => {
    const { log, writes } = kept('WARNING');
    log.write('INFO', 'quiet');
    log.flush();
    expect(writes).toEqual([]);
  });

  it('holds an error whole, its cause included', () => {
    const { log, lines } = kept();
    log.write('ERROR', 'failed', { error: new Error('outer', { cause: new Error('inner') }) });
    log.flush();
    expect(lines()).toEqual([
      expect.objectContaining({
        error: expect.objectContaining({
          name: 'Error',
          message: 'outer',
          stack: expect.stringContaining('log.test.ts'),
          cause: expect.objectContaining({ message: 'inner' }),
        }),
      }),
    ]);
  });

  it('keeps a line a line, whatever is in it', () => {
    const { log, lines } = kept();
    const around: Record<string, unknown> = {};
    around['self'] = around;
    log.write('INFO', 'line\nbreak "quoted"');
    log.write('INFO', 'a circle', around);
    log.write('INFO', 'a bigint', { n: 1n });
    log.flush();
    expect(lines()).toHaveLength(3);
    expect(lines()[1]).toMatchObject({ message: 'a circle' });
  });
});
