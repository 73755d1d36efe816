/** How to ask each route for something it grants, one line per route. A route without a line fails the walk by its name. */

import type { Ids } from './world.ts';

export interface Way {
  /** What of the caller's stands for `{id}` in the path. */
  readonly id?: keyof Ids;
  /** What stands for other words in braces. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: (ids: Ids) => string;
  readonly body?: (ids: Ids) => object;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the valid request is answered with, where it is no 2xx. */
  readonly answers?: number;
}

const ONE_PLACE = { name: 'Depot', lat: 51.9, lng: 4.5 };
const SIMULATOR = { provider: 'simulator', odometer_km: 1_000, parked_at: { lat: 52, lng: 5 } };

export const WAYS: Readonly<Record<string, Way>> = {
  'get /trips': { query: ({ car }) => `car_id=${car}` },
  'post /trips': {
    body: ({ car, location }) => ({
      car_id: car,
      started_at: '2026-03-01T08:00:00+01:00',
      ended_at: '2026-03-01T09:00:00+01:00',
      distance_km: 40,
      to: { location_id: location },
    }),
  },
  'post /trips/bulk': { body: ({ trip, car }) => ({ ids: [trip], set: { car_id: car, trip_type: 'P' } }) },
  'get /trips/active': {},
  'get /trips/{id}': { id: 'trip' },
  'patch /trips/{id}': { id: 'trip', body: ({ car }) => ({ car_id: car, notes: 'seen' }) },
  'delete /trips/{id}': { id: 'trip' },
  'get /trips/{id}/track': { id: 'trip' },
  'post /trips/merge': { body: ({ trip, nextTrip }) => ({ ids: [trip, nextTrip] }) },
  'post /trips/{id}/split': { id: 'trip', body: () => ({ at: '2026-03-10T07:10:00Z' }) },
  'post /import': {
    body: ({ car }) => ({
      csv: `started_at,ended_at,distance_km,car\n2026-02-03T08:00:00Z,2026-02-03T09:00:00Z,40,Saab\n`,
      mapping: { car_id: car, cars: { Saab: car } },
    }),
  },
  'get /events': {},
  'get /stats': { query: () => 'year=2026' },
  'get /stats/budget': { query: ({ car }) => `year=2026&car_id=${car}` },
  'get /rates': {},
  'put /rates': {
    body: ({ car }) => ({
      scheme: 'own',
      rates: [{ valid_from: '2026-01-01', per: 'km', amount: 0.21, currency: 'EUR', car_id: car }],
    }),
  },
  'get /locations': {},
  'post /locations': { body: () => ONE_PLACE },
  'get /locations/suggestions': {},
  'get /locations.geojson': {},
  'post /locations.geojson': {
    body: ({ location }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [4.5, 51.9] },
      properties: { id: location },
    }),
  },
  'get /locations/{id}': { id: 'location' },
  'patch /locations/{id}': { id: 'location', body: () => ({ name: 'Depot' }) },
  'delete /locations/{id}': { id: 'location' },
  'get /places': { query: () => 'q=Dam', answers: 503 },
  'get /cars': {},
  'post /cars': { body: () => ({ name: 'Polo' }) },
  'get /cars/{id}': { id: 'car' },
  'patch /cars/{id}': { id: 'car', body: () => ({ name: 'Polo' }) },
  'delete /cars/{id}': { id: 'car' },
  'put /cars/{id}/connection': { id: 'car', body: () => SIMULATOR },
  'delete /cars/{id}/connection': { id: 'car' },
  'post /cars/{id}/connection/test': { id: 'car', body: () => SIMULATOR },
  'post /cars/{id}/readings': { id: 'car', body: () => ({ odometer_km: 48_001 }) },
  'get /odometer-readings': { query: ({ car }) => `car_id=${car}` },
  'post /odometer-readings': { body: ({ car }) => ({ car_id: car, odometer_km: 47_001 }) },
  'get /odometer-readings/{id}': { id: 'reading' },
  'delete /odometer-readings/{id}': { id: 'reading' },
  'get /odometer/compare': { query: ({ car }) => `car_id=${car}` },
  'get /audi/compare': {},
  'post /odometer/calibrate': { body: ({ car }) => ({ car_id: car, odometer_km: 47_001 }), answers: 422 },
  'post /odometer/gaps/{id}/fill': { path: { id: 'gap-none' }, body: () => ({}), answers: 404 },
  'get /months': {},
  'post /months/{month}/close': { path: { month: '2020-01' } },
  'get /reports/verify': {},
  'get /review': {},
  'post /review/{id}': { id: 'review', body: () => ({ action: 'dismiss' }) },
  'get /rules': {},
  'put /rules': {
    body: ({ location }) => ({ rules: [{ when: { ends: [{ location_id: location }] }, trip_type: 'P' }] }),
  },
  'post /rules/preview': {
    body: ({ car }) => ({ rules: [{ when: { car_id: car }, trip_type: 'P' }] }),
  },
  'post /rules/apply': { body: () => ({ from: '2026-01-01' }) },
  'get /reports/trips': { query: ({ car }) => `car_id=${car}` },
  'get /reports/check': { query: ({ car }) => `car_id=${car}` },
  'get /activity': {},
  'post /activity/{id}/undo': { id: 'activity' },
  'get /settings': {},
  'patch /settings': { body: ({ car }) => ({ default_car_id: car }) },
  'get /tokens': {},
  'post /tokens': { body: ({ car }) => ({ label: 'Golf', scopes: ['events'], car_id: car }) },
  'delete /tokens/{id}': { id: 'token' },
  'post /tokens/{id}/rotate': { id: 'token' },
  'get /me': {},
  'get /me/export': {},
  'post /me/import': {
    body: () => ({ format: 'mileage-logbook-export', version: 1, end: { counts: {} } }),
  },
  'delete /me': {},
  'post /webhook/start': { body: () => ({ lat: 52, lng: 5 }) },
  'post /webhook/ping': { body: () => ({ lat: 52, lng: 5 }) },
  'post /webhook/end': { body: () => ({ lat: 52, lng: 5 }) },
  'post /webhook/finalize': {},
  'post /webhook/cancel': {},
  'get /webhook/status': {},
  'post /scheduler/poll-all': { answers: 401 },
  'get /signin': {},
  'get /signin/google': { answers: 302 },
  'get /oauth/google/callback': { answers: 400 },
  'get /signin/link/{token}': { path: { token: 'nobodys' } },
  // What lies in its path is the credential, and this one is none.
  'post /signin/link/{token}': { path: { token: 'nobodys' }, answers: 401 },
  'post /signout': {},
  'get /': {},
  'get /setup': {},
  'get /docs': {},
  'get /openapi.json': {},
  'get /health': {},
  'get /healthz': {},
  'get /ready': {},
  'get /readyz': {},
  'get /version': {},
};
