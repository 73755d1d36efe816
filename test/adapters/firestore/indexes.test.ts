import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listShape, SHAPES, type Shape } from '../../../src/adapters/firestore/shapes.ts';
import { ANNA, EVERY_KIND } from '../../contract/samples.ts';
import { describeFirestore, tempFirestore } from '../../support/firestore.ts';
import { compositesFor, exemptionsFor, groupOverridesFor, sorted, type FieldOverride } from './needed-indexes.ts';
import { bareClient, everything, fill } from './stored.ts';

const declared: { indexes: unknown[]; fieldOverrides: FieldOverride[] } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../firestore.indexes.json'), 'utf8'),
);
const exemptions = declared.fieldOverrides.filter(({ indexes }) => indexes.length === 0);
const overrides = declared.fieldOverrides.filter(({ indexes }) => indexes.length > 0);

describe('the declared indexes', () => {
  test('are one for each list by more than one field, and no other', () => {
    expect(sorted(declared.indexes)).toEqual(sorted(compositesFor(SHAPES)));
    expect(declared.indexes).toHaveLength(22);
  });

  test('hold the one index over all users that is asked for', () => {
    expect(overrides).toEqual(groupOverridesFor(SHAPES));
    expect(overrides).toHaveLength(1);
  });

  test('are missed by a list that is new, and left over by one that is gone', () => {
    const shape: Shape = {
      collection: 'cars',
      scope: 'COLLECTION',
      equal: ['archived'],
      order: { field: 'sort', direction: 'asc' },
    };
    expect(sorted(compositesFor([...SHAPES, shape]))).not.toEqual(sorted(declared.indexes));
    const without = SHAPES.filter((one) => one !== listShape('event', ['waiting'], 'asc'));
    expect(compositesFor(without)).toHaveLength(21);
  });

  test('answer no list that stands in no shape', () => {
    expect(() => listShape('car', ['carId'], 'asc')).toThrow(/no index/);
    expect(listShape('trip', ['needsReview', 'carId'], 'desc')).toBe(
      listShape('trip', ['carId', 'needsReview'], 'desc'),
    );
  });
});

describeFirestore('what is stored and never asked for', () => {
  test('is indexed nowhere', async () => {
    const temp = tempFirestore();
    await fill(temp.store);
    const { id, doc } = EVERY_KIND.trip;
    await temp.store.forUser(ANNA).transact(function* (tx) {
      tx.put('trip', id, { ...doc, carId: 'car_1' });
      yield* tx.getMany([]);
    });
    const fields = new Map<string, Set<string>>();
    for (const [path, stored] of await everything(bareClient(temp))) {
      const collection = path.split('/').at(-2) ?? '';
      fields.set(collection, new Set([...(fields.get(collection) ?? []), ...Object.keys(stored)]));
    }
    expect(fields.size).toBe(21);
    expect(sorted(exemptions)).toEqual(sorted(exemptionsFor(SHAPES, fields)));
  });
});
