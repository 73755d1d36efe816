/** A track on the wire, written as it is read: GeoJSON or GPX. One that stops half-way is not well-formed. */

import { z } from '@hono/zod-openapi';
import type { Fix } from '../../domain/events.ts';
import { isoOf } from '../../domain/units.ts';
import type { Track } from '../../actions/tracks.ts';

export const TrackWire = z
  .object({
    type: z.literal('Feature'),
    geometry: z.object({
      type: z.literal('LineString'),
      coordinates: z.array(z.array(z.number())).openapi({ description: 'Pairs of lng, lat' }),
    }),
    properties: z.object({
      trip_id: z.string(),
      times: z.array(z.string()).openapi({ description: 'One per coordinate' }),
      accuracy_m: z.array(z.number().nullable()),
      speed_kmh: z.array(z.number().nullable()),
    }),
  })
  .openapi('Track');

/** Coordinates go out as they come; of each point only time, accuracy and speed wait for their own lists. */
export async function* geoJson({ tripId, fixes }: Track): AsyncGenerator<string> {
  const times: number[] = [];
  const accuracies: (number | null)[] = [];
  const speeds: (number | null)[] = [];
  yield '{"type":"Feature","geometry":{"type":"LineString","coordinates":[';
  for await (const some of fixes) {
    yield listed(times.length, some, ({ lng, lat }) => [lng, lat]);
    for (const { at, accuracyMetres, speedKmh } of some) {
      times.push(at);
      accuracies.push(accuracyMetres);
      speeds.push(speedKmh);
    }
  }
  yield `]},"properties":{"trip_id":${JSON.stringify(tripId)},"times":[`;
  for (let i = 0; i < times.length; i += TIMES_AT_ONCE) yield listed(i, times.slice(i, i + TIMES_AT_ONCE), isoOf);
  yield `],"accuracy_m":${JSON.stringify(accuracies)},"speed_kmh":${JSON.stringify(speeds)}}}`;
}

const TIMES_AT_ONCE = 2_000;

/** The inside of a JSON list, to go on behind `before` items. */
function listed<T>(before: number, items: readonly T[], toWire: (item: T) => unknown): string {
  const text = items.map((item) => JSON.stringify(toWire(item))).join(',');
  return before > 0 && text !== '' ? `,${text}` : text;
}

/** GPX 1.1; times are what other programs look for in it. */
export async function* gpx({ startedAt, fixes }: Track): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield '<gpx version="1.1" creator="mileage-logbook" xmlns="http://www.topografix.com/GPX/1/1">\n';
  yield `<trk><name>${isoOf(startedAt)}</name><trkseg>\n`;
  for await (const some of fixes) yield some.map(trackPoint).join('');
  yield '</trkseg></trk>\n</gpx>\n';
}

function trackPoint({ lat, lng, at }: Fix): string {
  return `<trkpt lat="${lat.toFixed(7)}" lon="${lng.toFixed(7)}"><time>${isoOf(at)}</time></trkpt>\n`;
}
