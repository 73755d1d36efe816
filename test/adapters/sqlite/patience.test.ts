import { expect, test } from 'vitest';
import { put } from '../../contract/opened.ts';
import { ANNA, trip } from '../../contract/samples.ts';
import { openRivals } from './rivals.ts';

test('after 8 s of it the call is refused, and the next one works', async () => {
  const { store, other } = openRivals();
  const anna = store.forUser(ANNA);
  other.exec('BEGIN IMMEDIATE');
  const began = performance.now();
  await expect(put(anna, 'trip', 't', trip('t'))).rejects.toMatchObject({ name: 'Problem', code: 'busy_try_again' });
  expect(performance.now() - began).toBeGreaterThan(7_900);
  expect(performance.now() - began).toBeLessThan(10_000);
  other.exec('ROLLBACK');
  await put(anna, 'trip', 't', trip('t'));
});
