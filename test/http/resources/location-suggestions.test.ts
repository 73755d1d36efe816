import { describe, expect, it } from 'vitest';
import type { Trip } from '../../../src/domain/trips.ts';
import { JAN, PIET } from '../../support/app.ts';
import { tripOf } from '../../support/trips.ts';
import { DAY, fieldsOf, HOUR, NOW, openLogbook } from './logbook.ts';

const CLIENT = { lat: 52.0907, lng: 5.1214 };
const place = (spot: typeof CLIENT, address: string | null = null) => ({ ...spot, address, locationId: null });

/** Each from somewhere else. */
function visitsTo(spot: typeof CLIENT, many: number, daysAgo = 1): Trip[] {
  return Array.from({ length: many }, (_, i) => {
    const startedAt = NOW - (daysAgo + i) * DAY - 4 * HOUR;
    return tripOf({ startedAt, from: place({ lat: 40 + i, lng: daysAgo }), to: place(spot, 'Kade 1, Utrecht') });
  });
}

describe('GET /locations/suggestions', () => {
  it('names what is often visited, and no more once it has a name', async () => {
    const { ask, book, get } = openLogbook();
    await book(...visitsTo(CLIENT, 4), ...visitsTo({ lat: 52.5, lng: 5 }, 2));
    const { status, body } = await get('/locations/suggestions');
    expect([status, body]).toEqual([
      200,
      {
        suggestions: [
          {
            ...CLIENT,
            radius_m: 150,
            visits: 4,
            last_visit_at: new Date(NOW - DAY - 4 * HOUR + 25 * 60_000).toISOString(),
            address: 'Kade 1, Utrecht',
            suggested_kind: expect.any(String),
          },
        ],
        next_cursor: null,
      },
    ]);
    const [{ lat, lng, radius_m }] = body.suggestions;
    const made = await ask(JAN, 'POST', '/locations', { name: 'Klant', lat, lng, radius_m });
    expect(made.status).toBe(201);
    expect(
      (await get('/trips')).body.trips.filter(
        (trip: { to: { location_id: string } }) => trip.to.location_id === made.body.id,
      ),
    ).toHaveLength(4);
    expect((await get('/locations/suggestions')).body.suggestions).toEqual([]);
  });

  it('looks back 400 days', async () => {
    const { book, get } = openLogbook();
    await book(...visitsTo(CLIENT, 3, 398), ...visitsTo({ lat: 52.5, lng: 5 }, 3, 390));
    expect((await get('/locations/suggestions')).body.suggestions.map(({ lat }: typeof CLIENT) => lat)).toEqual([52.5]);
  });

  it('knows nobody else’s trips, and takes no parameters', async () => {
    const { bookFor, get } = openLogbook();
    await bookFor(PIET, ...visitsTo(CLIENT, 3));
    expect((await get('/locations/suggestions')).body).toEqual({ suggestions: [], next_cursor: null });
    expect(fieldsOf(await get('/locations/suggestions?limit=1'))).toEqual(['limit']);
  });
});
