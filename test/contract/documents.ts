/** The contract of single documents: ids, contents, sizes, and what a work sees of its own writes. */

import { describe, expect, test } from 'vitest';
import { MOST_DOCUMENT_BYTES } from '../../src/seams/documents.ts';
import type { Docs, Kind, Tx, Work } from '../../src/seams/store.ts';
import { idsOf, opener, put, remove, type OpenStore } from './opened.ts';
import { active, ANNA, car, chunkId, EVERY_KIND, KINDS, NOON, trip } from './samples.ts';

const ODD_IDS = [
  'with space',
  ' lead and trail ',
  "o'brien",
  '"quoted"',
  '100%',
  'under_score',
  'underXscore',
  '*?[a-z]',
  'back\\slash',
  'new\nline',
  'tab\t',
  '.hidden',
  '...',
  '__half',
  '-1',
  '1e3',
  'A',
  'a',
  'e\u0301',
  '\u00e9',
  '\u{1F697}',
  'null',
  '--; DROP TABLE document',
  'x'.repeat(1_500),
  '\u{1F697}'.repeat(375),
];

const IMPOSSIBLE_IDS = [
  '',
  '.',
  '..',
  '__all__',
  'a/b',
  '/',
  'nul\0',
  '\ud800',
  'x'.repeat(1_501),
  '\u00e9'.repeat(751),
];

function* putEvery(tx: Tx): Work<void> {
  const write = <K extends Kind>(kind: K) => tx.put(kind, EVERY_KIND[kind].id, EVERY_KIND[kind].doc);
  for (const kind of KINDS) write(kind);
  yield* tx.getMany([]);
}

