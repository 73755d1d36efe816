/** A cursor is opaque, not secret: one that somebody made up is refused like one that was damaged. */

import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { writeCursor } from '../../src/http/wire/lists.ts';
import { jsonOf } from '../support/answers.ts';
import { JAN, testApp } from '../support/app.ts';

function forged(place: string): string {
  return Buffer.from(crc32(place).toString(16).padStart(8, '0') + place).toString('base64url');
}

const LISTS = ['/trips', '/events', '/activity', '/review', '/cars', '/locations', '/odometer-readings', '/tokens'];

it.each(['', 'x', '{', '{}', '[]', '[1]', '[1,2]', '[null,"a"]', '[{},"a"]', '["a",[]]', '[1e999,"a"]', '[1,"a",2]'])(
  'made of %s is refused by its field',
  async (place) => {
    const { app } = testApp();
    for (const path of LISTS) {
      const response = await app.request(`${path}?user=${JAN}&cursor=${forged(place)}`);
      const body = await jsonOf<{ errors: unknown }>(response);
      expect([path, response.status, body.errors]).toMatchObject([path, 400, [{ field: 'cursor' }]]);
    }
  },
);

it.each([
  ['a text where a number is', { sort: 'zzz', id: 'a' }],
  ['an id no document can have', { sort: 5, id: '../a\0' }],
  ['a number beyond all', { sort: Number.MAX_VALUE, id: '' }],
])('of %s begins somewhere, with one’s own', async (_what, cursor) => {
  const { app } = testApp();
  for (const path of LISTS) {
    const response = await app.request(`${path}?user=${JAN}&cursor=${writeCursor(cursor)}`);
    expect([path, response.status]).toEqual([path, 200]);
  }
});
