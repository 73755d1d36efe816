/** What is gathered is written in order, each once, never more together than one transaction can well take. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Portions } from '../../src/actions/portions.ts';
import { runs } from '../support/runs.ts';

const MOST = 5;
const MOST_BYTES = 1_000_000;

test('portions hold everything in order, within both bounds, and none is smaller than it must be', async () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.constant(2_000_000)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(sizes, async (items) => {
      const written: (readonly { readonly bytes: number }[])[] = [];
      const portions = new Portions<{ readonly bytes: number }>(MOST, async (portion) => void written.push(portion));
      for (const bytes of items) {
        await portions.add({ bytes }, bytes);
        expect(portions.last).toEqual({ bytes });
      }
      await portions.flush();
      await portions.flush();
      expect(portions.last).toBeUndefined();
      expect(written.flat().map(({ bytes }) => bytes)).toEqual(items);
      for (const [i, portion] of written.entries()) {
        const bytes = portion.reduce((sum, one) => sum + one.bytes, 0);
        expect(portion.length).toBeGreaterThan(0);
        expect(portion.length === 1 || (portion.length <= MOST && bytes <= MOST_BYTES)).toBe(true);
        const next = written[i + 1]?.[0];
        expect(next === undefined || portion.length === MOST || bytes + next.bytes > MOST_BYTES).toBe(true);
      }
    }),
    runs(200, 5_000),
  );
});

test('what could not be written is not written again with what follows', async () => {
  const written: number[][] = [];
  const portions = new Portions<number>(2, async (portion) => {
    if (portion.includes(1)) throw new Error('full');
    written.push([...portion]);
  });
  await portions.add(1, 1);
  await expect(portions.flush()).rejects.toThrow('full');
  await portions.add(2, 1);
  await portions.flush();
  expect(written).toEqual([[2]]);
});