export function documentContract(openStore: OpenStore): void {
  const open = opener(openStore);
  const openAnna = async () => (await open()).store.forUser(ANNA);

  describe('documents', () => {
    test('what is not there is null', async () => {
      const anna = await openAnna();
      for (const kind of KINDS) expect(await anna.get(kind, EVERY_KIND[kind].id)).toBeNull();
    });

    test('every kind comes back as it was put, in and outside of a transaction, and after reopening', async () => {
      const { store, reopen } = await open();
      await store.forUser(ANNA).transact(putEvery);
      const expected = KINDS.map((kind) => EVERY_KIND[kind].doc);
      const keys = KINDS.map((kind) => ({ kind, id: EVERY_KIND[kind].id }));
      expect(await store.forUser(ANNA).transact((tx) => tx.getMany(keys))).toEqual(expected);
      const again = (await reopen()).forUser(ANNA);
      for (const kind of KINDS) expect(await again.get(kind, EVERY_KIND[kind].id)).toEqual(EVERY_KIND[kind].doc);
      expect(await again.transact((tx) => tx.getMany(keys))).toEqual(expected);
    });

    test('a document is replaced whole, not merged', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', 't', { ...trip('t'), notes: 'first', purpose: 'visit' });
      await put(anna, 'trip', 't', { ...trip('t'), notes: 'second' });
      expect(await anna.get('trip', 't')).toEqual({ ...trip('t'), notes: 'second' });
    });

    test('a removed document is gone, and removing what is not there is nothing', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', 't', trip('t'));
      await put(anna, 'active', 'trip_start', active(NOON));
      for (const [kind, id] of [
        ['trip', 't'],
        ['active', 'trip_start'],
        ['trip', 'never'],
      ] as const) {
        await remove(anna, kind, id);
        expect(await anna.get(kind, id)).toBeNull();
      }
      expect(await idsOf(anna, 'trip', { order: 'asc', limit: 10 })).toEqual([]);
    });

    test('contents survive whatever people and machines write', async () => {
      const anna = await openAnna();
      const notes = 'Zürich → 東京 🚗 \u0000 \u001f "quotes" \'single\' \\ </script> \u2028 \ud83d\ude97 =SUM(A1)\r\n';
      const numbers = [0, -1, 0.1, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53 - 1, -(2 ** 53 - 1)];
      const odd = { ...trip('t'), notes, more: { numbers, '': [], 'a.b': { 'c/d': null, '`x`': [[1], [[]]] } } };
      await put(anna, 'trip', 't', odd);
      expect(await anna.get('trip', 't')).toEqual(odd);
    });

    test('ids of odd characters are told apart', async () => {
      const anna = await openAnna();
      for (const id of ODD_IDS) await put(anna, 'trip', id, trip(id));
      for (const id of ODD_IDS) expect((await anna.get('trip', id))?.id).toBe(id);
      const ids = await idsOf(anna, 'trip', { order: 'asc', limit: 200 });
      expect(ids.toSorted()).toEqual(ODD_IDS.toSorted());
      await remove(anna, 'trip', '100%');
      expect(await anna.get('trip', 'under_score')).not.toBeNull();
    });

    test.each(IMPOSSIBLE_IDS)('under the id %j there is nothing, and nothing can be put', async (id) => {
      const anna = await openAnna();
      expect(await anna.get('trip', id)).toBeNull();
      expect(await anna.transact((tx) => tx.get('trip', id))).toBeNull();
      await expect(put(anna, 'trip', id, trip(id))).rejects.toThrow(/id/);
      await remove(anna, 'trip', id);
    });

    test('kinds with one document have one id, chunks that of a trip and a window', async () => {
      const anna = await openAnna();
      await expect(put(anna, 'user', 'x', EVERY_KIND.user.doc)).rejects.toThrow(/id/);
      await expect(put(anna, 'active', '', active(NOON))).rejects.toThrow(/id/);
      for (const id of [
        't',
        't/1',
        't/00000000012000x',
        '/000000000120000',
        't/u/000000000120000',
        '../000000000120000',
      ]) {
        await expect(put(anna, 'chunk', id, EVERY_KIND.chunk.doc)).rejects.toThrow(/id/);
        expect(await anna.get('chunk', id)).toBeNull();
      }
      await put(anna, 'chunk', chunkId('with space', 0), EVERY_KIND.chunk.doc);
      expect(await anna.get('chunk', chunkId('with space', 0))).toEqual(EVERY_KIND.chunk.doc);
    });

    test.each(['trip', 'active'] as const)(
      'a %s of the greatest size is kept, one byte more is refused',
      async (kind) => {
        const anna = await openAnna();
        const { id, doc } = EVERY_KIND[kind];
        const sized = (bytes: number, letter: string): Docs[typeof kind] => {
          const filled = (pad: string) => ({ ...doc, pad });
          const room = bytes - JSON.stringify(filled('')).length;
          const letters = Math.floor(room / Buffer.byteLength(letter));
          return filled(letter.repeat(letters) + 'x'.repeat(room - letters * Buffer.byteLength(letter)));
        };
        for (const letter of ['a', 'é', '🚗']) {
          const largest = sized(MOST_DOCUMENT_BYTES, letter);
          await put(anna, kind, id, largest);
          const tooLarge = anna.transact(function* (tx) {
            tx.put('car', 'c', car('c'));
            tx.put(kind, id, sized(MOST_DOCUMENT_BYTES + 1, letter));
            yield* tx.get('car', 'other');
          });
          await expect(tooLarge).rejects.toMatchObject({ name: 'Problem', code: 'too_large' });
          expect(await anna.get(kind, id)).toEqual(largest);
          expect(await anna.get('car', 'c')).toBeNull();
        }
      },
    );
  });

  describe('a work', () => {
    test('sees what it has put and removed, but not in lists', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', 'old', trip('old'));
      const seen = await anna.transact(function* (tx) {
        tx.put('trip', 'new', trip('new'));
        tx.remove('trip', 'old');
        const listed = yield* tx.list('trip', { order: 'asc', limit: 10 });
        const single = yield* tx.get('trip', 'new');
        tx.put('trip', 'new', trip('new', { distanceMetres: 7 }));
        const many = yield* tx.getMany([
          { kind: 'trip', id: 'new' },
          { kind: 'trip', id: 'old' },
          { kind: 'trip', id: 'new' },
        ]);
        return {
          listed: listed.map((row) => row.id),
          single: single?.id,
          many: many.map((doc) => doc?.distanceMetres),
        };
      });
      expect(seen).toEqual({ listed: ['old'], single: 'new', many: [7, undefined, 7] });
      expect(await idsOf(anna, 'trip', { order: 'asc', limit: 10 })).toEqual(['new']);
    });

    test('what it puts last counts', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', 'b', trip('b'));
      await anna.transact(function* (tx) {
        tx.put('trip', 'a', trip('a'));
        tx.remove('trip', 'a');
        tx.remove('trip', 'b');
        tx.put('trip', 'b', trip('b', { distanceMetres: 1 }));
        yield* tx.get('trip', 'a');
      });
      expect(await anna.get('trip', 'a')).toBeNull();
      expect((await anna.get('trip', 'b'))?.distanceMetres).toBe(1);
    });

    test('that throws writes nothing and rejects with its own error', async () => {
      const anna = await openAnna();
      const mine = new Error('mine');
      const work = anna.transact(function* (tx) {
        yield* putEvery(tx);
        throw mine;
      });
      await expect(work).rejects.toBe(mine);
      for (const kind of KINDS) expect(await anna.get(kind, EVERY_KIND[kind].id)).toBeNull();
    });

    test('may catch a read that failed and go on', async () => {
      const anna = await openAnna();
      const said = await anna.transact(function* (tx) {
        let caught = 'nothing';
        try {
          yield* tx.list('trip', { order: 'asc', limit: 0 });
        } catch (error) {
          caught = String(error);
        }
        tx.put('trip', 't', trip('t'));
        return caught;
      });
      expect(said).toMatch(/limit/);
      expect(await anna.get('trip', 't')).not.toBeNull();
    });

    test('may yield its reads itself', async () => {
      const anna = await openAnna();
      await put(anna, 'trip', 't', trip('t'));
      const [got, listed] = await anna.transact(function* () {
        const keys = [{ kind: 'trip', id: 't' } as const, { kind: 'trip', id: 'u' } as const];
        const first = yield { read: 'get', keys };
        const second = yield { read: 'list', kind: 'trip', query: { order: 'asc', limit: 1 } };
        return [first, second];
      });
      expect(got).toEqual([trip('t'), null]);
      expect(listed).toEqual([{ id: 't', sort: NOON, doc: trip('t') }]);
    });

    test('that is over writes and reads no more', async () => {
      const anna = await openAnna();
      const leaked = await anna.transact(function* (tx) {
        yield* tx.get('trip', 't');
        return tx;
      });
      expect(() => leaked.put('trip', 't', trip('t'))).toThrow(/over/);
      expect(() => leaked.remove('trip', 't')).toThrow(/over/);
      expect(() => leaked.get('trip', 't').next()).toThrow(/over/);
      expect(await anna.get('trip', 't')).toBeNull();
    });
  });
}
