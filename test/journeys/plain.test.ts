/** Journeys of people whose phone says little: a start, an end, often not even a place. */

import { describe, expect, test } from 'vitest';
import { drive, WAYS } from '../support/driver.ts';
import { HOME, north } from '../support/places.ts';

const WORK = north(HOME, 20);

describe.each(WAYS)('over %s', (way) => {
  test('start and end only, 4.5 h apart', async () => {
    const jan = await drive(way);
    jan.ticking = true;
    expect(await jan.start('08:00', HOME)).toMatchObject({ code: 'started' });
    expect(await jan.end('12:30', WORK)).toMatchObject({ code: 'finished' });
    await jan.tick('2026-03-03 12:00');
    expect(await jan.book()).toEqual(['08:00–12:30 26.0 km straight_line']);
    expect(await jan.review()).toEqual([]);
    expect(await jan.feed()).toEqual(['created 08:00']);
  });

  test('no position at all', async () => {
    const jan = await drive(way);
    await jan.start('08:00');
    await jan.end('08:40');
    expect(await jan.book()).toEqual(['08:00–08:40 0.0 km unknown, ? unknown_distance']);
    expect(await jan.review()).toEqual(['08:00 trip']);
  });
});
