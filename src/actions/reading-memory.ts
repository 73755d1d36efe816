/** What the rules remember of a single odometer reading: taking it out of their memory, and putting it back. */

import type { CarReading } from '../domain/events.ts';
import type { JournalEntry } from '../domain/machine/state.ts';
import type { OdometerReading } from '../domain/odometer-readings.ts';
import type { CarMemory, Odometer } from '../domain/odometer.ts';
import { LIMITS } from '../domain/settings.ts';
import type { Trip } from '../domain/trips.ts';
import type { Tx, Work } from '../seams/store.ts';

type ReadingEntry = JournalEntry & { readonly event: CarReading };

/** What else the car said then, its state for one, stays part of the history. */
export function* forgetReading(tx: Tx, reading: OdometerReading): Work<void> {
  const entry = yield* entryOf(tx, reading);
  if (entry) writeEntry(tx, entry, null);
  yield* changeMemory(tx, reading.carId, function* (known) {
    return { ...known, held: heldBesides(known, reading), odometer: yield* odometerBesides(tx, known, reading) };
  });
}

/** The way back, or from doubt to belief and back: the event says its odometer, and the car's newest value may be this one. */
export function* recallReading(tx: Tx, reading: OdometerReading): Work<void> {
  const entry = yield* entryOf(tx, reading);
  if (entry) writeEntry(tx, entry, reading);
  const { id, at, odometerMetres: metres, suspicious, createdAt } = reading;
  // What was told too late never was in the rules' memory.
  if (createdAt - at > LIMITS.oldestEventMs) return;
  const value = { metres, at, resolutionMetres: entry?.event.resolutionMetres ?? 0 };
  yield* changeMemory(tx, reading.carId, function* (known) {
    const held = heldBesides(known, reading);
    if (!suspicious)
      return { ...known, held, odometer: at < (known.odometer?.at ?? -Infinity) ? known.odometer : value };
    const odometer = yield* odometerBesides(tx, known, reading);
    // Whatever was believed since has settled the doubt.
    if (at < (odometer?.at ?? -Infinity)) return { ...known, held, odometer };
    return { ...known, odometer, held: inOrder([...held, { ...value, readingId: id }]) };
  });
}

function heldBesides({ held }: CarMemory, { id }: OdometerReading): CarMemory['held'] {
  return held.filter(({ readingId }) => readingId !== id);
}

function* odometerBesides(tx: Tx, { odometer }: CarMemory, reading: OdometerReading): Work<Odometer | null> {
  const isIt = odometer?.at === reading.at && odometer.metres === reading.odometerMetres;
  return isIt ? yield* lastOdometer(tx, reading) : odometer;
}

/** Where a trip loses its car, or goes, the car's newest value is no longer what only that trip said. */
export function* forgetOdometer(tx: Tx, before: Trip, after: Trip | null): Work<void> {
  const { id, carId, endOdometerMetres: metres } = before;
  if (carId === null || metres === null || (after?.carId === carId && after.endOdometerMetres === metres)) return;
  yield* changeMemory(tx, carId, function* (known) {
    if (known.odometer?.metres !== metres) return known;
    const last = yield* lastOdometer(tx, { id, carId });
    return last?.metres === metres ? known : { ...known, odometer: last };
  });
}

function* entryOf(tx: Tx, { id }: OdometerReading): Work<ReadingEntry | null> {
  const entry = yield* tx.get('event', id);
  return entry?.event.type === 'car_reading' ? { ...entry, event: entry.event } : null;
}

function writeEntry(tx: Tx, entry: ReadingEntry, reading: OdometerReading | null): void {
  const event = { ...entry.event, odometerMetres: reading?.odometerMetres ?? null };
  if (entry.waiting === 'late_event') return tx.put('event', event.id, { ...entry, event, settled: reading === null });
  tx.put('event', event.id, { ...entry, event, waiting: reading?.suspicious ? 'suspicious_reading' : null });
}

function* changeMemory(tx: Tx, carId: string, change: (known: CarMemory) => Work<CarMemory>): Work<void> {
  const stored = yield* tx.get('memory', 'memory');
  const before = stored?.memory.cars[carId];
  if (!stored || !before) return;
  const known = yield* change(before);
  tx.put('memory', 'memory', {
    ...stored,
    memory: { ...stored.memory, cars: { ...stored.memory.cars, [carId]: known } },
  });
}

function inOrder(held: CarMemory['held']): CarMemory['held'] {
  return held.toSorted((a, b) => a.at - b.at);
}

/** The newest believed value of the car that is left: of a reading, or of a trip's end. A list still shows what goes now. */
function* lastOdometer(tx: Tx, gone: { readonly id: string; readonly carId: string }): Work<Odometer | null> {
  const where = { carId: gone.carId };
  const readings = yield* tx.list('odometer_reading', { order: 'desc', limit: 20, where });
  const trips = yield* tx.list('trip', { order: 'desc', limit: 20, where });
  const values = [
    ...readings
      .filter(({ doc }) => doc.id !== gone.id && !doc.suspicious)
      .map(({ doc }) => ({ metres: doc.odometerMetres, at: doc.at, resolutionMetres: 0 })),
    ...trips.flatMap(({ doc }) =>
      doc.id === gone.id || doc.endOdometerMetres === null
        ? []
        : [{ metres: doc.endOdometerMetres, at: doc.endedAt, resolutionMetres: 0 }],
    ),
  ];
  return values.toSorted((a, b) => b.at - a.at)[0] ?? null;
}
